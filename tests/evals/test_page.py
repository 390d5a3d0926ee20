"""The HTML page: whole, readable in light, dark and print, loading nothing and obeying nothing."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given as having
from hypothesis import strategies as st

from evals.compare import compare
from evals.outcome import Miss
from evals.page import BINS, HEIGHT, WIDTH, histogram, line, to_html
from qa.show.messages import language

TOLERANCES = {"em": 0.05, "f1": 0.05, "ece": 1.0}
EVIL = "a\x1b[31m<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}{% if %}\x00\x9b</td></svg>"
EVIL += "\u200b\U000e0041\u3164"
VOID = {"meta", "br"}


class Page(HTMLParser):
    """The elements of a page, and those that were closed in the wrong order or not at all."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        self.text += data

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]


@pytest.fixture
def before(record, run_of):
    return run_of(record(), record(id="q-2", kind="why"), record(id="q-3"), milliseconds=(5.0, 7.0), cold=1.25)


@pytest.fixture
def after(record, run_of, given, cited):
    def build(text):
        shown = given(text=text, is_right=False, citations=(cited(sentence=text),))
        wrong = {
            "question": text,
            "golds": (text,),
            "answers": (shown,),
            "miss": Miss.SELECTION,
            "f1": 0.0,
            "exact": 0.0,
        }
        return run_of(record(**wrong), record(id="q-2", kind="why"), record(id="q-3"), milliseconds=(5.0, 7.0, 11.0))

    return build


@pytest.fixture
def pages(before, after):
    """The page of a run alone and of a comparison, its texts those given."""

    def build(text="Lam"):
        later = after(text)
        return to_html(later, None), to_html(later, compare(before, later, TOLERANCES))

    return build


def test_the_page_is_well_formed(pages):
    for text in pages():
        page = Page(text)
        assert text.startswith("<!doctype html>")
        assert (page.wrong, page.open) == ([], [])


def test_the_page_loads_nothing(pages):
    for text in pages():
        page = Page(text)
        assert re.search(r"https?:|url\(|@import|javascript:|\bsrc\s*=", text) is None
        assert set(page.tags) & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "use"} == set()
        loading = {"src", "href", "srcset", "action", "data", "style", "xlink:href"}
        assert [attributes for _, attributes in page.elements if loading & attributes.keys()] == []
        assert [name for _, attributes in page.elements for name in attributes if name.startswith("on")] == []


def test_the_page_forbids_loading_too(pages):
    for text in pages():
        policies = [a["content"] for tag, a in Page(text).elements if tag == "meta" and "http-equiv" in a]
        assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_hostile_text_is_shown_and_not_obeyed(pages):
    honest, hostile = (tuple(Page(text).tags for text in pages(given)) for given in ("Lam", EVIL))
    assert hostile == honest
    for text in pages(EVIL):
        assert "<script>alert(1)</script>" in Page(text).text
        assert "{{ 7*7 }}" in Page(text).text
        assert Page(text).wrong == []


def test_control_and_direction_characters_are_shown_as_codes(pages):
    for text in pages("Lam\x1b\x00\x9b\u202e"):
        assert re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text) is None


def test_what_is_not_seen_is_shown_by_its_code_wherever_it_stands(record, run_of, cited, given, unseen):
    evil = "Lam\x1b\x00\x9b\u202e\u200b\U000e0041\u3164\xa0\ufe0f\ud800\ufffe"
    shown = given(citations=(cited(sentence=evil),))
    wrong = record(id=evil, question=evil, golds=(evil,), miss=Miss.READING, answers=(shown,), kind=evil)
    run = run_of(wrong, set=evil, model=evil, mode=evil)
    text = to_html(run, compare(run_of(record(id=evil), mode=evil), run, TOLERANCES))
    assert unseen(text) == []


def test_broken_text_does_not_keep_the_page_from_being_written(pages):
    assert [page.encode("utf-8") for page in pages("Lam\ud800")]


def test_there_are_pictures_and_each_says_what_it_is(pages):
    alone, compared = (Page(text) for text in pages())
    assert (alone.tags.count("svg"), compared.tags.count("svg")) == (3, 4)
    for page in (alone, compared):
        assert all(a.get("role") == "img" and a.get("aria-label") for tag, a in page.elements if tag == "svg")


def test_there_are_both_colour_schemes_and_a_print_rule(pages):
    for text in pages():
        assert "color-scheme: light dark" in text
        assert "@media (prefers-color-scheme: dark)" in text
        assert "@media print" in text


def test_the_page_says_the_verdict_and_what_changed(pages):
    _, compared = pages("Lam")
    page = Page(compared)
    assert "Kém đi quá dung sai: em, f1." in page.text
    assert "✗ em" in page.text
    assert "✓ ece" in page.text
    assert "q-1" in page.text


@pytest.mark.parametrize("spoken", ["vi", "en"])
def test_the_page_speaks_the_users_language(pages, spoken):
    token = language.set(spoken)
    try:
        _, page = pages()
    finally:
        language.reset(token)
    assert f'<html lang="{spoken}">' in page
    assert ("Wrong answers" in page, "Câu trả lời sai" in page) == (spoken == "en", spoken == "vi")


def test_the_same_run_is_the_same_page(pages):
    assert pages() == pages()


def test_a_run_that_was_not_timed_has_a_page(record, run_of):
    page = Page(to_html(run_of(record()), None))
    assert (page.wrong, page.tags.count("svg")) == ([], 2)


def test_a_run_of_unanswerable_questions_only_has_a_page(record, run_of):
    run = run_of(record(answerable=False, golds=(), answers=()))
    assert Page(to_html(run, compare(run, run, {"ece": 0.1}))).wrong == []


def test_every_question_that_is_wrong_is_listed(record, run_of):
    page = Page(to_html(run_of(*(record(id=f"id-{n}", miss=miss) for n, miss in enumerate(Miss))), None))
    assert [f"id-{n}" in page.text for n in range(len(Miss))] == [miss is not Miss.NONE for miss in Miss]


# Pictures


@having(st.lists(st.floats(0, 1e5), min_size=1, max_size=50))
def test_a_histogram_counts_every_time_once(values):
    bars = histogram(values)
    assert (len(bars.counts), sum(bars.counts)) == (BINS, len(values))
    assert max(bars.heights) == 1.0
    assert bars.high == (max(values) or 1.0)


def test_no_times_are_no_histogram():
    assert histogram([]) is None


def test_a_line_goes_up_where_its_values_do():
    assert line([[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]]) == f"0.0,{HEIGHT}.0 {WIDTH / 2},{HEIGHT / 2} {WIDTH}.0,0.0"
