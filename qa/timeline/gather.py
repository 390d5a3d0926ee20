"""The passages a timeline is read from: the best of all, and the best of every year that articles have."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index.search import Filters, Hit
from qa.answer import Answerer
from qa.question.types import Question

POOL = 200
DEEP = 12
PER_YEAR = 2
MOST_READ = 24
YEARS_SEARCHED = 6


def gather(answerer: Answerer, question: Question, filters: Filters) -> list[Hit]:
    """Return the best passages of all, then the best of each year of which few are among them: at most `MOST_READ`."""
    pool = answerer.find(question, "hybrid", filters, limit=POOL)
    articles = answerer.index.database.articles_by_passage()
    years = {number: int(when[:4]) for number, when, _ in articles if when}
    chosen, rest = pool[:DEEP], pool[DEEP:]
    for year in _unseen(years, pool, filters):
        rest += _best_of(year, answerer, question, filters, worst=pool[-1].score if pool else 0.0)
    taken = [years.get(hit.number) for hit in chosen]
    for enough in range(1, PER_YEAR + 1):
        for hit in rest:
            of = years.get(hit.number)
            if of and taken.count(of) < enough and hit not in chosen and len(chosen) < MOST_READ:
                chosen.append(hit)
                taken.append(of)
    return chosen


def _unseen(years: dict[int, int], pool: Sequence[Hit], filters: Filters) -> list[int]:
    """Return the newest years that articles have and the passages found don't, within the filters."""
    first = filters.since.year if filters.since else date.min.year
    last = filters.until.year if filters.until else date.max.year
    unseen = set(years.values()) - {years.get(hit.number) for hit in pool}
    return sorted((year for year in unseen if first <= year <= last), reverse=True)[:YEARS_SEARCHED]


def _best_of(year: int, answerer: Answerer, question: Question, filters: Filters, *, worst: float) -> list[Hit]:
    """Search one year: scores are relative to a search's best, and these are worth at most what `worst` is."""
    since = max(filter(None, (filters.since, date(year, 1, 1))))
    until = min(filter(None, (filters.until, date(year, 12, 31))))
    found = answerer.find(question, "hybrid", Filters(since, until, filters.source), limit=PER_YEAR)
    return [replace(hit, score=min(hit.score, worst)) for hit in found]
