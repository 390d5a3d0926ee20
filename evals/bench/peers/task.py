"""What every system is given, as JSON: passages, questions, models; and which systems there are.

Nothing but the standard library is imported here: a peer's own environment reads it too.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

DEPTH = 10
PASSAGES_READ = 5
THREADS = 2
VIQUAD, REAL = "viquad", "real"


@dataclass(frozen=True, slots=True)
class Peer:
    """A system to measure: the module and class that set it up, what its install consists of, whether it answers."""

    name: str
    label: str
    adapter: str
    distributions: tuple[str, ...]
    models: tuple[str, ...]
    reads: bool
    is_ours: bool = False


PEERS = (
    Peer("bm25s", "BM25 (bm25s)", "systems:Bm25s", ("bm25s",), (), reads=False),
    Peer("e5", "e5-small, dense", "systems:DenseE5", ("sentence-transformers",), ("e5",), reads=False),
    Peer("txtai", "txtai, hybrid", "frameworks:Txtai", ("txtai",), ("e5", "reader"), reads=True),
    Peer(
        "haystack", "Haystack, hybrid", "frameworks:Haystack",
        ("haystack-ai", "sentence-transformers-haystack", "transformers-haystack"), ("e5", "reader"), reads=True,
    ),
    Peer("ours", "ours", "ours:Ours", ("ngoai-vu-qa",), (), reads=True, is_ours=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its gold; no answers means that the articles do not answer it."""

    question: str
    unaccented: str
    answers: tuple[str, ...]
    articles: tuple[str, ...]
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles in `folder` and their passages as `(article, text)`; of `asked`, the first `read` are to be answered."""

    name: str
    folder: Path
    passages: tuple[tuple[str, str], ...]
    asked: tuple[Asked, ...]
    read: int
    is_searched: bool

    @property
    def to_answer(self) -> Sequence[Asked]:
        """The questions to be answered and not only searched for."""
        return self.asked[: self.read]


@dataclass(frozen=True, slots=True)
class Task:
    """All that a system is given; indexes go below `work`."""

    work: Path
    models: dict[str, Path]
    corpora: tuple[Corpus, ...]

    def save(self, path: Path) -> None:
        """Write the task as JSON."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, default=str), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a task back."""
        row = json.loads(path.read_text(encoding="utf-8"))
        models = {name: Path(folder) for name, folder in row["models"].items()}
        return cls(Path(row["work"]), models, tuple(_corpus(corpus) for corpus in row["corpora"]))

    def index(self, peer: str, corpus: str) -> Path:
        """Return the folder of a system's stored index."""
        return self.work / "indexes" / peer / corpus


def _corpus(row: dict[str, Any]) -> Corpus:
    asked = (Asked(**{**a, "answers": tuple(a["answers"]), "articles": tuple(a["articles"])}) for a in row["asked"])
    passages = tuple((article, text) for article, text in row["passages"])
    return Corpus(row["name"], Path(row["folder"]), passages, tuple(asked), row["read"], row["is_searched"])
