"""Exact match and F1, checked against a second implementation in the manner of SQuAD's evaluation script."""

import string
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.metrics import counts_the_same, exact_match, f1

QUICK = settings(max_examples=200)
TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"
MARKS = string.punctuation + "“”‘’–—…«»"
SPELLINGS = ["hòa", "hoà", "Hòa", "hoa", "thủy", "thuỷ", "Sở", "sở", "đa", "da", "48", "5.800", "vụ", "TP.HCM", "(FDI)"]
words = st.sampled_from(SPELLINGS)
loose = st.text(st.sampled_from("aàâầdđ1 .,\t“”-–Hh"), max_size=12)
texts = st.one_of(loose, st.lists(words, max_size=6).map(" ".join), st.lists(words, max_size=4).map("“ ,".join))
answers = st.builds(unicodedata.normalize, st.sampled_from(["NFC", "NFD"]), texts)


def squad_tokens(text: str) -> list[tuple[str, ...]]:
    """Lower the case, take punctuation away, split on white space; a word is its letters and, apart, its tones."""
    lowered = unicodedata.normalize("NFD", text).lower().translate({ord(mark): " " for mark in MARKS})
    return [
        ("".join(c for c in word if c not in TONE_MARKS), "".join(sorted(c for c in word if c in TONE_MARKS)))
        for word in lowered.split()
    ]


def squad_f1(answer: str, gold: str) -> float:
    given_tokens, gold_tokens = squad_tokens(answer), squad_tokens(gold)
    if not given_tokens or not gold_tokens:
        return 1.0 if given_tokens == gold_tokens else 0.0
    left, common = list(gold_tokens), 0
    for token in given_tokens:
        if token in left:
            left.remove(token)
            common += 1
    if not common:
        return 0.0
    precision, recall = common / len(given_tokens), common / len(gold_tokens)
    return 2 * precision * recall / (precision + recall)


@QUICK
@given(answers, st.lists(answers, max_size=3))
def test_f1_is_squads_best_over_the_golds(answer, golds):
    expected = (1.0 if counts_the_same(answer, gold) else squad_f1(answer, gold) for gold in golds)
    assert f1(answer, golds) == pytest.approx(max(expected, default=0.0))


@QUICK
@given(answers, st.lists(answers, max_size=3))
def test_exact_match_is_squads_over_the_golds(answer, golds):
    agree = (squad_tokens(answer) == squad_tokens(gold) or counts_the_same(answer, gold) for gold in golds)
    assert exact_match(answer, golds) == float(any(agree))


@QUICK
@given(answers, answers)
def test_f1_does_not_mind_which_of_the_two_is_the_gold(one, other):
    assert f1(one, [other]) == f1(other, [one])


@QUICK
@given(answers, st.lists(answers, min_size=1, max_size=3))
def test_an_exact_match_has_an_f1_of_one(answer, golds):
    assert exact_match(answer, golds) <= f1(answer, golds) <= 1.0


@QUICK
@given(answers)
def test_an_answer_matches_itself(answer):
    assert (exact_match(answer, [answer]), f1(answer, [answer])) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Khánh Hoà", "khánh hòa"), ("“Gặp gỡ Israel”", "Gặp gỡ Israel"), ("48 Sở", "48 sở."), ("TP. Huế", "TP Huế")],
)
def test_spelling_case_and_punctuation_do_not_count(one, other):
    assert exact_match(one, [other]) == 1.0


@pytest.mark.parametrize(("one", "other"), [("Hòa", "Hoa"), ("đa", "da"), ("48", "43"), ("", "48"), ("48", "")])
def test_tones_letters_and_numbers_count(one, other):
    assert (exact_match(one, [other]), f1(one, [other])) == (0.0, 0.0)


def test_half_of_the_words_are_two_thirds_of_an_f1():
    assert f1("Sở", ["Sở Ngoại"]) == pytest.approx(2 / 3)


def test_a_word_said_twice_counts_twice_only_if_the_gold_says_it_twice():
    assert f1("Sở Sở", ["Sở vụ"]) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("counted", "bare"),
    [("184 lượt người", "184"), ("48 Sở Ngoại vụ", "48"), ("9,2%", "9,2"), ("9,2 %", "9,2"), ("5.800 USD", "5.800")],
)
def test_a_number_with_its_unit_is_the_number(counted, bare):
    assert exact_match(counted, [bare]) == exact_match(bare, [counted]) == f1(counted, [bare]) == 1.0


@pytest.mark.parametrize(
    ("other", "bare"),
    [("5 tỷ đồng", "5"), ("5 triệu", "5"), ("8/2018", "2018"), ("-5 người", "5"), ("gần 184 người", "184"),
     ("1845", "184"), ("184,5 người", "184"), ("184 người và 20 xe", "184"), ("184. Người", "184"),
     ("48 đến 50", "48")],
)  # fmt: skip
def test_another_number_is_not_the_number_for_its_digits(other, bare):
    assert not counts_the_same(other, bare)
    assert exact_match(other, [bare]) == 0.0


def test_one_unit_is_not_another():
    assert exact_match("48 Sở", ["48 tỉnh"]) == 0.0
