"""A citation as others' tools want it: a Vietnamese footnote, Markdown, CSL-JSON (Zotero, pandoc), BibTeX."""

import hashlib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from corpus.article import Article
from corpus.dates import PartialDate
from corpus.text import fold
from corpus.visible import visible
from qa.citing.citation import Citation
from qa.show.forms import Export
from qa.show.json import to_json
from qa.show.markdown import code_span, escape

if TYPE_CHECKING:
    from qa.citing.lookup import Lookup


LATEX = str.maketrans(
    {c: f"\\{c}" for c in "&%$#_"}
    | {
        "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
        "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
        "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    }
)  # fmt: skip
NO_TAGS = str.maketrans("<>{}", "‹›❴❵")  # <i> is set in italics, and {:title: x} in a note is another title
IN_ADDRESS = ":/?#[]@!$&'*+,;=%"  # beside letters and digits; a bracket or a quotation mark could end a link
KEY_WORDS = 4
KEY_DIGITS = 6
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
    quoted = f"dòng {line}: “{_one_line(citation)}”"
    parts = [article.author, title, citation.source, inferred, _address(article), quoted]
    return visible(", ".join(part for part in parts if part), inline=True) + f" [{visible(citation.id, inline=True)}]."


def markdown(article: Article, citation: Citation, line: int) -> str:
    """Return a quotation with its source, the title a link where the article has an address on the web."""
    title = escape(citation.title)
    if address := _address(article):
        title = f"[{title}]({address.replace('&', '&amp;')})"
    told = [escape(article.author or ""), title, escape(citation.source or ""), _numeric(citation), f"dòng {line}"]
    source = " · ".join(part for part in told if part)
    return f"> {escape(' '.join(citation.sentence.split()))}\n>\n> — {source} {code_span(citation.id)}"


def csl(article: Article, citation: Citation, line: int) -> dict[str, Any]:
    """Return a CSL-JSON item (citationstyles.org, csl-data.json); the line and the quote are its note."""
    when = PartialDate.parse(citation.date) if citation.date else None
    parts = [part for part in (when.year, when.month, when.day) if part] if when else []
    item = {
        "id": citation.id,
        "type": "article-newspaper" if citation.source else "document",
        "language": "vi",
        "title": _untagged(citation.title),
        "author": [{"literal": _untagged(article.author)}] if article.author else None,
        "container-title": _untagged(citation.source or ""),
        "issued": {"date-parts": [parts], **({"circa": True} if citation.date_inferred else {})} if parts else None,
        "URL": _address(article),
        "note": _untagged(f"dòng {line}: “{_one_line(citation)}”"),
    }
    return {key: value for key, value in item.items() if value}


def bibtex(article: Article, citation: Citation, line: int) -> str:
    """Return a BibTeX entry (`@misc`, which every style has), keyed by title, date and a hash of the citation."""
    when = PartialDate.parse(citation.date) if citation.date else None
    inferred = f"; ngày {INFERRED}" if citation.date_inferred else ""
    fields = {
        "title": "{" + _latex(citation.title) + "}",
        "author": "{" + _latex(article.author) + "}" if article.author else "",
        "howpublished": _latex(citation.source or ""),
        "year": str(when.year) if when else "",
        "month": str(when.month) if when and when.month else "",
        "day": str(when.day) if when and when.day else "",
        "url": _address(article),
        "language": "vietnamese",
        "note": _latex(f"dòng {line}: “{_one_line(citation)}” [{citation.id}]{inferred}"),
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{_key(citation)},\n{body}}}"


def _key(citation: Citation) -> str:
    words = re.findall(r"[a-z0-9]+", fold(citation.title))[:KEY_WORDS]
    digest = hashlib.sha256(citation.id.encode("utf-8", "backslashreplace")).hexdigest()[:KEY_DIGITS]
    return "-".join([*words, (citation.date or "nd").replace("-", ""), digest])


def _untagged(text: str) -> str:
    """Return text in which citeproc finds no markup and no field."""
    return visible(text, inline=True).translate(NO_TAGS)


def _latex(text: str) -> str:
    """Escape what LaTeX would obey; control characters are shown."""
    return visible(text, inline=True).translate(LATEX)


def _address(article: Article) -> str:
    """Return the article's address on the web as one word that ends no link early; empty if it has none."""
    url = (article.url or "").strip()
    is_web = re.match(r"https?://\w", url, re.IGNORECASE)
    return quote(url, safe=IN_ADDRESS, errors="backslashreplace") if is_web else ""


def _one_line(citation: Citation) -> str:
    return " ".join(citation.quote.split())


def _numeric(citation: Citation) -> str:
    if not citation.date:
        return ""
    when = PartialDate.parse(citation.date)
    written = "/".join(str(part) for part in (when.day, when.month, when.year) if part)
    return f"{written} {INFERRED}" if citation.date_inferred else written
