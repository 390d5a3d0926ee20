"""A citation as others' tools want it: a Vietnamese footnote, Markdown, CSL-JSON (Zotero, pandoc), BibTeX."""

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from corpus.article import Article
from corpus.dates import PartialDate
from corpus.text import fold
from qa.citation import Citation
from qa.messages import visible
from qa.options import Export
from qa.render import code_span, escape, to_json

if TYPE_CHECKING:
    from qa.lookup import Lookup

LATEX = str.maketrans({c: f"\\{c}" for c in "&%$#_{}"} | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}",
                                                         "^": r"\textasciicircum{}"})  # fmt: skip
KEY_WORDS = 4
INFERRED = "(suy ra từ nội dung)"


def write(lookups: "Sequence[Lookup]", form: Export) -> str:
    """Return citations in one of the forms, ending in a line feed; CSL-JSON is one list."""
    if form is Export.CSL:
        return to_json([csl(lookup.article, lookup.citation, lookup.line) for lookup in lookups], indent=2) + "\n"
    forms = {Export.FOOTNOTE: footnote, Export.MARKDOWN: markdown, Export.BIBTEX: bibtex}
    return "\n".join(forms[form](lookup.article, lookup.citation, lookup.line) + "\n" for lookup in lookups)


def footnote(article: Article, citation: Citation, line: int) -> str:
    """Return the footnote of a Vietnamese report: author, “title”, source, date, address, the quote and its line."""
    when = PartialDate.parse(citation.date).in_vietnamese() if citation.date else None
    inferred = f"{when} {INFERRED}" if when and citation.date_inferred else when
    title = f"“{citation.title}”"
    parts = [article.author, title, citation.source, inferred, article.url, f"dòng {line}: “{_one_line(citation)}”"]
    return visible(", ".join(part for part in parts if part), inline=True) + f" [{visible(citation.id, inline=True)}]."


def markdown(article: Article, citation: Citation, line: int) -> str:
    """Return a quotation with its source, the title a link where the article has an address on the web."""
    title = escape(citation.title)
    if article.url and re.fullmatch(r"https?://[^\s()<>]+", article.url):
        title = f"[{title}]({article.url})"
    told = [escape(article.author or ""), title, escape(citation.source or ""), _numeric(citation), f"dòng {line}"]
    source = " · ".join(part for part in told if part)
    return f"> {escape(' '.join(citation.sentence.split()))}\n>\n> — {source} {code_span(citation.id)}"


def csl(article: Article, citation: Citation, line: int) -> dict[str, Any]:
    """Return a CSL-JSON item (citationstyles.org, schema 1.0)."""
    when = PartialDate.parse(citation.date) if citation.date else None
    parts = [part for part in (when.year, when.month, when.day) if part] if when else []
    item = {
        "id": citation.id,
        "type": "article-newspaper" if citation.source else "document",
        "language": "vi",
        "title": citation.title,
        "author": [{"literal": article.author}] if article.author else None,
        "container-title": citation.source,
        "issued": {"date-parts": [parts], **({"circa": True} if citation.date_inferred else {})} if parts else None,
        "URL": article.url,
        "locator": str(line),
        "label": "line",
        "note": _one_line(citation),
    }
    return {key: value for key, value in item.items() if value}


def bibtex(article: Article, citation: Citation, line: int) -> str:
    """Return a BibTeX entry (`@misc`, which every style has), its key made of source, date and title."""
    when = PartialDate.parse(citation.date) if citation.date else None
    inferred = f"; ngày {INFERRED}" if citation.date_inferred else ""
    fields = {
        "title": "{" + _latex(citation.title) + "}",
        "author": "{" + _latex(article.author) + "}" if article.author else "",
        "howpublished": _latex(citation.source or ""),
        "year": str(when.year) if when else "",
        "month": str(when.month) if when and when.month else "",
        "day": str(when.day) if when and when.day else "",
        "url": _address(article.url or ""),
        "language": "vietnamese",
        "note": _latex(f"dòng {line}: “{_one_line(citation)}” [{citation.id}]{inferred}"),
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{_key(citation)},\n{body}}}"


def _key(citation: Citation) -> str:
    words = re.findall(r"[a-z0-9]+", fold(citation.title))[:KEY_WORDS]
    return "-".join([*words, (citation.date or "nd").replace("-", ""), str(citation.start)])


def _latex(text: str) -> str:
    """Escape what LaTeX would obey; control characters are shown."""
    return visible(text, inline=True).translate(LATEX)


def _address(url: str) -> str:
    """Return an address in which no brace or backslash ends the field early."""
    kept = "".join(c for c in url if unicodedata.category(c)[0] != "C" and not c.isspace())
    return "".join(f"%{ord(c):02X}" if c in "{}\\" else c for c in kept)


def _one_line(citation: Citation) -> str:
    return " ".join(citation.quote.split())


def _numeric(citation: Citation) -> str:
    if not citation.date:
        return ""
    when = PartialDate.parse(citation.date)
    written = "/".join(str(part) for part in (when.day, when.month, when.year) if part)
    return f"{written} {INFERRED}" if citation.date_inferred else written
