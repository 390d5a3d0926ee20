"""The whole way from a question to an answer with verified citations."""

import re
import time
from collections.abc import Sequence
from datetime import timedelta

from rapidfuzz import fuzz

from corpus.dates import PartialDate
from corpus.text import fold, syllables
from index.encoder import Encoder
from index.search import Filters, Hit, Index, Mode, search
from qa.citing.citation import Citation, cite
from qa.question.asked import Asked
from qa.question.types import Kind, Question
from qa.ranking.candidates import Candidate, Group, make_candidates
from qa.ranking.confidence import Calibration, shipped_calibration
from qa.ranking.ranker import MAX_ANSWERS, SHORT_OF_BEST, group
from qa.ranking.signals import OTHER_TIME, weigh
from qa.ranking.time import REPORTED_DAYS, Fit
from qa.reading.spans import SpanReader
from qa.result import Answer, Basis, Result, Status
from qa.vietnamese.people import is_name
from qa.wording.understand import understand

PASSAGES_READ = 5
FOREIGN = 0.07
SURE = 0.6
REPRINTED = 92
TELLING = re.compile(r"\d+|\b(?:không|chưa|chẳng)\b")


class Answerer:
    """An index with the models that search and read it."""

    def __init__(
        self, index: Index, encoder: Encoder, reader: SpanReader, *, calibration: Calibration | None = None,
        passages_read: int = PASSAGES_READ,
    ) -> None:  # fmt: skip
        """Check that index and encoder belong together: `StoreError` if not."""
        index.check_encoder(encoder)
        self._index = index
        self._encoder = encoder
        self._reader = reader
        self._calibration = calibration or shipped_calibration()
        self._passages_read = passages_read

    def ask(
        self, text: str, *, as_of: str | None = None, mode: Mode = "hybrid", filters: Filters = Filters()
    ) -> Result:
        """Answer a question; `InputError` if it cannot be one."""
        began = time.perf_counter()
        asked = Asked(understand(text, as_of, self.index.postings.count))
        hits = self.find(asked.question, mode, filters)
        found = time.perf_counter()
        candidates = self.read(asked, hits)
        ranked = group(_timely(candidates), self._calibration)
        chosen = self._supported(asked, ranked)
        is_sure = any(found.confidence >= SURE for found in chosen)
        if not is_sure and (more := self._find_in_time(asked, mode, filters, hits)):
            hits += more
            candidates += self.read(asked, more)
            ranked = group(_timely(candidates), self._calibration)
            chosen = self._supported(asked, ranked)
        read = time.perf_counter()
        status, answers, unverified = self._conclude(asked, chosen, candidates, hits)
        ended = time.perf_counter()
        return Result(
            question=asked.question,
            status=status,
            answers=answers if status is Status.ANSWERED else (),
            evidence=answers if status is Status.OTHER_TIME else (),
            hits=tuple(hits),
            candidates=tuple(candidates),
            ranked=tuple(ranked),
            unverified=unverified,
            timings_ms={
                "retrieve": round(1000 * (found - began), 1),
                "read": round(1000 * (read - found), 1),
                "total": round(1000 * (ended - began), 1),
            },
        )

    @property
    def index(self) -> Index:
        """The index that is searched."""
        return self._index

    @property
    def reader(self) -> SpanReader:
        """What reads the passages."""
        return self._reader

    @property
    def calibration(self) -> Calibration:
        """What turns a score into a confidence, and the threshold."""
        return self._calibration

    def find(self, question: Question, mode: Mode, filters: Filters, *, limit: int | None = None) -> list[Hit]:
        """Return the passages most likely to answer, best first; as many as are read for an answer if not told."""
        wanted = limit or self._passages_read
        return search(
            self._index, self._encoder, question.text, limit=wanted, mode=mode, filters=filters, also=question.also
        )

    def _find_in_time(self, asked: Asked, mode: Mode, filters: Filters, seen: Sequence[Hit]) -> list[Hit]:
        """Look once more, among articles of the question's time only: others may have crowded them out."""
        if asked.window is None:
            return []
        since = max(filter(None, (filters.since, asked.window.first)))
        until = min(filter(None, (filters.until, asked.window.last + timedelta(days=REPORTED_DAYS))))
        known = {hit.number for hit in seen}
        hits = self.find(asked.question, mode, Filters(since, until, filters.source))
        return [hit for hit in hits if hit.number not in known]

    def read(self, asked: Asked, hits: Sequence[Hit]) -> list[Candidate]:
        """Return all that the reader sees in those passages, weighed, best first."""
        spans = self._reader.read(asked.text, [hit.passage for hit in hits])
        stored = {hit.passage.article: self._index.database.article(hit.passage.article) for hit in hits}
        articles = {key: value.article for key, value in stored.items() if value}
        return weigh(asked, make_candidates(asked, hits, spans, articles))

    def _conclude(
        self, asked: Asked, chosen: Sequence[Group], candidates: Sequence[Candidate], hits: Sequence[Hit]
    ) -> tuple[Status, tuple[Answer, ...], tuple[Citation, ...]]:
        """Return the status, the answers or the evidence of another time, and the citations that no longer stand."""
        status = Status.ANSWERED
        if not chosen:
            status, chosen = self._refuse(asked, candidates, hits)
        answers, unverified = _cite(chosen)
        if status is Status.OTHER_TIME and (held := self._held_throughout(asked, chosen[0], candidates)):
            inferred, _ = _cite([held], Basis.BRACKETED)
            if _are_on_both_sides(asked, inferred):
                status, answers = Status.ANSWERED, inferred
        return (status if answers or not chosen else Status.NOT_STATED), answers, unverified

    def _refuse(self, asked: Asked, candidates: Sequence[Candidate], hits: Sequence[Hit]) -> tuple[Status, list[Group]]:
        """Tell the three ways of not answering apart; the groups are the evidence of another time."""
        elsewhen = [c.without(OTHER_TIME) for c in candidates if c.fit is Fit.OTHER]
        if evidence := self._supported(asked, group(sorted(elsewhen, key=lambda c: -c.score), self._calibration)):
            return Status.OTHER_TIME, evidence
        return (Status.NOTHING_FOUND if self._is_foreign(asked, hits) else Status.NOT_STATED), []

    def _is_foreign(self, asked: Asked, hits: Sequence[Hit]) -> bool:
        """Tell whether no passage shares more than a few common words with the question."""
        scores = self._index.postings.score(asked.text, asked.question.also)[[hit.number for hit in hits]]
        return float(scores.max(initial=0.0)) < FOREIGN * self._index.postings.bound(asked.text)

    def _supported(self, asked: Asked, groups: Sequence[Group]) -> list[Group]:
        """Keep the answers whose confidence reaches the threshold, and that are not far behind the best.

        How things are now is what the newest article says, though an older one may be the surer.
        """
        kept = [g for g in groups if g.confidence >= self._calibration.threshold]
        if asked.question.wants_latest:
            enough = max((g.confidence for g in kept), default=0.0) / 2
            return sorted(kept, key=lambda g: (g.confidence < enough, -self._newest(g, enough)))[:MAX_ANSWERS]
        return [g for g in kept if g.best.score > kept[0].best.score - SHORT_OF_BEST][:MAX_ANSWERS]

    def _newest(self, found: Group, enough: float) -> int:
        """Return the day of the newest article that gives an answer with a confidence of at least `enough`."""
        sure = [c.article.date for c in found.candidates if self._calibration.confidence(c.score) >= enough]
        return max((when.last.toordinal() for when in sure if when), default=0)

    def _held_throughout(self, asked: Asked, best: Group, candidates: Sequence[Candidate]) -> Group | None:
        """Return who held an office before the time asked about and after it, if nobody else is named in between.

        Each side has to be sure enough by itself, and the confidence is that of the less sure side.
        """
        if asked.kind is not Kind.WHO or asked.window is None:
            return None
        sure = [c for c in best.candidates if self._calibration.confidence(c.score) >= self._calibration.threshold]
        earlier = [c for c in sure if c.article.date and c.article.date.last < asked.window.first]
        later = [c for c in sure if c.article.date and c.article.date.first > asked.window.last]
        if not earlier or not later:
            return None
        since = max(c.article.date.last for c in earlier if c.article.date)
        until = min(c.article.date.first for c in later if c.article.date)
        for other in candidates:
            when = other.article.date
            is_between = other.fit is not Fit.OTHER or (when and since <= when.last and when.first <= until)
            if is_between and other.key != best.best.key and other.span.score > 0 and is_name(other.span.text):
                return None
        confidence = self._calibration.confidence(min(earlier[0].score, later[0].score))
        return Group((*earlier, *later), confidence)


