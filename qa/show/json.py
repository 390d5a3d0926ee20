"""Results as JSON: exact data, in which nothing acts."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from corpus.visible import encoded

if TYPE_CHECKING:
    from index.search import Hit, Index


def to_json(value: object, *, indent: int | None = None) -> str:
    """Serialise for stdout: UTF-8 text, every character that is not seen escaped, so that the value stays exact."""
    return encoded(json.dumps(value, ensure_ascii=False, indent=indent), _json_code, keep="\n")


def _json_code(character: str) -> str:
    return json.dumps(character)[1:-1]


def hits_to_json(index: "Index", hits: "Sequence[Hit]") -> list[dict[str, Any]]:
    """Return passages found, with their article's title, source and date."""
    return [_hit_to_json(index, hit, rank) for rank, hit in enumerate(hits, start=1)]


def _hit_to_json(index: "Index", hit: "Hit", rank: int) -> dict[str, Any]:
    stored = index.database.article(hit.passage.article)
    article = stored.article if stored else None
    return {
        "rank": rank,
        "article": hit.passage.article,
        "path": article.path if article else "",
        "title": (article.title if article else "") or hit.passage.article,
        "source": article.source if article else None,
        "date": str(article.date) if article and article.date else None,
        "date_inferred": bool(article and article.date_inferred),
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.text,
        "score": round(hit.score, 6),
        "cosine": None if hit.cosine is None else round(hit.cosine, 4),
        "bm25": None if hit.bm25 is None else round(hit.bm25, 3),
    }
