"""What a system has to do to be measured; BM25 alone and dense vectors alone, as their own documentation sets them up.

Peers are no dependencies of this project: they are imported by name, when they are measured and not before.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from evals.bench.peers.task import Corpus

QUERY, PASSAGE = "query: ", "passage: "  # as the card of multilingual-e5-small asks


@dataclass(frozen=True, slots=True)
class Given:
    """An answer and the articles that it is said to come from."""

    text: str
    articles: tuple[str, ...]


class System(Protocol):
    """A system, from its imports to its answers."""

    def __init__(self, models: dict[str, Path]) -> None:
        """Import the libraries, and load the encoder unless opening an index does."""
        ...

    def get_ready_to_build(self) -> None:
        """Load what building needs, so that the time of building is that of the passages."""
        ...

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Index a corpus and store the index in `folder`."""
        ...

    def open(self, folder: Path) -> None:
        """Open a stored index."""
        ...

    def search(self, question: str, depth: int) -> Sequence[str]:
        """Return the articles of the `depth` best passages, best first."""
        ...

    def load_reader(self) -> None:
        """Load the reader, if there is one."""
        ...

    def answer(self, question: str, as_of: str | None) -> Given | None:
        """Return the best answer from the open index, or None if the system gives none."""
        ...


class SearchOnly:
    """A system that finds passages and reads none."""

    def get_ready_to_build(self) -> None:
        """Do nothing: the constructor did all."""

    def load_reader(self) -> None:
        """Do nothing: there is no reader."""

    def answer(self, question: str, as_of: str | None) -> Given | None:
        """Refuse: finding is all it does."""
        raise NotImplementedError


class Bm25s(SearchOnly):
    """BM25 by bm25s with its defaults; it has no Vietnamese stop words, so none are dropped."""

    def __init__(self, models: dict[str, Path]) -> None:
        """Import bm25s; there is no model."""
        self._bm25s: Any = import_module("bm25s")

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Tokenise, score, store."""
        retriever = self._bm25s.BM25()
        retriever.index(self._tokens([text for _, text in corpus.passages]), show_progress=False)
        retriever.save(str(folder), show_progress=False)
        write_articles(corpus, folder)

    def open(self, folder: Path) -> None:
        """Load the stored scores."""
        self._retriever = self._bm25s.BM25.load(str(folder))
        self._articles = read_articles(folder)

    def search(self, question: str, depth: int) -> list[str]:
        """Return the articles of the best passages."""
        depth = min(depth, len(self._articles))
        found, _ = self._retriever.retrieve(self._tokens([question]), k=depth, show_progress=False)
        return [self._articles[int(number)] for number in found[0]]

    def _tokens(self, texts: list[str]) -> Any:  # noqa: ANN401 - a class of a library that need not be here
        return self._bm25s.tokenize(texts, stopwords=None, show_progress=False)


class DenseE5(SearchOnly):
    """multilingual-e5-small in sentence-transformers, cosine over all passages."""

    def __init__(self, models: dict[str, Path]) -> None:
        """Import the library and load the model."""
        library: Any = import_module("sentence_transformers")
        self._search = library.util.semantic_search
        self._model = library.SentenceTransformer(str(models["e5"]), device="cpu")

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Encode and store the vectors."""
        numpy: Any = import_module("numpy")
        folder.mkdir(parents=True, exist_ok=True)
        numpy.save(folder / "vectors.npy", self._encode([PASSAGE + text for _, text in corpus.passages]))
        write_articles(corpus, folder)

    def open(self, folder: Path) -> None:
        """Load the stored vectors."""
        self._vectors = import_module("numpy").load(folder / "vectors.npy")
        self._articles = read_articles(folder)

    def search(self, question: str, depth: int) -> list[str]:
        """Return the articles of the nearest passages."""
        (hits,) = self._search(self._encode([QUERY + question]), self._vectors, top_k=depth)
        return [self._articles[hit["corpus_id"]] for hit in hits]

    def _encode(self, texts: list[str]) -> Any:  # noqa: ANN401 - an array of a library that need not be here
        return self._model.encode(texts, normalize_embeddings=True, show_progress_bar=False)


def write_articles(corpus: Corpus, folder: Path) -> None:
    """Keep the article of each passage beside an index that stores numbers only."""
    (folder / "articles.json").write_text(json.dumps([article for article, _ in corpus.passages]), encoding="utf-8")


def read_articles(folder: Path) -> list[str]:
    """Return the article of each passage of a stored index."""
    articles: list[str] = json.loads((folder / "articles.json").read_text(encoding="utf-8"))
    return articles
