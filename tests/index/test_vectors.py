"""FAISS, checked against plain numpy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import StoreError
from index.files import write_file
from index.store import VECTORS
from index.vectors import VectorIndex, pieces, read_rows

DIMENSION = 16


def unit_rows(seed, count):
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@given(st.integers(0, 999), st.integers(0, 40), st.integers(0, 50), st.data())
def test_a_search_is_a_sort_by_inner_product_of_what_is_allowed(seed, count, limit, data):
    rows, query = unit_rows(seed, count), unit_rows(seed + 1000, 1)
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)), dtype=bool)
    cosines = rows @ query[0]
    ranked = sorted(np.flatnonzero(allowed), key=lambda row: -cosines[row])[:limit]
    found = VectorIndex(rows).search(query, limit, allowed)
    assert [row for row, _ in found] == ranked
    np.testing.assert_allclose([cosine for _, cosine in found], cosines[ranked], atol=1e-5)


@given(st.integers(0, 999), st.integers(1, 40))
def test_without_a_mask_every_row_may_be_found(seed, count):
    rows = unit_rows(seed, count)
    found = VectorIndex(rows).search(rows[:1], count)
    assert sorted(row for row, _ in found) == list(range(count))
    assert found[0][0] == 0


def test_an_empty_index_finds_nothing():
    index = VectorIndex(np.zeros((0, DIMENSION), dtype=np.float32))
    assert index.search(unit_rows(0, 1), 5) == index.search(unit_rows(0, 1), 5, np.zeros(0, dtype=bool)) == []


def test_nothing_allowed_finds_nothing():
    assert VectorIndex(unit_rows(0, 9)).search(unit_rows(1, 1), 5, np.zeros(9, dtype=bool)) == []


@pytest.mark.parametrize("count", [0, 1, 33])
def test_what_was_saved_is_read_back_bit_for_bit(tmp_path, count):
    rows = unit_rows(7, count)
    write_file(tmp_path / VECTORS, pieces(rows))
    read = read_rows(tmp_path, passages=count, dimension=DIMENSION, root=tmp_path)
    np.testing.assert_array_equal(read, rows)
    index = VectorIndex(read)
    assert (index.size, index.dimension) == rows.shape
    np.testing.assert_array_equal(index.rows(), rows)


@pytest.mark.parametrize("wrong", [np.inf, 1e30])
def test_rows_that_are_no_unit_rows_are_said_to_be_wrong(wrong):
    rows = unit_rows(3, 5)
    rows[2, 0] = wrong
    with pytest.raises(StoreError, match="--rebuild"):
        VectorIndex(rows).search(np.abs(unit_rows(4, 1)), 5)


def test_rows_of_which_none_can_be_compared_are_said_to_be_wrong():
    with pytest.raises(StoreError, match="--rebuild"):
        VectorIndex(np.full((5, DIMENSION), np.nan, dtype=np.float32)).search(unit_rows(4, 1), 3)


@pytest.mark.parametrize("short", [1, 4, 4 * DIMENSION])
def test_a_file_of_another_size_is_refused(tmp_path, short):
    data = next(pieces(unit_rows(7, 3)))
    write_file(tmp_path / VECTORS, [data[:-short]])
    with pytest.raises(ValueError, match=r"reshape|multiple of element size"):
        read_rows(tmp_path, passages=3, dimension=DIMENSION, root=tmp_path)
