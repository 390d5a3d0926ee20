"""When a fact holds: the times that its sentence, passage and article give it, held against the time asked about.

A fact takes its time from the words nearest to it: its own part of a list, else the last date before it in its
sentence or the first one after it, else the last one named before the sentence, else the article's date.
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from corpus.article import Article
from qa.question.asked import Asked
from qa.question.types import Kind, Window
from qa.ranking.dated import Dated
from qa.ranking.fact import Fact

REPORTED_DAYS = 7
YEAR = 366
LONGER_THAN_A_MONTH = 32
LEADING = 12


class Fit(StrEnum):
    """How a fact's time sits with the question's; `near`: another date stands nearer to it in its sentence."""

    SAME = "same"
    NEAR = "near"
    UNKNOWN = "unknown"
    OTHER = "other"


def time_fit(asked: Asked, fact: Fact) -> Fit:
    """Hold the fact's times against the time asked about; a question that names none fits any."""
    if asked.window is None:
        return Fit.SAME
    nearest, others = fact_times(asked.kind, fact)
    if met := [time for time in nearest if asked.window.meets(time)]:
        is_part = asked.kind is Kind.HOW_MANY and all(_is_season(time, asked.window) for time in met)
        return Fit.NEAR if is_part else Fit.SAME
    if any(asked.window.meets(time) for time in others):
        return Fit.NEAR
    return Fit.OTHER if nearest else Fit.UNKNOWN


def _is_season(time: Window, window: Window) -> bool:
    """Tell whether a time is some months of the year asked about: a half year's count is not the year's.

    A day or a single month tells when something was, and not how long was counted.
    """
    days, whole = (time.last - time.first).days, (window.last - window.first).days
    return days >= LONGER_THAN_A_MONTH and days * 4 < whole * 3 and whole <= YEAR


def fact_times(kind: Kind, fact: Fact) -> tuple[list[Window], list[Window]]:
    """Return the times that a fact holds at, and those that its sentence names further away from it.

    An office is held when the article speaks, and at a date that its sentence begins with or names after the name: one
    in between ("two years after the meeting of December 2021, Director X said") is of something else, and one still to
    come is a plan. A question for a date is about an event, whose sentence and article may both name its time.
    """
    stated, spoken = fact.sentence.times, article_window(fact.article)
    if kind is Kind.WHO and spoken:
        named = [d.window for d in stated if d.start <= LEADING or d.start > fact.start]
        held = [time for time in named if (time.last - time.first).days <= YEAR and time.first <= spoken[0].last]
        return held + spoken, []
    if kind is Kind.WHEN:
        return [d.window for d in stated] + spoken, []
    if not stated:
        last = next((sentence.times[-1].window for sentence in fact.before if sentence.times), None)
        return [last] if last else spoken, spoken
    own = _of_own_part(fact, stated)
    if own:
        return [d.window for d in own], [d.window for d in stated if d.start <= LEADING and d not in own]
    before = [d for d in stated if d.start < fact.end]
    nearest = before[-1] if before else stated[0]
    return [nearest.window], [d.window for d in stated if d is not nearest]


def _of_own_part(fact: Fact, stated: Sequence[Dated]) -> list[Dated]:
    """Return the dates of the fact's part of a list (`…; …; …`) in which other parts have dates of their own."""
    low, high = fact.part
    own = [d for d in stated if low <= d.start < high]
    return own if own and len(own) < len(stated) else []


def article_window(article: Article) -> list[Window]:
    """Return the days an article speaks of: an article of a day also reports on the days before it."""
    if not article.date:
        return []
    before = timedelta(days=REPORTED_DAYS if article.date.day else 0)
    return [Window(article.date.first - before, article.date.last)]
