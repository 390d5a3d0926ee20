"""A citation for others' tools: nothing of an article's text is obeyed by LaTeX, Markdown or a terminal."""

import json
import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article
from corpus.dates import PartialDate
from qa.citing.citation import Citation
from qa.citing.lookup import Lookup, differences
from qa.show.export import bibtex, csl, footnote, markdown, write
from qa.show.forms import Export

TEXT = "Ông Nguyễn Hoàng Long nói.\nÔng đi Huế."
ARTICLE = Article(
    "a.md", "/k/a.md", "0" * 64, TEXT, ((0, len(TEXT)),), title="Hội nghị", date=PartialDate(2018, 8, 12),
    source="Báo Mẫu", url="https://example.org/a", author="Ban biên tập",
)  # fmt: skip
CITATION = Citation(
    "a.md", "/k/a.md", "Hội nghị", "Báo Mẫu", "2018-08-12", False, 4, 21, "Nguyễn Hoàng Long",
    "Ông Nguyễn Hoàng Long nói.", 0, "0" * 64, True,
)  # fmt: skip
LOOKUP = Lookup(CITATION, ARTICLE, "exact", 100.0)
HOSTILE = "\\input{x} } { $ # _ & % ~ ^ \x1b[31m [a](http://b) `c` <d> *e*"


def test_a_footnote_says_who_what_where_when_and_which_words():
    told = footnote(ARTICLE, CITATION, 1)
    assert told == (
        "Ban biên tập, “Hội nghị”, Báo Mẫu, ngày 12/8/2018, https://example.org/a, dòng 1: “Nguyễn Hoàng Long” "
        f"[{CITATION.id}]."
    )


def test_a_footnote_of_an_article_without_any_of_that_has_no_holes():
    bare = replace(CITATION, source=None, date=None)
    told = footnote(replace(ARTICLE, source=None, url=None, author=None, date=None), bare, 1)
    assert told.startswith("“Hội nghị”, dòng 1: ")


def test_an_inferred_date_is_said_to_be_inferred_in_every_form():
    inferred = replace(CITATION, date_inferred=True)
    assert "suy ra" in footnote(ARTICLE, inferred, 1)
    assert csl(ARTICLE, inferred, 1)["issued"]["circa"] is True
    assert "suy ra" in markdown(ARTICLE, inferred, 1)
    assert "suy ra" in bibtex(ARTICLE, inferred, 1)


def test_a_csl_item_has_the_fields_of_the_schema_and_no_others():
    (item,) = json.loads(write([LOOKUP], Export.CSL))
    assert set(item) <= {"id", "type", "language", "title", "author", "container-title", "issued", "URL", "note"}
    assert item["type"] == "article-newspaper"
    assert item["issued"]["date-parts"] == [[2018, 8, 12]]
    assert item["container-title"] == "Báo Mẫu"
    assert item["note"] == "dòng 1: “Nguyễn Hoàng Long”"


@pytest.mark.parametrize(("date", "parts"), [("2018-08", [[2018, 8]]), ("2018", [[2018]])])
def test_a_date_of_which_less_is_known_is_not_made_up(date, parts):
    assert csl(ARTICLE, replace(CITATION, date=date), 1)["issued"]["date-parts"] == parts
    assert "day" not in bibtex(ARTICLE, replace(CITATION, date=date), 1)


def test_nothing_in_a_title_is_obeyed_by_latex():
    """BibTeX counts every brace, with a backslash before it or not: an entry's end is where they balance."""
    entry = bibtex(replace(ARTICLE, url="https://x/}{\\"), replace(CITATION, title=HOSTILE, quote=HOSTILE), 1)
    depth = 0
    for place, character in enumerate(entry):
        depth += (character == "{") - (character == "}")
        assert depth > 0 or place < entry.index("{") or place == len(entry) - 1
    assert depth == 0
    assert "\\input" not in entry
    assert all(not re.search(rf"(?<!\\){re.escape(character)}", entry) for character in "$#&_")
    assert "\x1b" not in entry


def test_citeproc_finds_no_markup_and_no_field_in_a_csl_item(unseen):
    """It sets `<i>` in italics, and takes `{:title: x}` in a note for another title."""
    evil = "<i>nghiêng</i> {:title: GIẢ} \x1b\u202e\u200b\U000e0041"
    text = f"{evil} Long"
    article = replace(ARTICLE, author=evil, url=f"https://x/{evil}")
    item = csl(article, replace(CITATION, title=evil, source=evil, quote=text), 1)
    shown = [value for key, value in item.items() if isinstance(value, str) and key != "id"]
    assert len(shown) >= 6
    for value in [*shown, item["author"][0]["literal"]]:
        assert not re.search(r"[<>{}]", value)
        assert unseen(value) == []


