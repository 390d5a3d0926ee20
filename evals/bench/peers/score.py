"""What the systems gave → figures. A question without an answer counts 0; a system that never ran has no figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from evals.bench.peers.task import DEPTH, VIQUAD, Asked, Corpus, Peer
from evals.metrics import exact_match, f1

RIGHT_F1 = 0.6

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A system's figures, or why it has none; `notes` holds its versions."""

    peer: Peer
    figures: Figures
    missing: str = ""
    notes: str = ""


def retrieval(found: Sequence[Sequence[str]], asked: Sequence[Asked], name: str) -> Figures:
    """Return MRR@10, recall@1 and recall@5; relevant is every passage of a gold article."""
    ranks = [_rank(articles, a.articles) for articles, a in zip(found, asked, strict=True)]
    return {
        f"{name}_mrr": fmean(1 / (rank + 1) if rank is not None else 0.0 for rank in ranks),
        f"{name}_r1": fmean(rank == 0 for rank in ranks),
        f"{name}_r5": fmean(rank is not None and rank < 5 for rank in ranks),
    }


def _rank(articles: Sequence[str], gold: Sequence[str]) -> int | None:
    return next((rank for rank, article in enumerate(articles[:DEPTH]) if article in gold), None)


def answers(given: Sequence[Mapping[str, Any] | None], asked: Sequence[Asked], name: str) -> Figures:
    """Return EM, F1 and the share that is right, of the answerable; and the share refused of the unanswerable."""
    pairs = list(zip(given, asked, strict=True))
    answerable = [(answer["text"] if answer else "", answer, a) for answer, a in pairs if a.answers]
    refusable = [answer is None for answer, a in pairs if not a.answers]
    figures = {
        f"{name}_em": fmean(exact_match(text, a.answers) for text, _, a in answerable),
        f"{name}_f1": fmean(f1(text, a.answers) for text, _, a in answerable),
        f"{name}_right": fmean(is_right(answer, a) for _, answer, a in answerable),
        f"{name}_given": fmean(answer is not None for _, answer, _ in answerable),
    }
    return {**figures, f"{name}_refused": fmean(refusable)} if refusable else figures


def is_right(answer: Mapping[str, Any] | None, asked: Asked) -> bool:
    """Tell whether an answer has F1 ≥ 0.6 with a gold answer and comes from a gold article."""
    if answer is None:
        return False
    return f1(answer["text"], asked.answers) >= RIGHT_F1 and any(a in asked.articles for a in answer["articles"])


def figures(phases: Mapping[str, Any], corpora: Sequence[Corpus]) -> Figures:
    """Bring what the phases of one system measured into one row."""
    out: Figures = {"install_mb": phases["probe"]["install_mb"], "index_mb": phases["index"]["peak_mb"]}
    for corpus in corpora:
        if found := phases["ask"]["search"].get(corpus.name):
            for accents in ("accented", "unaccented"):
                out |= retrieval(found[accents], corpus.asked, accents)
            out |= {f"search_{k}": v for k, v in percentiles(found["ms"]).items()} | {"search_mb": found["peak_mb"]}
            out["passages_s"] = len(corpus.passages) / phases["index"]["seconds"][corpus.name]
        if read := phases["ask"]["answer"].get(corpus.name):
            out |= answers(read["given"], corpus.to_answer, corpus.name)
            if corpus.name == VIQUAD:
                out |= {f"answer_{k}": v for k, v in percentiles(read["ms"]).items()} | {"answer_mb": read["peak_mb"]}
    return out | {f"cold_{phase}_s": seconds for phase, seconds in phases["cold"].items()}


def percentiles(milliseconds: Sequence[float]) -> Figures:
    """Return the median and the 95th percentile."""
    ordered = sorted(milliseconds)
    return {"p50": ordered[len(ordered) // 2], "p95": ordered[int(len(ordered) * 0.95)]}
