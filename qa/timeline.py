"""Who, or what, a subject had at which dates: what passages of many years say, dated, checked and put in order."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from corpus.dates import PartialDate, times
from index.search import Filters
from qa.answer import Answerer
from qa.citation import Citation, cite
from qa.gather import gather
from qa.kinds import OFFICE
from qa.question import Kind, Question, Window, parse_question
from qa.rewrite import reword, understand
from qa.select import Candidate, fact_of, group
from qa.subject import as_question
from qa.when import LEADING, Fact, Fit, article_window, dated, fact_times

MIN_CONFIDENCE = 0.5
MAX_ROWS = 20
SEASON = 92
AMOUNT = re.compile(r"\d+(?:[.,]\d+)*(?:\s*(?:%|phần trăm|nghìn|ngàn|triệu|tỷ|tỉ)(?!\w))*")
PRESENT = re.compile(
    r"(?<!thực )(?<!xuất )(?<!thể )(?<!biểu )(?<!phát )\bhiện\b(?! (?:đại|trường|vật|thực|tượng|hữu|diện))"
    r"|\b(?:lúc này|bây giờ|đến nay)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence that says a value: the days it speaks of (both ends included), how sure that is, where it stands.

    `confidence` is the calibrated probability that it answers; `date_inferred`: no date that is written told the days.
    """

    when: Window
    date_inferred: bool
    confidence: float
    citation: Citation

    @property
    def date(self) -> str:
        """The days as `2018`, `2018-08`, `2018-08-12`, or two of them with `/` between."""
        first, last = ends(self.when)
        return str(first) if first == last else f"{first}/{last}"

    def to_json(self) -> dict[str, Any]:
        """Return the fields of a source in JSON."""
        return {
            "date": self.date,
            "date_inferred": self.date_inferred,
            "confidence": round(self.confidence, 4),
            "citation": self.citation.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Row:
    """A value and its sources by time, between which no source says another value; `key` is equal for equal values."""

    key: str
    sources: tuple[Source, ...]

    @property
    def surest(self) -> Source:
        """The source with the highest confidence."""
        return max(self.sources, key=lambda source: source.confidence)

    @property
    def value(self) -> str:
        """The value as it stands in its surest source, on one line."""
        return " ".join(self.surest.citation.quote.split())

    @property
    def window(self) -> Window:
        """From the first day that a source speaks of to the last."""
        return Window(min(s.when.first for s in self.sources), max(s.when.last for s in self.sources))

    @property
    def first(self) -> PartialDate:
        """The earliest time at which it is stated."""
        return ends(self.sources[0].when)[0]

    @property
    def last(self) -> PartialDate:
        """The latest time at which it is stated."""
        return ends(max((source.when for source in self.sources), key=lambda when: when.last))[1]

    @property
    def date_inferred(self) -> bool:
        """Whether the first or the last time is inferred."""
        outermost = (self.sources[0], max(self.sources, key=lambda source: source.when.last))
        return any(source.date_inferred for source in outermost)

    def to_json(self) -> dict[str, Any]:
        """Return the fields of a row in JSON."""
        return {
            "value": self.value,
            "first": str(self.first),
            "last": str(self.last),
            "date_inferred": self.date_inferred,
            "confidence": round(self.surest.confidence, 4),
            "sources": [source.to_json() for source in self.sources],
        }


@dataclass(frozen=True, slots=True)
class Timeline:
    """What a subject had, by time; `left_out` counts the less sure rows, `undated` what has no date or is only planned.

    `unverified` are the citations that no longer match their files; nothing of theirs is in the rows.
    """

    subject: str
    question: Question
    rows: tuple[Row, ...]
    unverified: tuple[Citation, ...]
    undated: int
    left_out: int
    timings_ms: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        """Return the timeline as one JSON object."""
        return {
            "subject": self.subject,
            "question": self.question.typed,
            "read_as": self.question.read_as,
            "kind": str(self.question.kind),
            "rows": [row.to_json() for row in self.rows],
            "unverified": [citation.to_json() for citation in self.unverified],
            "undated": self.undated,
            "left_out": self.left_out,
            "timings_ms": self.timings_ms,
        }


def build_timeline(
    answerer: Answerer, subject: str, *, limit: int = MAX_ROWS, filters: Filters = Filters()
) -> Timeline:
    """Ask for a subject in many passages and years; `InputError` if it cannot be asked for.

    A statement counts whose confidence reaches the answerer's threshold. At most `limit` rows are kept, the surest.
    """
    began = time.perf_counter()
    question = _asked(subject, answerer.index.postings.count)
    hits = gather(answerer, question, filters)
    found = time.perf_counter()
    candidates = [c for c in answerer.read(question, hits) if c.fit is not Fit.OTHER]
    read = time.perf_counter()
    said, undated = _said(answerer, question, candidates)
    stated, unverified = _checked(said)
    rows = _rows(stated)
    kept = sorted(rows, key=lambda row: -row.surest.confidence)[:limit]
    ended = time.perf_counter()
    return Timeline(
        subject=parse_question(subject).text,
        question=question,
        rows=tuple(row for row in rows if row in kept),
        unverified=tuple(unverified),
        undated=undated,
        left_out=len(rows) - len(kept),
        timings_ms={
            "retrieve": round(1000 * (found - began), 1),
            "read": round(1000 * (read - found), 1),
            "total": round(1000 * (ended - began), 1),
        },
    )


def _asked(subject: str, knows: Callable[[str], int]) -> Question:
    """Return the question for a subject in full words; `typed` is the one for the subject as it was typed."""
    text = parse_question(subject).text
    worded = reword(text, knows)
    if not text.endswith("?"):  # a translation ends in a question mark, whatever it translates
        worded = worded.rstrip("? ")
    return replace(understand(as_question(worded), None, knows), typed=as_question(subject))


def ends(window: Window) -> tuple[PartialDate, PartialDate]:
    """Return the first and last time of a window: years if it is of whole years, months if of months, else days."""
    first, last = window.first, window.last
    is_of_months = first.day == 1 and (last + timedelta(days=1)).day == 1
    parts = 1 if is_of_months and (first.month, last.month) == (1, 12) else 2 if is_of_months else 3
    both = [PartialDate(*(day.year, day.month, day.day)[:parts]) for day in (first, last)]
    return both[0], both[1]


# What they say, and when


@dataclass(frozen=True, slots=True)
class _Said:
    """A candidate that is sure enough, and its days."""

    key: str
    candidate: Candidate
    confidence: float
    when: Window
    date_inferred: bool


def _said(answerer: Answerer, question: Question, candidates: Sequence[Candidate]) -> tuple[list[_Said], int]:
    """Return what is said with enough confidence, surest first, and how much of it has no date."""
    calibration, said, undated = answerer.calibration, [], 0
    for found in group(candidates, calibration):
        for candidate in found.candidates:
            confidence = calibration.confidence(candidate.score)
            if confidence < calibration.threshold:
                continue
            fact = fact_of(candidate.span, candidate.hit.passage, candidate.article)
            if timed := _time_of(question, candidate, fact):
                said.append(_Said(_key(question, candidate, timed[0]), candidate, confidence, *timed))
            else:
                undated += 1
    return sorted(said, key=lambda s: -s.confidence), undated


def _key(question: Question, candidate: Candidate, when: Window) -> str:
    """Return what makes two values the same: of counts the first number ("43 tỉnh" is 43), of dates the days meant."""
    if question.kind is Kind.WHEN:
        return f"{when.first}/{when.last}"
    amount = AMOUNT.search(candidate.span.text) if question.kind is Kind.HOW_MANY else None
    return " ".join(amount[0].split()) if amount else candidate.key


def _time_of(question: Question, candidate: Candidate, fact: Fact) -> tuple[Window, bool] | None:
    """Return a statement's days, its fact's nearest time, else its article's date, and whether they are inferred.

    None if there is neither. A time after the article's own is a plan and is none, unless the question asks when.
    """
    article, is_when = fact.article, question.kind is Kind.WHEN
    own = [d.window for d in dated(candidate.span.text, article)] if is_when else []
    named = next(iter(own or _named_times(question, candidate, fact)), None)
    spoken = Window(article.date.first, article.date.last) if article.date else None
    if named is None:
        return (spoken, article.date_inferred) if spoken else None
    is_plan = bool(spoken and not article.date_inferred and named.first > spoken.last)
    return None if is_plan and not is_when else (named, article.date_inferred and not _is_written(fact, named))


def _named_times(question: Question, candidate: Candidate, fact: Fact) -> list[Window]:
    """Return the times that the words around a fact give it, nearest first.

    An office is held on a day or in a month that its sentence names, or at a time that it begins with; a year later
    in it may be of anything ("cho biết, năm 2010 …"). What is so now is of the article's date.
    """
    is_office = question.kind is Kind.WHO or bool(OFFICE.match(candidate.span.text))
    stated = dated(fact.sentence, fact.article)
    if fact.article.date and not is_office and not stated and PRESENT.search(fact.sentence):
        return []
    nearest, _ = fact_times(Kind.WHO if is_office else question.kind, fact)
    own = [when for when in nearest if when not in article_window(fact.article)]
    if not is_office or not fact.article.date:
        return own
    leading = [d.window for d in stated if d.start <= LEADING]
    return [when for when in own if when in leading or (when.last - when.first).days < SEASON]


def _is_written(fact: Fact, when: Window) -> bool:
    """Tell whether the article's text names that time, its year too."""
    return when in [Window(m.date.first, m.last.last) for m in (*times(fact.before), *times(fact.sentence))]


# Checked and in order


def _checked(said: Sequence[_Said]) -> tuple[list[tuple[str, Source]], list[Citation]]:
    """Cite what is said, surest first, and check it; what doesn't stand in its file any more comes apart.

    A sentence says one value of a time, an article a value of a time once.
    """
    stated: list[tuple[str, Source]] = []
    unverified: list[Citation] = []
    seen: set[tuple[object, ...]] = set()
    for one in said:
        c = one.candidate
        by_sentence, by_article = (c.sentence, one.when), (c.article.id, one.key, one.when)
        if by_sentence in seen or by_article in seen:
            continue
        citation = cite(c.article, c.span.start, c.span.end, within=c.hit.passage)
        if citation.verified:
            seen |= {by_sentence, by_article}
            stated.append((one.key, Source(one.when, one.date_inferred, one.confidence, citation)))
        else:
            unverified.append(citation)
    return stated, unverified


def _rows(stated: Sequence[tuple[str, Source]]) -> list[Row]:
    """Join what says the same into rows by time, broken where a source in between says another value."""
    rows = []
    for key in dict.fromkeys(key for key, _ in stated):
        others = [source.when for other, source in stated if other != key]
        own = sorted((s for k, s in stated if k == key), key=lambda s: (s.when.first, s.when.last, s.citation.id))
        rows += [Row(key, tuple(run)) for run in _runs(own, others)]
    return sorted(rows, key=lambda row: (row.window.first, row.window.last, row.key))


def _runs(sources: Sequence[Source], others: Sequence[Window]) -> Iterator[list[Source]]:
    run: list[Source] = []
    for source in sources:
        if run and any(run[-1].when.last < other.first and other.last < source.when.first for other in others):
            yield run
            run = []
        run.append(source)
    yield run
