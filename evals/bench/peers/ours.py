"""Our own system as it is shipped: encoder, BM25 and reader through `index.build`, `index.search` and `qa.answer`."""

from pathlib import Path

from evals.bench.peers.systems import Given
from evals.bench.peers.task import Corpus
from index.build import build_index
from index.encoder import load_encoder
from index.search import Index, search


class Ours:
    """The shipped int8 models; articles are read from their files, as `qa index` does."""

    def __init__(self, models: dict[str, Path]) -> None:
        """Load the shipped encoder; the models of the peers are not used."""
        self._encoder = load_encoder()

    def get_ready_to_build(self) -> None:
        """Open the encoder's files, which otherwise happens on first use."""
        self._encoder.encode(["a"], kind="passage")

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Read, split, encode, store; `RuntimeError` if the passages are not those that the peers are given."""
        report = build_index([corpus.folder], folder, self._encoder)
        if report.passages != len(corpus.passages):
            raise RuntimeError(f"{report.passages} passages, the peers were given {len(corpus.passages)}")

    def open(self, folder: Path) -> None:
        """Open a stored index."""
        self._index = Index.open(folder)

    def search(self, question: str, depth: int) -> list[str]:
        """Return the articles of the best passages."""
        return [hit.passage.article for hit in search(self._index, self._encoder, question, limit=depth)]

    def load_reader(self) -> None:
        """Load the shipped reader."""
        from qa.answer import Answerer
        from qa.reading.onnx import Reader

        reader = Reader()
        reader.warm()
        self._answerer = Answerer(self._index, self._encoder, reader)

    def answer(self, question: str, as_of: str | None) -> Given | None:
        """Return the first answer, None if the question was refused."""
        answers = self._answerer.ask(question, as_of=as_of).answers
        if not answers:
            return None
        return Given(answers[0].text, tuple(citation.article for citation in answers[0].citations))
