"""Who, or what, a subject had at which dates: what passages of many years say, dated, checked and put in order."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.search import Filters
from qa.answer import Answerer
from qa.citing.citation import Citation, cite
from qa.question.asked import Asked
from qa.question.parse import parse_question
from qa.question.types import Kind, Question, Window
from qa.ranking.candidates import Candidate
from qa.ranking.dated import dated
from qa.ranking.fact import Fact
from qa.ranking.ranker import group
from qa.ranking.time import LEADING, Fit, article_window, fact_times
from qa.timeline.gather import gather
from qa.timeline.rows import Row, Source, Timeline
from qa.timeline.subject import as_question
from qa.vietnamese.offices import OFFICE
from qa.wording.reword import reword
from qa.wording.understand import understand

MIN_CONFIDENCE = 0.5
MAX_ROWS = 20
SEASON = 92
AMOUNT = re.compile(r"\d+(?:[.,]\d+)*(?:\s*(?:%|phần trăm|nghìn|ngàn|triệu|tỷ|tỉ)(?!\w))*")
PRESENT = re.compile(
    r"(?<!thực )(?<!xuất )(?<!thể )(?<!biểu )(?<!phát )\bhiện\b(?! (?:đại|trường|vật|thực|tượng|hữu|diện))"
    r"|\b(?:lúc này|bây giờ|đến nay)\b",
    re.IGNORECASE,
)


def build_timeline(
    answerer: Answerer, subject: str, *, limit: int = MAX_ROWS, filters: Filters = Filters()
) -> Timeline:
    """Ask for a subject in many passages and years; `InputError` if it cannot be asked for.

    A statement counts whose confidence reaches the answerer's threshold. At most `limit` rows are kept, the surest.
    """
    began = time.perf_counter()
    asked = Asked(_question(subject, answerer.index.postings.count))
    hits = gather(answerer, asked.question, filters)
    found = time.perf_counter()
    candidates = [c for c in answerer.read(asked, hits) if c.fit is not Fit.OTHER]
    read = time.perf_counter()
    said, undated = _said(answerer, asked, candidates)
    stated, unverified = _checked(said)
    rows = _rows(stated)
    kept = sorted(rows, key=lambda row: -row.surest.confidence)[:limit]
    ended = time.perf_counter()
    return Timeline(
        subject=parse_question(subject).text,
        question=asked.question,
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


def _question(subject: str, knows: Callable[[str], int]) -> Question:
    """Return the question for a subject in full words; `typed` is the one for the subject as it was typed."""
    text = parse_question(subject).text
    worded = reword(text, knows)
    if not text.endswith("?"):  # a translation ends in a question mark, whatever it translates
        worded = worded.rstrip("? ")
    return replace(understand(as_question(worded), None, knows), typed=as_question(subject))


@dataclass(frozen=True, slots=True)
class _Said:
    """A candidate that is sure enough, and its days."""

    key: str
    candidate: Candidate
    confidence: float
    when: Window
    date_inferred: bool


def _said(answerer: Answerer, asked: Asked, candidates: Sequence[Candidate]) -> tuple[list[_Said], int]:
    """Return what is said with enough confidence, surest first, and how much of it has no date."""
    calibration, said, undated = answerer.calibration, [], 0
    for found in group(candidates, calibration):
        for candidate in found.candidates:
            confidence = calibration.confidence(candidate.score)
            if confidence < calibration.threshold:
                continue
            if timed := _time_of(asked, candidate):
                said.append(_Said(_key(asked, candidate, timed[0]), candidate, confidence, *timed))
            else:
                undated += 1
    return sorted(said, key=lambda s: -s.confidence), undated


def _key(asked: Asked, candidate: Candidate, when: Window) -> str:
    """Return what makes two values the same: of counts the first number ("43 tỉnh" is 43), of dates the days meant."""
    if asked.kind is Kind.WHEN:
        return f"{when.first}/{when.last}"
    amount = AMOUNT.search(candidate.span.text) if asked.kind is Kind.HOW_MANY else None
    return " ".join(amount[0].split()) if amount else candidate.key


def _time_of(asked: Asked, candidate: Candidate) -> tuple[Window, bool] | None:
    """Return a statement's days, its fact's nearest time, else its article's date, and whether they are inferred.

    None if there is neither. A time after the article's own is a plan and is none, unless the question asks when.
    """
    fact, article, is_when = candidate.fact, candidate.article, asked.kind is Kind.WHEN
    own = [d.window for d in dated(candidate.span.text, article)] if is_when else []
    named = next(iter(own or _named_times(asked, candidate)), None)
    spoken = Window(article.date.first, article.date.last) if article.date else None
    if named is None:
        return (spoken, article.date_inferred) if spoken else None
    is_plan = bool(spoken and not article.date_inferred and named.first > spoken.last)
    return None if is_plan and not is_when else (named, article.date_inferred and not _is_written(fact, named))


def _named_times(asked: Asked, candidate: Candidate) -> list[Window]:
    """Return the times that the words around a fact give it, nearest first.

    An office is held on a day or in a month that its sentence names, or at a time that it begins with; a year later
    in it may be of anything ("cho biết, năm 2010 …"). What is so now is of the article's date.
    """
    fact, stated = candidate.fact, candidate.fact.sentence.times
    is_office = asked.kind is Kind.WHO or bool(OFFICE.match(candidate.span.text))
    if fact.article.date and not is_office and not stated and PRESENT.search(candidate.sentence):
        return []
    nearest, _ = fact_times(Kind.WHO if is_office else asked.kind, fact)
    own = [when for when in nearest if when not in article_window(fact.article)]
    if not is_office or not fact.article.date:
        return own
    leading = [d.window for d in stated if d.start <= LEADING]
    return [when for when in own if when in leading or (when.last - when.first).days < SEASON]


def _is_written(fact: Fact, when: Window) -> bool:
    """Tell whether the article's text names that time, its year too."""
    said = (fact.sentence, *fact.before)
    return any(named.is_written and named.window == when for sentence in said for named in sentence.times)


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
