"""One question asked → one record: what was found, what was answered, and where it went wrong."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from corpus.article import Passage
from corpus.errors import CorpusError, QaError
from corpus.read import decode, read_bytes
from evals.metrics import exact_match, f1, holds
from evals.questions import EvalQuestion
from index.encoder import Encoder
from index.search import Hit, Index, Mode, search
from qa.answer import Answerer
from qa.citing.citation import Citation
from qa.result import Result
from qa.wording.understand import understand

DEPTH = 20
RIGHT_F1 = 0.6
DIGITS = 6


class Miss(StrEnum):
    """Where an answer was lost, or that one was given where there is none."""

    NONE = ""
    RETRIEVAL = "retrieval"
    READING = "reading"
    SELECTION = "selection"
    INVENTED = "invented"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation judged: from a gold article, standing verbatim in its file, its sentence holding a gold answer."""

    article: str
    start: int
    end: int
    quote: str
    sentence: str
    is_gold_article: bool
    is_verbatim: bool
    is_supported: bool

    @property
    def is_good(self) -> bool:
        """Whether all three hold."""
        return self.is_gold_article and self.is_verbatim and self.is_supported


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was shown."""

    text: str
    confidence: float
    is_right: bool
    citations: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One question's outcome.

    `ranking` holds the best passages as `article#start`, `relevant` those of the whole index that hold a gold answer.
    `confidence` and `is_best_right` are of the best answer before any was refused.
    """

    id: str
    question: str
    kind: str
    answerable: bool
    golds: tuple[str, ...]
    status: str
    answers: tuple[Given, ...]
    ranking: tuple[str, ...]
    relevant: tuple[str, ...]
    exact: float
    f1: float
    confidence: float
    is_best_right: bool
    miss: Miss
    error: str | None = None

    @property
    def is_right(self) -> bool:
        """Whether the top answer is right, or a question that has no answer got none."""
        return self.miss is Miss.NONE

    @property
    def top(self) -> str:
        """The top answer; empty if there is none."""
        return self.answers[0].text if self.answers else ""

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON holds it."""
        return asdict(self)

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Self:
        """Read a record back."""
        answers = tuple(
            Given(**{**given, "citations": tuple(Cited(**cited) for cited in given["citations"])})
            for given in row["answers"]
        )
        lists = {key: tuple(row[key]) for key in ("golds", "ranking", "relevant")}
        return cls(**{**row, **lists, "answers": answers, "miss": Miss(row["miss"])})


@dataclass(frozen=True, slots=True)
class Asker:
    """What a question is asked of."""

    index: Index
    encoder: Encoder
    answerer: Answerer
    mode: Mode = "hybrid"

    def ask(self, question: EvalQuestion) -> tuple[Record, float | None]:
        """Return a question's record and the milliseconds its answer took; an error is a record too, without a time."""
        relevant = self._relevant(question)
        try:
            asked = understand(question.question, question.as_of, self.index.postings.count)
            hits = search(self.index, self.encoder, asked.text, limit=DEPTH, mode=self.mode, also=asked.also)
            result = self.answerer.ask(question.question, as_of=question.as_of, mode=self.mode)
        except QaError as error:
            return _failed(question, relevant, str(error)), None
        return judge(question, result, hits=hits, relevant=relevant), result.timings_ms["total"]

    def _relevant(self, question: EvalQuestion) -> list[str]:
        articles = question.articles or [stored.article.id for stored in self.index.database.articles()]
        return [
            name_of(passage)
            for article in (articles if question.answerable else ())
            for passage, _ in self.index.database.passages_of(article)
            if is_relevant(passage, question)
        ]


def name_of(passage: Passage) -> str:
    """Return how a record names a passage."""
    return f"{passage.article}#{passage.start}"


def is_relevant(passage: Passage, question: EvalQuestion) -> bool:
    """Tell whether a passage is of a gold article and holds a gold answer, token for token."""
    return question.may_cite([passage.article]) and any(holds(passage.text, gold) for gold in question.answers)


def judge(question: EvalQuestion, result: Result, *, hits: Sequence[Hit], relevant: Sequence[str]) -> Record:
    """Compare a result with the gold."""
    answers = tuple(
        Given(
            answer.text,
            round(answer.confidence, DIGITS),
            is_right(question, answer.text, [citation.article for citation in answer.citations]),
            tuple(_judge_citation(question, citation) for citation in answer.citations),
        )
        for answer in result.answers
    )
    top = answers[0].text if answers else ""
    best = result.ranked[0] if result.ranked else None
    return Record(
        id=question.id,
        question=question.question,
        kind=question.kind,
        answerable=question.answerable,
        golds=question.answers,
        status=str(result.status),
        answers=answers,
        ranking=tuple(name_of(hit.passage) for hit in hits),
        relevant=tuple(relevant),
        exact=exact_match(top, question.answers) if answers else 0.0,
        f1=round(f1(top, question.answers), DIGITS) if answers else 0.0,
        confidence=round(best.confidence, DIGITS) if best else 0.0,
        is_best_right=best is not None
        and is_right(question, best.best.span.text, [c.article.id for c in best.candidates]),
        miss=_miss(question, result, answers),
    )


def is_right(question: EvalQuestion, text: str, articles: Sequence[str]) -> bool:
    """Tell whether an answer is right: F1 ≥ 0.6 with a gold answer, and cited to a gold article."""
    return f1(text, question.answers) >= RIGHT_F1 and question.may_cite(articles)


def _miss(question: EvalQuestion, result: Result, answers: Sequence[Given]) -> Miss:
    """Tell where a right answer was lost: its passage never read, read without the span, or another span chosen."""
    if not question.answerable:
        return Miss.INVENTED if answers else Miss.NONE
    if answers and answers[0].is_right:
        return Miss.NONE
    if any(is_right(question, c.span.text, [c.article.id]) for c in result.candidates):
        return Miss.SELECTION
    if any(is_relevant(hit.passage, question) for hit in result.hits):
        return Miss.READING
    return Miss.RETRIEVAL


def _judge_citation(question: EvalQuestion, citation: Citation) -> Cited:
    return Cited(
        article=citation.article,
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
        sentence=" ".join(citation.sentence.split()),
        is_gold_article=question.answerable and question.may_cite([citation.article]),
        is_verbatim=stands_verbatim(citation),
        is_supported=any(holds(citation.sentence, gold) for gold in question.answers),
    )


def stands_verbatim(citation: Citation) -> bool:
    """Read the source file and tell whether the quote stands at its offsets; the system's own check is not asked."""
    path = Path(citation.path)
    try:
        return decode(read_bytes(path), path)[citation.start : citation.end] == citation.quote
    except CorpusError:
        return False


def _failed(question: EvalQuestion, relevant: Sequence[str], error: str) -> Record:
    return Record(
        id=question.id, question=question.question, kind=question.kind, answerable=question.answerable,
        golds=question.answers, status="error", answers=(), ranking=(), relevant=tuple(relevant), exact=0.0, f1=0.0,
        confidence=0.0, is_best_right=False, miss=Miss.ERROR, error=error,
    )  # fmt: skip
