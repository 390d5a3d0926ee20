"""The signals, each a rule and its weight: what reader and search say of a candidate, and what speaks against it.

A signal sees the question and one candidate, and nothing of what other signals said. Its value times its weight is what
it adds to the score (logits).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from qa.question.asked import Asked
from qa.ranking import count, kind, names, office
from qa.ranking.candidates import Candidate
from qa.ranking.time import Fit

OTHER_TIME = "other time"


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule: what it sees in a candidate, mostly whether or not, and how many logits that is worth."""

    name: str
    value: Callable[[Asked, Candidate], float]
    weight: float


def said_by_reader(asked: Asked, candidate: Candidate) -> float:
    """What the reader's span scores above "no answer here"."""
    return candidate.span.score


def said_by_search(asked: Asked, candidate: Candidate) -> float:
    """The score of its passage."""
    return candidate.hit.score


def is_of_other_time(asked: Asked, candidate: Candidate) -> bool:
    """What it says holds at another time than the one asked about."""
    return candidate.fit is Fit.OTHER


def is_nearer_another_time(asked: Asked, candidate: Candidate) -> bool:
    """Another time stands nearer to it than the one asked about."""
    return candidate.fit is Fit.NEAR


def is_not_meant(asked: Asked, candidate: Candidate) -> bool:
    """The question means another entry of the list that it stands in."""
    return not candidate.is_meant


SIGNALS = (
    Signal("reader", said_by_reader, 1.0),
    Signal("search", said_by_search, 8.0),
    Signal(OTHER_TIME, is_of_other_time, -4.0),
    Signal("nearer another time", is_nearer_another_time, -1.5),
    Signal("entry not meant", is_not_meant, -20.0),
    # about what is asked
    Signal("no word of it", kind.lacks_word, -15.0),
    Signal("no reason", kind.lacks_reason, -2.5),
    Signal("echo", kind.is_echo, -15.0),
    Signal("echoed place", kind.is_echoed_place, -2.5),
    # who
    Signal("no name", kind.is_no_name, -15.0),
    Signal("office or body", kind.is_office_or_body, -2.5),
    Signal("nobody", kind.is_nobody, -2.5),
    Signal("other office", office.is_other_office, -20.0),
    Signal("swapped", office.is_swapped, -20.0),
    # when
    Signal("no time", kind.is_no_time, -15.0),
    Signal("no day", kind.is_no_day, -2.5),
    # where
    Signal("no place", kind.is_no_place, -15.0),
    Signal("holder", kind.is_holder, -15.0),
    Signal("other place", kind.is_other_place, -2.5),
    # how many
    Signal("no rank", count.is_no_rank, -15.0),
    Signal("without rank", count.is_without_rank, -2.5),
    Signal("no number", count.is_no_number, -15.0),
    Signal("no share", count.is_no_share, -15.0),
    Signal("date", count.is_date, -15.0),
    Signal("no money", count.is_no_money, -15.0),
    Signal("counts other", count.counts_other, -15.0),
    Signal("no unit", count.lacks_unit, -2.5),
    Signal("difference", count.is_difference, -15.0),
    Signal("share of clause", count.share_of_clause, 5.0),
    # what is named
    Signal("opposite", names.is_opposite, -20.0),
    Signal("other person", names.is_of_other_person, -20.0),
    Signal("elsewhere", names.is_elsewhere, -20.0),
    Signal("other ordinal", names.is_of_other_ordinal, -20.0),
    Signal("other province", names.is_of_other_province, -20.0),
    Signal("unnamed", names.is_unnamed, -4.0),
    Signal("named later", names.is_named_later, -4.0),
)


def weigh(asked: Asked, candidates: Iterable[Candidate], signals: Sequence[Signal] = SIGNALS) -> list[Candidate]:
    """Return the candidates with what each signal adds, best first."""
    return best_first(replace(c, because=tuple(_because(asked, c, signals))) for c in candidates)


def best_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return candidates in the order of their scores, equal ones by their passages' rank and their place."""
    return sorted(candidates, key=lambda c: (-c.score, c.hit.number, c.span.start))


def _because(asked: Asked, candidate: Candidate, signals: Sequence[Signal]) -> Iterable[tuple[str, float]]:
    for signal in signals:
        if worth := signal.weight * signal.value(asked, candidate):
            yield signal.name, worth
