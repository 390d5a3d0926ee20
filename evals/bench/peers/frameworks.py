"""txtai and Haystack, each set up as its own documentation does for hybrid search and extractive answers."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from evals.bench.peers.systems import PASSAGE, QUERY, Given, read_articles, write_articles
from evals.bench.peers.task import DEPTH, PASSAGES_READ, Corpus


class Txtai:
    """`Embeddings(hybrid=True, content=True)` with E5's prefixes as `instructions`; `Extractor` with its defaults.

    The extractor joins the three best passages and reads as much of that as the model holds. Its passages are
    recorded on the way: the first that holds the answer is taken for its source, which costs it no time.
    """

    def __init__(self, models: dict[str, Path]) -> None:
        """Import txtai; the encoder is loaded with the index."""
        self._txtai: Any = import_module("txtai")
        self._models = models
        self._embeddings: Any = None

    def get_ready_to_build(self) -> None:
        """Load the encoder."""
        self._embeddings = self._txtai.Embeddings(
            path=str(self._models["e5"]),
            instructions={"query": QUERY, "data": PASSAGE},
            content=True,
            hybrid=True,
        )

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Index the passages by number."""
        self._embeddings.index((number, text) for number, (_, text) in enumerate(corpus.passages))
        self._embeddings.save(str(folder))
        write_articles(corpus, folder)

    def open(self, folder: Path) -> None:
        """Load a stored index, and with it the encoder that its configuration names."""
        self._embeddings = self._txtai.Embeddings()
        self._embeddings.load(str(folder))
        self._articles = read_articles(folder)

    def search(self, question: str, depth: int) -> list[str]:
        """Return the articles of the best passages."""
        return self._articles_of(self._embeddings.search(question, depth))

    def load_reader(self) -> None:
        """Build the extractor on the open index."""
        self._extractor = import_module("txtai.pipeline").Extractor(self, str(self._models["reader"]), output="flatten")

    def batchsearch(self, questions: list[str], limit: int) -> Any:  # noqa: ANN401 - whatever txtai returns
        """Search for the extractor and remember what was found."""
        self._found = self._embeddings.batchsearch(questions, limit)
        return self._found

    def answer(self, question: str, as_of: str | None) -> Given | None:
        """Return the extractor's answer; `as_of` is nothing that txtai knows."""
        try:
            text = self._extractor(question)
        except (TypeError, AttributeError):  # its reader fails where the best span is "no answer" (the first token)
            text = None
        sources = [row for row in self._found[0] if text and text in row["text"]]
        return Given(text.strip(), tuple(self._articles_of(sources)[:1])) if text else None

    def _articles_of(self, rows: Sequence[dict[str, Any]]) -> list[str]:
        return [self._articles[int(row["id"])] for row in rows]


class Haystack:
    """BM25 and E5 over an in-memory store joined by reciprocal ranks; `TransformersExtractiveReader` with its defaults.

    The store is the one of Haystack's tutorials; it is kept on disk by its own `save_to_disk`.
    """

    def __init__(self, models: dict[str, Path]) -> None:
        """Import Haystack; its components load the encoder."""
        self._haystack: Any = import_module("haystack")
        self._memory: Any = import_module("haystack.document_stores.in_memory")
        self._embedders: Any = import_module("haystack_integrations.components.embedders.sentence_transformers")
        self._models = models

    def get_ready_to_build(self) -> None:
        """Load the encoder; Haystack has a component of its own for documents."""
        self._document_embedder = self._embedders.SentenceTransformersDocumentEmbedder(
            model=str(self._models["e5"]), prefix=PASSAGE, normalize_embeddings=True, progress_bar=False
        )
        self._document_embedder.warm_up()

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Embed the documents and write them into a store."""
        documents = [
            self._haystack.Document(content=text, meta={"article": article}) for article, text in corpus.passages
        ]
        store = self._memory.InMemoryDocumentStore()
        store.write_documents(self._document_embedder.run(documents=documents)["documents"])
        folder.mkdir(parents=True, exist_ok=True)
        store.save_to_disk(str(folder / "store.json"))

    def open(self, folder: Path) -> None:
        """Load a stored store and build the pipeline for searching."""
        store = self._memory.InMemoryDocumentStore.load_from_disk(str(folder / "store.json"))
        retrievers: Any = import_module("haystack.components.retrievers.in_memory")
        joiners: Any = import_module("haystack.components.joiners")
        pipeline = self._haystack.Pipeline()
        pipeline.add_component("embedder", self._text_embedder())
        pipeline.add_component("dense", retrievers.InMemoryEmbeddingRetriever(store, top_k=DEPTH))
        pipeline.add_component("bm25", retrievers.InMemoryBM25Retriever(store, top_k=DEPTH))
        pipeline.add_component("joiner", joiners.DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        pipeline.connect("embedder.embedding", "dense.query_embedding")
        pipeline.connect("dense", "joiner")
        pipeline.connect("bm25", "joiner")
        self._pipeline = pipeline

    def _text_embedder(self) -> Any:  # noqa: ANN401 - a component of a library that need not be here
        """Return a new embedder with its model loaded: no component may be in two pipelines."""
        embedder = self._embedders.SentenceTransformersTextEmbedder(
            model=str(self._models["e5"]), prefix=QUERY, normalize_embeddings=True, progress_bar=False
        )
        embedder.warm_up()
        return embedder

    def search(self, question: str, depth: int) -> list[str]:
        """Return the articles of the best passages."""
        return [document.meta["article"] for document in self._find(question, depth)]

    def load_reader(self) -> None:
        """Load the reader."""
        readers: Any = import_module("haystack_integrations.components.readers.transformers")
        self._reader = readers.TransformersExtractiveReader(model=str(self._models["reader"]))
        self._reader.warm_up()

    def answer(self, question: str, as_of: str | None) -> Given | None:
        """Return the reader's best answer from the best passages; `as_of` is nothing that Haystack knows."""
        found = self._reader.run(query=question, documents=self._find(question, PASSAGES_READ))["answers"]
        best = found[0] if found else None
        if best is None or best.data is None:
            return None
        return Given(best.data, (best.document.meta["article"],))

    def _find(self, question: str, depth: int) -> Any:  # noqa: ANN401 - documents of a library that need not be here
        asked = {"embedder": {"text": question}, "bm25": {"query": question}, "joiner": {"top_k": depth}}
        return self._pipeline.run(asked)["joiner"]["documents"]
