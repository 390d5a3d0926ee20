"""What is said of an answer in every form: its source, its date, its sentence, why there is none."""

from typing import TYPE_CHECKING, Any

from corpus.dates import PartialDate
from corpus.visible import visible
from qa.result import Result, Status
from qa.show.messages import say

if TYPE_CHECKING:
    from rich.text import Text

    from index.search import Hit
    from qa.citing.citation import Citation


SNIPPET = 240


def refusal(result: Result) -> str:
    """Say why there is no answer; one that was found but no longer stands in its file is no "not stated"."""
    is_stale = result.status is Status.NOT_STATED and result.unverified
    return say("answer_unverified") if is_stale else say(str(result.status))


def marked_sentence(citation: "Citation") -> "Text":
    """Return the sentence with the quote between « » and, on a terminal, bold."""
    from rich.text import Text

    start = citation.start - citation.sentence_start
    end = start + len(citation.quote)
    sentence = citation.sentence
    text = Text(visible(" ".join(sentence[:start].split()) + (" " if sentence[:start][-1:].isspace() else "")))
    text.append(f"«{visible(' '.join(citation.quote.split()))}»", style="bold underline")
    text.append(visible((" " if sentence[end:][:1].isspace() else "") + " ".join(sentence[end:].split())))
    return text


def byline(citation: "Citation") -> str:
    """Return `title · source · date`, saying so where the date was inferred."""
    return source_line(citation.title, citation.source, citation.date, inferred=citation.date_inferred)


def source_line(title: str, source: str | None, date: str | None, *, inferred: bool) -> str:
    """Return `title · source · date`, what is there of them, saying so where the date was inferred."""
    when = _vietnamese_date(date) + (f" ({say('inferred')})" if inferred else "")
    return visible(" · ".join(part for part in (title, source, when) if part), inline=True)


def _vietnamese_date(date: str | None) -> str:
    if not date:
        return say("undated")
    when = PartialDate.parse(date)
    return "/".join(str(part) for part in (when.day, when.month, when.year) if part)


def snippet(hit: "Hit") -> str:
    """Return the beginning of a passage on one line."""
    text = visible(" ".join(hit.passage.text.split()))
    return text if len(text) <= SNIPPET else text[:SNIPPET].rsplit(" ", 1)[0] + " …"


def place_of(row: dict[str, Any]) -> str:
    """Return where a passage found stands: `article#start-end`."""
    return f"{row['article']}#{row['start']}-{row['end']}"
