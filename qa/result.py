"""What comes of a question: its status, its answers with their citations, and what the program saw on the way."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from qa.question.types import Merger
from qa.wording.former_names import to_tell

if TYPE_CHECKING:
    from index.search import Hit
    from qa.citing.citation import Citation
    from qa.question.types import Question
    from qa.ranking.candidates import Candidate, Group

PASSAGES_OFFERED = 3


class Basis(StrEnum):
    """Why an answer is given for the time asked about; `bracketed`: it is stated before that time and after it."""

    STATED = "stated"
    BRACKETED = "bracketed"


class Status(StrEnum):
    """The four outcomes of a question."""

    ANSWERED = "answered"
    OTHER_TIME = "other_time"
    NOT_STATED = "not_stated"
    NOTHING_FOUND = "nothing_found"


@dataclass(frozen=True, slots=True)
class Answer:
    """One distinct answer: its text as it stands in its best source, and all its sources."""

    text: str
    confidence: float
    date: str | None
    citations: "tuple[Citation, ...]"
    basis: Basis = Basis.STATED

    def to_json(self) -> dict[str, Any]:
        """Return the fields of the JSON contract."""
        return {
            "text": self.text,
            "confidence": round(self.confidence, 4),
            "date": self.date,
            "basis": str(self.basis),
            "citations": [citation.to_json() for citation in self.citations],
        }


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a question; `answers` is empty unless `status` is `answered`.

    For whoever asks why: `hits` are the passages read, `candidates` all that the reader saw in them, and `ranked` the
    answers to the question's time before any is refused, best first.
    """

    question: "Question"
    status: Status
    answers: tuple[Answer, ...]
    evidence: tuple[Answer, ...]
    hits: "tuple[Hit, ...]"
    candidates: "tuple[Candidate, ...]"
    ranked: "tuple[Group, ...]"
    unverified: "tuple[Citation, ...]"
    timings_ms: dict[str, float]

    @property
    def passages(self) -> "tuple[Hit, ...]":
        """The passages offered as reading where the subject is there and the fact is not."""
        return self.hits[:PASSAGES_OFFERED] if self.status is Status.NOT_STATED else ()

    @property
    def mergers(self) -> tuple[Merger, ...]:
        """The merged provinces to tell about."""
        return to_tell(self.question.mergers, [c.sentence for answer in self.answers for c in answer.citations])

    def to_json(self, *, result_id: str | None = None) -> dict[str, Any]:
        """Return the JSON contract's object for one question."""
        return {
            "id": result_id,
            "question": self.question.typed,
            "read_as": self.question.read_as,
            "former_names": {merger.present: list(merger.former) for merger in self.mergers},
            "status": str(self.status),
            "as_of": self.question.as_of,
            "answers": [answer.to_json() for answer in self.answers],
            "evidence": [answer.to_json() for answer in self.evidence],
            "passages": [_offered(hit) for hit in self.passages],
            "unverified": [citation.to_json() for citation in self.unverified],
            "timings_ms": self.timings_ms,
        }


def _offered(hit: "Hit") -> dict[str, Any]:
    passage = hit.passage
    return {"article": passage.article, "start": passage.start, "end": passage.end, "text": passage.text}
