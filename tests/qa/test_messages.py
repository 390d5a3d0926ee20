"""The program's own words, and text of others made safe to print."""

import string
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.messages import LANGUAGES, WORDS, language, say, visible

QUICK = settings(max_examples=200)
BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
LAYOUT = "\n\t"


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


@QUICK
@given(st.text(st.characters(max_codepoint=0x2100)))
def test_visible_text_holds_no_control_character_beyond_layout(text):
    assert not [c for c in visible(text) if unicodedata.category(c) == "Cc" and c not in LAYOUT]


@pytest.mark.parametrize("mark", BIDI_CONTROLS, ids=lambda mark: f"U+{ord(mark):04X}")
def test_visible_text_turns_no_direction(mark):
    assert mark not in visible(f"a{mark}b")


@QUICK
@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])))
def test_text_without_controls_is_shown_as_it_is(text):
    assert visible(text) == text


def test_a_terminal_escape_is_shown_by_its_code():
    assert visible("đỏ\x1b[31m\x9b1m") == "đỏ\\x1b[31m\\x9b1m"


@QUICK
@given(st.text())
def test_what_is_visible_stays_as_it_is(text):
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize("mark", "\u2028\u2029", ids=ascii)
def test_a_line_separator_separates_no_line(mark):
    assert visible(mark) == ascii(mark)[1:-1]


def test_a_name_cannot_begin_a_line_of_its_own():
    assert visible("a\nb\tc\r", inline=True) == "a\\nb\\tc\\r"


def test_prose_keeps_its_line_feeds():
    assert visible("a\nb") == "a\nb"
