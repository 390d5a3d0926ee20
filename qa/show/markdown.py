"""Text of others in Markdown: it reads there as it stands in its source, and nothing of it is markup."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from corpus.visible import visible
from qa.result import Basis, Result, Status
from qa.show.messages import say
from qa.show.words import byline, place_of, refusal

# Beyond CommonMark, what tables, formulas, notes, highlights, mentions, emoji and bare links begin with elsewhere.
_MARKUP = re.compile(
    r"""
    [\\`*_{}\[\]<>#|~&$^=]
    | @(?!\d+(?:\s|$))             # a mention, an address; recall@5 is neither
    | (?<=/)/                      # https://
    | (?<=\S)\.(?=[^\W\d_])        # www.example.org
    | :(?=[\w+-]+:)                # :smile:
    | (?<=%)%                      # %% a comment
    | ^[-+:%]                      # a list, a ruler, a definition, a title
    """,
    re.VERBOSE,
)
_ITEM = re.compile(r"^(\(?(?:\d+|[a-z]|[ivxlcdm]+))([.)])(?=\s|$)", re.IGNORECASE)


def escape(text: str) -> str:
    """Return text for one line of Markdown, or for the beginning of one, in which nothing of it is markup."""
    shown = visible(text, inline=True).strip(" ")
    return _ITEM.sub(r"\1\\\2", _MARKUP.sub(r"\\\g<0>", shown))


def strong(text: str) -> str:
    """Return text in bold for the beginning of a line; empty if there is none."""
    shown = escape(text)
    return f"**{shown}**" if shown else ""


def code_span(text: str) -> str:
    """Return text as Markdown code, fenced by more backticks than it holds in a row."""
    shown = visible(text, inline=True)
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    is_trimmed = shown[:1] == shown[-1:] == " " and shown.strip()
    space = " " if is_trimmed or "`" in (shown[:1], shown[-1:]) else ""
    return f"{fence}{space}{shown}{space}{fence}"


def result_to_markdown(result: Result) -> str:
    """Return an answer as Markdown: quotation, source, citation id."""
    lines = [strong(result.question.typed), ""]
    if result.status is not Status.ANSWERED:
        lines += [refusal(result), ""]
    for answer in result.answers or result.evidence:
        lines += [f"### {escape(' '.join(answer.text.split()))}", ""]
        if answer.basis is Basis.BRACKETED:
            lines += [say("bracketed"), ""]
        for citation in answer.citations:
            lines += [f"> {escape(' '.join(citation.sentence.split()))}", ""]
            lines += [f"— {escape(byline(citation))} {code_span(citation.id)}", ""]
    return "\n".join(lines).rstrip() + "\n"


def hits_to_markdown(rows: Sequence[dict[str, Any]]) -> str:
    """Return passages found as a Markdown list."""
    return (
        "".join(
            f"{row['rank']}. {strong(row['title'])} {code_span(place_of(row))}\n\n"
            f"   > {escape(' '.join(row['text'].split()))}\n\n"
            for row in rows
        )
        or say("no_hits") + "\n"
    )


def rows_to_markdown(rows: Iterable[tuple[str, str]]) -> str:
    """Return labelled values as a Markdown table."""
    return "| | |\n|---|---|\n" + "".join(f"| {escape(label)} | {escape(value)} |\n" for label, value in rows)
