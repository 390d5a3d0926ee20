"""Text of others in Markdown, read again by a reader of Markdown: the same structure, the same letters."""

import io
import re
from contextlib import redirect_stdout
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from corpus.article import Article
from corpus.visible import visible
from qa.citing.citation import Citation
from qa.citing.lookup import Lookup
from qa.question.parse import parse_question
from qa.result import Answer, Basis, Result, Status
from qa.show.export import markdown
from qa.show.lookup import show_lookups
from qa.show.markdown import code_span, escape, hits_to_markdown, result_to_markdown, rows_to_markdown, strong
from qa.show.timeline import to_markdown
from qa.timeline.rows import Row, Source, Timeline

READERS = (MarkdownIt("commonmark"), MarkdownIt("gfm-like", {"linkify": False}))
MARKUP = (
    "- ", "+ ", "* ", "1. ", "1) ", "(a) ", "iv. ", "---", "- - -", "===", "***", "___", "# ", " #", "> ", "|", "|-|",
    "```", "~~~", "    ", "\t", "<b>", "<!--", "&lt;", "&#65;", "<http://a.b>", "https://a.vn/x", "www.a.vn", "x@y.vn",
    "//a.vn", "@5", "[a]: b", "[^1]: x", "![a](b)", "[a](b)", "[ ] ", "~~s~~", "$x$", "\\(",
    ":smile:", ":::", ": d", "%%c%%", "{#id}", "==h==", "\\", "  ", "\n", "\r\n", "\xa0", "\u3000", "\u200b", "\u0301",
    "«", "`", "``", "a", "Đ", "1", ".", "!", "=", "-", "*", "_",
)  # fmt: skip
hostile = st.lists(st.sampled_from(MARKUP), min_size=1, max_size=6).map("".join).filter(str.strip)
PLACES = ("{}", "> {}", "### {}", "   > {}", "1. {}", "a\n\n{}", "> {}\n>\n> — x")
THOROUGH = settings(max_examples=150)


def told(text: str) -> str:
    """Return text as it is to be read in Markdown."""
    return visible(text, inline=True).strip(" ")


def structure(reader: MarkdownIt, text: str) -> list[str]:
    tokens = [part for token in reader.parse(text) for part in (token, *(token.children or ()))]
    return [f"{token.type} {token.tag} {token.level}" for token in tokens]


def leaves(reader: MarkdownIt, text: str) -> list[str]:
    """List the texts of a document, each as a reader sees it."""
    lines = [token.children or () for token in reader.parse(text) if token.type == "inline"]
    return ["".join(part.content for part in line) for line in lines]


@THOROUGH
@given(hostile)
@example("- một\n---\n===")
@example("12. mười hai")
def test_text_is_read_as_it_stands_wherever_a_line_begins(text):
    for reader in READERS:
        for place in PLACES:
            written = place.format(escape(text))
            assert structure(reader, written) == structure(reader, place.format("a")), place
            assert told(text) in leaves(reader, written), place


@THOROUGH
@given(hostile)
def test_text_holds_no_address_that_a_reader_makes_a_link_of(text):
    assert not re.search(r"//|www\.|\w\.[^\W\d_]|\w@(?!\d+(\s|$))", escape(text))


@THOROUGH
@given(st.lists(hostile, min_size=1, max_size=3))
def test_text_stays_in_its_cell(texts):
    head = "| a " * len(texts) + "|\n" + "|---" * len(texts) + "|\n"
    row = "| " + " | ".join(map(escape, texts)) + " |\n"
    assert structure(READERS[1], head + row) == structure(READERS[1], head + head.splitlines()[0] + "\n")
    assert leaves(READERS[1], head + row)[len(texts) :] == [told(text) for text in texts]


@THOROUGH
@given(hostile)
def test_bold_text_is_bold_and_code_is_code(text):
    for reader in READERS:
        written = f"{strong(text)} {code_span(text)} x"
        assert structure(reader, written) == structure(reader, "**a** `a` x")
        _, _, bold, _, space, code, _ = reader.parse(written)[1].children or ()
        assert (bold.content, space.content, code.content) == (told(text), " ", visible(text, inline=True))


@pytest.mark.parametrize("text", ["", " ", "\xa0"])
def test_nothing_in_bold_is_no_ruler(text):
    assert strong(text) == ""


def test_plain_prose_is_not_disfigured():
    prose = "Ông Nguyễn Hoàng Long (Cục trưởng): “Hội nghị ngày 12/8/2018 – lần 19”, 8:30 ở TP Huế; 100%; 1.500 người."
    assert escape(prose) == prose


# Whole documents


def documents(text: str) -> dict[str, str]:
    """Return every document in Markdown that the program writes of a source, its texts all those given."""
    body = f"{text} Long {text}."
    start = body.index("Long", len(text))
    article = Article("a.md", "/a.md", "0" * 64, body, (), title=text, author=text, url=f"https://a.vn/?a&lt;b{text}")
    citation = Citation(
        text, "/a.md", text, text, "2018-08-12", False, start, start + 4, "Long", body, 0, "0" * 64, True
    )  # fmt: skip
    question = replace(parse_question("Ai là Cục trưởng năm 2018?"), typed=text)
    answer = Answer(text, 0.9, "2018-08-12", (citation, citation), Basis.BRACKETED)
    result = Result(question, Status.ANSWERED, (answer, answer), (), (), (), (), (), {})
    assert question.window
    row = Row("k", (Source(question.window, False, 0.9, replace(citation, quote=text)),) * 2)
    hit = {"rank": 1, "title": text, "article": text, "start": 0, "end": 4, "text": body}
    looked_up = io.StringIO()
    with redirect_stdout(looked_up):
        show_lookups([Lookup(citation, article, "exact", 100.0)], "md")
    return {
        "answer": result_to_markdown(result),
        "search": hits_to_markdown([hit, {**hit, "rank": 2}]),
        "rows": rows_to_markdown([(text, text)]),
        "export": markdown(article, citation, 1),
        "timeline": to_markdown(Timeline(text, question, (row, row), (), 0, 0, {})),
        "lookup": looked_up.getvalue(),
    }


PLAIN = documents("a")


@given(hostile)
@example("- một\n---\n===")
def test_a_document_has_the_structure_of_one_that_is_plain_and_says_all_there_is(unseen, text):
    for name, document in documents(text).items():
        assert unseen(document) == [], name
        for reader in READERS:
            assert structure(reader, document) == structure(reader, PLAIN[name]), name
            assert any(told(text) in line for line in leaves(reader, document)), name


@given(hostile)
def test_a_link_leads_to_the_address_of_the_article(text):
    for reader in READERS:
        parts = [part for token in reader.parse(documents(text)["export"]) for part in token.children or ()]
        (link,) = [part.attrs["href"] for part in parts if part.type == "link_open"]
        assert str(link).startswith("https://a.vn/?a&lt;b")
