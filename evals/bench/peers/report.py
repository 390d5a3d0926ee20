"""Figures → a Markdown table a subject; a system that is not here stands in each with the reason, and no figure."""

from collections.abc import Sequence
from dataclasses import dataclass

from evals.bench.peers.score import Outcome
from evals.bench.peers.task import PASSAGES_READ, REAL, THREADS, VIQUAD, Corpus

NONE = "–"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the figures it shows, how they are written."""

    heading: str
    keys: tuple[str, ...]
    form: str = "{:.3f}"


RETRIEVAL = tuple(
    Column(f"{heading}{accents}", (f"{kind}_{key}",))
    for kind, accents in (("accented", ""), ("unaccented", ", no accents"))
    for heading, key in (("MRR@10", "mrr"), ("recall@1", "r1"), ("recall@5", "r5"))
)
READING = (
    Column("ViQuAD EM", (f"{VIQUAD}_em",)),
    Column("ViQuAD F1", (f"{VIQUAD}_f1",)),
    Column("ViQuAD right", (f"{VIQUAD}_right",)),
    Column("real articles: F1", (f"{REAL}_f1",)),
    Column("real articles: right", (f"{REAL}_right",)),
    Column("… answered at all", (f"{REAL}_given",)),
    Column("unanswerable: refused", (f"{REAL}_refused",)),
)
COST = (
    Column("cold, to passages, s", ("cold_search_s",), "{:.2f}"),
    Column("cold, to an answer, s", ("cold_answer_s",), "{:.2f}"),
    Column("search p50 / p95, ms", ("search_p50", "search_p95"), "{:.1f}"),
    Column("answer p50 / p95, ms", ("answer_p50", "answer_p95"), "{:.0f}"),
    Column("passages indexed/s", ("passages_s",), "{:.1f}"),
    Column("memory: search / answer / index, MB", ("search_mb", "answer_mb", "index_mb"), "{:.0f}"),
    Column("install, MB", ("install_mb",), "{:.0f}"),
    Column("models beside it, MB", ("models_mb",), "{:.0f}"),
    Column("load before", ("load",), "{:.1f}"),
)


def markdown(outcomes: Sequence[Outcome], corpora: Sequence[Corpus]) -> str:
    """Return the three tables with what they mean."""
    subjects = {"Finding the passage": RETRIEVAL, "Answering": READING, "What it costs": COST}
    tables = [f"**{title}**\n\n{table(outcomes, columns)}" for title, columns in subjects.items()]
    return "\n\n".join([*tables, explain(outcomes, corpora)]) + "\n"


def table(outcomes: Sequence[Outcome], columns: Sequence[Column]) -> str:
    """Return one table, a line a system."""
    heading = ["system", *(column.heading for column in columns)]
    rows = [heading, ["---"] * len(heading)]
    for outcome in outcomes:
        cells = [cell(outcome, column) for column in columns]
        if outcome.missing:
            cells = [outcome.missing.replace("|", "/"), *[NONE] * (len(columns) - 1)]
        label = f"**{outcome.peer.label}**" if outcome.peer.is_ours else outcome.peer.label
        rows.append([label, *cells])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def cell(outcome: Outcome, column: Column) -> str:
    """Write a system's figures of a column; a dash for one that it does not have."""
    found = [outcome.figures.get(key) for key in column.keys]
    if all(value is None for value in found):
        return NONE
    return " / ".join(NONE if value is None else column.form.format(value) for value in found)


def explain(outcomes: Sequence[Outcome], corpora: Sequence[Corpus]) -> str:
    """Return what the figures mean and how the systems were set up."""
    sizes = "; ".join(
        f"{c.name}: {len({article for article, _ in c.passages})} articles, {len(c.passages)} passages, "
        f"{len(c.asked)} questions of which {len(c.to_answer)} answered ({sum(bool(a.answers) for a in c.to_answer)} "
        "answerable)"
        for c in corpora
    )
    versions = "; ".join(f"{o.peer.label}: {o.notes}" for o in outcomes if o.notes)
    lines = (
        f"Same passages to all, those of this project's splitter with title, source and date in front. {sizes}.",
        "Finding: relevant is a passage of the gold context. Right: the top answer has F1 ≥ 0.6 with a gold answer and "
        "comes from a gold article; a refusal counts as wrong there.",
        "The peers use multilingual-e5-small (float32, dequantised from 4 bits, not cut) with its prefixes and the "
        "reader of this project in float32, both on PyTorch as by default; ours its shipped int8 models, with the "
        "confidence threshold fitted on other questions about the same articles. "
        f"Haystack and ours read {PASSAGES_READ} passages, txtai's extractor the three of its default, joined and cut "
        "at 512 tokens. Dense e5 and BM25 have no reader. Only ours is told the date that a few questions come with.",
        f"{THREADS} cores and threads, each system in processes of its own, no network. Cold: a whole Python process, "
        "imports, models, stored index, one question; median. Memory: the most the process ever held. Indexing: "
        "the encoder loaded before; ours reads and splits the files too. Load: of the machine; with other work on it "
        "PyTorch's two threads wait for each other, so only a quiet run says how fast a peer is. Install: the files of "
        "the distributions and of all they require, summed from their metadata (PyTorch for CPU); ours includes its "
        "models.",
        f"Versions: {versions}.",
    )
    return "\n".join(f"- {line}" for line in lines)
