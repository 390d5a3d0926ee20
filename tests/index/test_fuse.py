"""Fusion by score, checked against exact fractions."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from index.search import DENSE_WEIGHT, fuse

ROWS = st.integers(0, 12)
COSINES = st.integers(-64, 64).map(lambda number: number / 64)
BM25 = st.integers(1, 640).map(lambda number: number / 64)
DENSE = st.dictionaries(ROWS, COSINES, max_size=8).map(lambda scores: list(scores.items()))
LEXICAL = st.dictionaries(ROWS, BM25, max_size=8).map(lambda scores: list(scores.items()))


def exact(dense, lexical):
    """Return the score of each row: BM25 over the best one, and the cosine stretched from the worst to the best."""
    cosines = {row: Fraction(score) for row, score in dense}
    low, high = min(cosines.values(), default=0), max(cosines.values(), default=0)
    fused = {row: Fraction(score) / Fraction(max(score for _, score in lexical)) for row, score in lexical}
    for row, cosine in cosines.items():
        stretched = (cosine - low) / (high - low) if high > low else Fraction(1)
        fused[row] = fused.get(row, Fraction(0)) + Fraction(DENSE_WEIGHT) * stretched
    return fused


@given(DENSE, LEXICAL)
def test_scores_are_those_of_exact_arithmetic(dense, lexical):
    expected = exact(dense, lexical)
    found = fuse(dense, lexical)
    assert sorted(row for row, _ in found) == sorted(expected)
    assert all(abs(score - expected[row]) < 1e-9 for row, score in found)


@given(DENSE, LEXICAL)
def test_the_best_comes_first_and_equal_scores_stand_by_row(dense, lexical):
    found = fuse(dense, lexical)
    assert found == sorted(found, key=lambda item: (-item[1], item[0]))


@given(DENSE, LEXICAL, ROWS)
def test_a_passage_best_in_both_rankings_wins(dense, lexical, winner):
    better = [(winner, 1.5), *((row, score) for row, score in dense if row != winner)]
    best = [(winner, 20.0), *((row, score) for row, score in lexical if row != winner)]
    assert fuse(better, best)[0][0] == winner


@given(DENSE, LEXICAL, st.randoms(use_true_random=False))
def test_the_order_in_which_the_rankings_are_given_does_not_matter(dense, lexical, random):
    shuffled = random.sample(dense, len(dense)), random.sample(lexical, len(lexical))
    assert fuse(*shuffled) == fuse(dense, lexical)


@given(DENSE, LEXICAL)
def test_the_unit_in_which_bm25_is_measured_does_not_matter(dense, lexical):
    assert fuse(dense, [(row, score * 1024) for row, score in lexical]) == fuse(dense, lexical)


@given(LEXICAL)
def test_a_lexical_ranking_alone_keeps_its_order(lexical):
    assert [row for row, _ in fuse([], lexical)] == [
        row for row, _ in sorted(lexical, key=lambda item: (-item[1], item[0]))
    ]


@given(DENSE)
def test_a_dense_ranking_alone_keeps_its_order(dense):
    assert [row for row, _ in fuse(dense, [])] == [
        row for row, _ in sorted(dense, key=lambda item: (-item[1], item[0]))
    ]


def test_nothing_fused_is_nothing():
    assert fuse([], []) == []