@pytest.mark.parametrize("form", list(Export))
def test_nothing_that_is_not_seen_stands_in_an_export(unseen, form):
    evil = "\x1b[31m\u202e\u200b\U000e0041\u3164\ufe0f\ue000\ufffe\ud800" + "e" + "\u0301" * 9
    citation = replace(CITATION, article=evil, title=evil, source=evil, quote=evil, sentence=evil)
    article = replace(ARTICLE, title=evil, author=evil, url=f"https://x/{evil}", source=evil)
    assert unseen(write([Lookup(citation, article, "exact", 100.0)], form)) == []


def test_an_address_is_ascii_and_stays_itself():
    url = 'https://báo.vn/tin(1)?a=1&amp;b="x"#<đầu>%20\\{}'
    told = csl(replace(ARTICLE, url=url), CITATION, 1)["URL"]
    assert told.isascii()
    assert unquote(told) == unquote(url)
    assert not re.search(r"[()<>{}\\\"]", told)


def test_copies_of_an_article_have_keys_of_their_own():
    copy = replace(CITATION, article="b.md")
    assert bibtex(ARTICLE, CITATION, 1).split(",")[0] != bibtex(ARTICLE, copy, 1).split(",")[0]


@pytest.mark.parametrize("url", ["https://x/\x1b[31m\x9b", "javascript:alert(1)", "https://x/\u202ea) [b](c"])
def test_an_address_ends_no_link_and_moves_no_cursor(url):
    article = replace(ARTICLE, url=url)
    for told in (footnote(article, CITATION, 1), markdown(article, CITATION, 1), bibtex(article, CITATION, 1)):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]|javascript", told)
        assert told.count("](") <= 1
    assert not csl(article, CITATION, 1).get("URL", "https").startswith("javascript")


def test_nothing_in_a_title_is_obeyed_by_markdown():
    told = markdown(replace(ARTICLE, url="javascript:alert(1)"), replace(CITATION, title=HOSTILE, sentence=HOSTILE), 1)
    assert not re.search(r"(?<!\\)\]\(", told)
    assert "javascript" not in told
    assert "\x1b" not in told


@pytest.mark.parametrize("form", list(Export))
def test_every_form_names_the_citation_so_that_it_can_be_looked_up(form):
    assert CITATION.id.split("@")[1] in write([LOOKUP], form)


# What differs


def test_the_words_that_differ_are_shown_side_by_side():
    told = differences("ong Nguyễn Lâm nói", "ông Nguyễn Long nói")
    assert [(d.given, d.stands) for d in told] == [("ong", "ông"), ("Lâm", "Long")]


def test_quotation_marks_around_a_quote_are_no_difference():
    assert differences("“Ông đi Huế”", "Ông đi Huế") == ()


@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_differences_account_for_every_word(given_words, standing_words):
    told = differences(" ".join(given_words), " ".join(standing_words))
    lost = sum(len(d.given.split()) for d in told)
    new = sum(len(d.stands.split()) for d in told)
    assert len(given_words) - lost == len(standing_words) - new
    assert (told == ()) == (given_words == standing_words)


def test_the_lines_are_those_of_the_file():
    second = Lookup(replace(CITATION, start=31, end=37), ARTICLE, "exact", 100.0)
    assert (LOOKUP.line, second.line) == (1, 2)
    assert second.paragraph == "Ông đi Huế."


# The command


@pytest.mark.parametrize("form", list(Export))
def test_a_citation_is_exported(qa, sample_index, citation_id, form):
    ran = qa("cite", citation_id, "--index", sample_index, "--export", form.value)
    assert (ran.code, ran.err) == (0, "")
    assert "Nguyễn Hoàng Long" in ran.out


def test_a_citation_that_no_longer_holds_is_not_exported(qa, sample_index, citation_id):
    other = citation_id.split("@")[0] + "@" + "0" * 8
    ran = qa("cite", other, "--index", sample_index, "--export", "footnote")
    assert (ran.code, ran.out) == (4, "")
    assert other.split("@")[0] in ran.err


def test_a_near_quote_is_shown_with_its_line_and_what_differs(qa, sample_index):
    quote = "ông Nguyễn Hoàng Lâm, Cục trưởng Cục Ngoại vụ, trình bày báo cáo"
    ran = qa("cite", "--quote", quote, "--index", sample_index)
    assert ran.code == 0
    assert "«Lâm,»" in ran.out
    assert "«Long,»" in ran.out
    assert re.search(r"^ +\d+ │ ", ran.out)


def test_a_near_quote_begins_and_ends_with_words_of_the_quote(qa, sample_index):
    quote = "Phạm Bình Minh không chủ trì và đọc lời khai mạc"
    found = json.loads(qa("cite", "--quote", quote, "--index", sample_index, "--format", "json").out)
    assert all(place["quote"].startswith("Phạm") and place["quote"].endswith("mạc") for place in found[:1])


def test_what_does_not_match_its_file_is_not_called_verbatim(qa, sample_index, citation_id):
    other = citation_id.split("@")[0] + "@" + "0" * 8
    told = qa("cite", other, "--index", sample_index).out
    assert "KHÔNG đối chiếu được" in told
    assert "nguyên văn" not in told
