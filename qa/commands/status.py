"""What is indexed: counts, dates, model, folders, and how many files changed since."""

from pathlib import Path
from typing import Any

from index.search import Index
from qa.show.messages import say


def describe(index: Index) -> dict[str, Any]:
    """Return what the index holds; `stale` counts files whose size or time is not what it was."""
    stored = list(index.database.articles())
    dates = sorted(s.article.date for s in stored if s.article.date)
    return {
        "index": str(index.directory),
        "created": index.manifest.created,
        "articles": index.manifest.articles,
        "passages": index.manifest.passages,
        "first_date": str(dates[0]) if dates else None,
        "last_date": str(dates[-1]) if dates else None,
        "inferred_dates": sum(s.article.date_inferred for s in stored),
        "undated": sum(s.article.date is None for s in stored),
        "sources": sorted({s.article.source for s in stored if s.article.source}),
        "encoder": index.manifest.encoder,
        "fingerprint": index.manifest.fingerprint,
        "dimension": index.manifest.dimension,
        "roots": list(index.manifest.roots),
        "stale": sum(_is_stale(Path(s.article.path), s.size, s.mtime_ns) for s in stored),
        "dropped": sum(len(s.article.dropped) for s in stored),
    }


def _is_stale(path: Path, size: int, mtime_ns: int) -> bool:
    try:
        state = path.stat()
    except OSError:
        return True
    return (state.st_size, state.st_mtime_ns) != (size, mtime_ns)


def to_rows(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the description as labelled lines in the current language."""
    return [
        (say("index"), found["index"]),
        (say("created"), found["created"]),
        (say("articles"), str(found["articles"])),
        (say("passages"), str(found["passages"])),
        (say("dates"), f"{found['first_date'] or '-'} … {found['last_date'] or '-'}"),
        (say("inferred_dates"), str(found["inferred_dates"])),
        (say("encoder"), f"{found['encoder']} ({found['dimension']}) {found['fingerprint'][:12]}"),
        (say("folders"), "; ".join(found["roots"])),
        (say("stale"), str(found["stale"])),
    ]
