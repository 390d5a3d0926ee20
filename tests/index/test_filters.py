"""Which articles may answer."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import PartialDate
from index.search import Filters, Index, search

DAYS = st.dates(date(2016, 1, 1), date(2018, 12, 31))
EDGES = st.none() | DAYS


@given(DAYS, st.sampled_from([1, 2, 3]), EDGES, EDGES)
def test_an_article_passes_if_any_day_it_can_mean_lies_in_the_range(day, known, since, until):
    when = PartialDate(*(day.year, day.month, day.day)[:known])
    days = [when.first + timedelta(days=number) for number in range((when.last - when.first).days + 1)]
    expected = any((since is None or since <= day) and (until is None or day <= until) for day in days)
    if since and until and since > until:
        expected = False
    assert Filters(since=since, until=until).allows(str(when), None) is expected


@given(EDGES, EDGES)
def test_an_undated_article_passes_no_date_filter(since, until):
    assert Filters(since=since, until=until).allows(None, "Bản tin") is (since is None and until is None)


@pytest.mark.parametrize("wanted", ["Bản tin", "bản tin", "BAN TIN", "tin Ngoại", "ban tin ngoai vu"])
def test_a_source_passes_by_any_part_of_its_name_however_typed(wanted):
    assert Filters(source=wanted).allows(None, "Bản tin Ngoại vụ")


@pytest.mark.parametrize("source", [None, "", "Báo Cần Thơ"])
def test_another_source_or_none_does_not_pass(source):
    assert not Filters(source="Bản tin").allows("2018", source)


def test_every_filter_must_pass():
    filters = Filters(since=date(2018, 1, 1), source="bản tin")
    assert [filters.allows(*one) for one in (("2018", "Bản tin"), ("2017", "Bản tin"), ("2018", "Báo"))] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_a_filtered_search_finds_only_what_passes(sample_index, encoder, mode):
    index = Index.open(sample_index)
    filters = Filters(since=date(2016, 1, 1), until=date(2016, 12, 31))
    hits = search(index, encoder, "công tác ngoại vụ địa phương", limit=200, mode=mode, filters=filters)
    passed = [s.article.id for s in index.database.articles() if s.article.date.year == 2016]
    assert {hit.passage.article for hit in hits} == set(passed)


def test_a_search_with_nothing_allowed_finds_nothing(sample_index, encoder):
    hits = search(Index.open(sample_index), encoder, "ngoại vụ", limit=5, filters=Filters(since=date(2050, 1, 1)))
    assert hits == []