def _timely(candidates: Sequence[Candidate]) -> list[Candidate]:
    return sorted((c for c in candidates if c.fit is not Fit.OTHER), key=lambda c: -c.score)


def _are_on_both_sides(asked: Asked, answers: Sequence[Answer]) -> bool:
    """Tell whether different sentences, still standing in their files, say it before the time asked about and after."""
    if asked.window is None or not answers:
        return False
    dated = [(PartialDate.parse(c.date), c.sentence) for c in answers[0].citations if c.date]
    earlier = {sentence for when, sentence in dated if when.last < asked.window.first}
    later = {sentence for when, sentence in dated if when.first > asked.window.last}
    return bool(earlier and later)


def _cite(groups: Sequence[Group], basis: Basis = Basis.STATED) -> tuple[tuple[Answer, ...], tuple[Citation, ...]]:
    """Cite every candidate of every group; an answer none of whose citations verifies is left out.

    Copies of a sentence count once, edited a little or not, and only after checking: if one copy's file was edited,
    the other still stands.
    """
    answers: list[Answer] = []
    unverified: list[Citation] = []
    for found in groups:
        good: list[tuple[Candidate, Citation]] = []
        for candidate in found.candidates:
            citation = cite(candidate.article, candidate.span.start, candidate.span.end, within=candidate.hit.passage)
            if not citation.verified:
                unverified.append(citation)
            elif not any(_is_copy(candidate, known) for known, _ in good):
                good.append((candidate, citation))
        if good:
            citations = tuple(citation for _, citation in good)
            best = citations[0]
            answers.append(Answer(best.quote, found.confidence, best.date, citations, basis))
    return tuple(answers), tuple(unverified)


def _is_copy(one: Candidate, other: Candidate) -> bool:
    """Tell whether a sentence is another one again: to the letter, or reprinted within days with a word changed.

    Other numbers make it another sentence, and so does a denial.
    """
    if syllables(one.sentence) == syllables(other.sentence):
        return True
    first, second = one.article.date, other.article.date
    is_near = first is not None and second is not None and abs((first.first - second.first).days) <= REPORTED_DAYS
    says_the_same = TELLING.findall(one.sentence.casefold()) == TELLING.findall(other.sentence.casefold())
    return is_near and says_the_same and fuzz.ratio(fold(one.sentence), fold(other.sentence)) >= REPRINTED
