"""The program's own words, and text of others made safe to print."""

import io
import string
import sys
import unicodedata
from contextlib import redirect_stderr
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.visible import visible
from qa.show.messages import LANGUAGES, WORDS, Shown, language, notice, say

QUICK = settings(max_examples=200)
NASTY = "aế\u0301\u0338\u20dd\u0e34 \xa0\u3000\n\t\r\x1b\x85\xad\u200b\u200d\u202e"
NASTY += '\u2028\ufe0f\ufeff\u3164\u2800\ue000\ufffe\ud800\U000e0041«"'
BLANK = "\u115f\u1160\u2800\u3164\uffa0\ufffc\U0001d159"
COUNTS = ("articles", "passages", "added", "changed", "unchanged", "removed", "embedded")
nasty = st.text(NASTY) | st.text()


def placeholders(text: str) -> list[tuple[str, str]]:
    return sorted((name, spec or "") for _, name, spec, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("key", WORDS)
def test_a_message_has_two_different_wordings(key):
    vi, en = (wording.strip() for wording in WORDS[key])
    assert vi
    assert en
    assert vi != en


@pytest.mark.parametrize("key", WORDS)
def test_both_wordings_of_a_message_have_the_same_placeholders(key):
    vi, en = WORDS[key]
    assert placeholders(vi) == placeholders(en)


@pytest.mark.parametrize(("place", "chosen"), list(enumerate(LANGUAGES)))
def test_a_message_is_said_in_the_chosen_language(place, chosen):
    token = language.set(chosen)
    try:
        assert say("no_hits") == WORDS["no_hits"][place]
    finally:
        language.reset(token)


# What is shown


def test_a_character_is_shown_as_it_is_if_it_is_seen_and_by_its_code_if_not(unseen):
    characters = [chr(n) for n in (*range(0x20000), *range(0xE0000, 0xE0200), 0xF0000, 0x10FFFF) if n not in (9, 10)]
    shown = visible("\n".join(f"a{c}" for c in characters)).split("\n")
    wrong = [c for c, line in zip(characters, shown, strict=True) if (line == f"a{c}") == bool(unseen(f"a{c}"))]
    assert list(map(ascii, wrong)) == []


@QUICK
@given(nasty, st.booleans())
def test_nothing_that_is_shown_acts_or_is_not_seen(unseen, text, inline):
    shown = visible(text, inline=inline)
    assert [c for c in unseen(shown) if c != "\t" or inline] == []
    assert not inline or "\n" not in shown


@QUICK
@given(nasty, st.booleans())
def test_what_is_visible_stays_as_it_is(text, inline):
    assert visible(visible(text, inline=inline), inline=inline) == visible(text, inline=inline)


@QUICK
@given(st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters=BLANK)))
def test_letters_figures_and_signs_are_shown_as_they_are(text):
    assert visible(text) == text


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_vietnamese_is_shown_as_it_is_in_either_form(form):
    text = unicodedata.normalize(form, "Nguyễn Hoàng Long, Cục trưởng Cục Ngoại vụ: “Ngữ nghĩa ở Huế” – 12/8/2018 …")
    assert visible(text, inline=True) == text


SHOWN = {
    "đỏ\x1b[31m\x9b1m": "đỏ\\x1b[31m\\x9b1m",
    "a\u200bb\xadc": "a\\u200bb\\xadc",
    "ai\U000e0061\U000e007f": "ai\\U000e0061\\U000e007f",
    "a\u2028b\u2029": "a\\u2028b\\u2029",
    "\udc80\ufffe\ue000\u3164": "\\udc80\\ufffe\\ue000\\u3164",
    "12\xa0000\u202fđồng\u3000": "12 000 đồng ",
    "e" + "\u0301" * 5: "e" + "\u0301" * 3 + "\\u0301" * 2,
    "\u0338«\u0338": "\\u0338«\\u0338",
    "❤\ufe0f 👨\u200d👩": "❤\\ufe0f 👨\\u200d👩",
}


@pytest.mark.parametrize(("text", "shown"), SHOWN.items(), ids=[ascii(text) for text in SHOWN])
def test_what_is_not_seen_is_shown_by_its_code_and_any_space_as_a_space(text, shown):
    assert visible(text) == shown


def test_a_name_cannot_begin_a_line_of_its_own():
    assert visible("a\nb\tc\r", inline=True) == "a\\nb\\tc\\r"


def test_prose_keeps_its_line_feeds():
    assert visible("a\nb\tc") == "a\nb\tc"


def test_a_value_in_a_message_is_made_visible_and_a_figure_is_not_touched():
    assert "a\\n\\x1b\\u200b" in say("read_as", text="a\n\x1b\u200b")
    assert "1.5" in say("indexed", directory="k", seconds=1.46, **dict.fromkeys(COUNTS, 1))


# stderr


class Terminal(io.StringIO):
    def isatty(self):
        return True


def written(act):
    """Return what `act` writes on a terminal that shows everything."""
    stream = Terminal()
    with redirect_stderr(Shown(stream)):
        act()
    return stream.getvalue()


def test_a_notice_is_one_line():
    assert written(lambda: notice("a\nb\u2028\x1b[2J")) == "a\\nb\\u2028\\x1b[2J\n"


def refused(app, way):
    with pytest.raises(SystemExit, match="2"):
        app(way)


def test_a_library_that_quotes_what_was_typed_passes_nothing_on_that_acts(unseen):
    from qa.cli import app

    evil = "\x1b[31m\u202e\u200b\U000e0041"
    for way in (("ask", "a", f"--{evil}"), ("ask", "a", evil), (evil,), ("ask", "a", "--min-confidence", evil)):
        told = written(partial(refused, app, way))
        assert "\\x1b[31m\\u202e\\u200b\\U000e0041" in told
        assert unseen(told) == []


def test_everything_written_on_a_shown_stream_is_made_visible():
    assert written(lambda: sys.stderr.writelines(["a\x1b\n", "b\u200b\n"])) == "a\\x1b\nb\\u200b\n"
    assert Shown(Terminal()).isatty()
