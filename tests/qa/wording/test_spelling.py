"""Typing errors in a question, over an index of the sample articles: what is mended and what is left alone."""

import doctest
import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

import qa.wording.spelling
from corpus.text import fold, nfc, syllables
from index.postings import terms
from qa.wording.spelling import correct

QUICK = settings(max_examples=100, deadline=None)
ROOT = Path(__file__).resolve().parents[3]
PASSAGES = [
    nfc(line) for path in sorted((ROOT / "corpus" / "sample").glob("*.md"))
    for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
]  # fmt: skip
COUNTS = Counter(term for passage in PASSAGES for term in set(terms(passage)))
QUESTIONS = [
    json.loads(line)["question"]
    for line in (ROOT / "evals" / "questions" / "sample.jsonl").read_text(encoding="utf-8").splitlines()
]
WORDS = sorted({word for passage in PASSAGES for word in syllables(passage) if len(word) > 3 and word.isalpha()})


def knows(term):
    return COUNTS[term]


def index_of(*passages):
    return Counter(term for passage in passages for term in set(terms(passage))).__getitem__


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(qa.wording.spelling).failed == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Cục trưởnng Cục Ngoại vụ là ai?", "Cục trưởng Cục Ngoại vụ là ai?"),
        ("Cục trưởg Cục Ngoại vụ là ai?", "Cục trưởng Cục Ngoại vụ là ai?"),
        ("Cục trưởngg Cục Ngoại vụ là ai?", "Cục trưởng Cục Ngoại vụ là ai?"),
        ("Cục trưỡng Cục Ngoại vụ là ai?", "Cục trưởng Cục Ngoại vụ là ai?"),
        ("Cục trưởng Cục Ngaoị vụ là ai?", "Cục trưởng Cục Ngoại vụ là ai?"),
        ("Cục trưởng Cục Ngoạivụ là ai?", "Cục trưởng Cục Ngoại vụ là ai?"),
        ("cuc truogn cuc ngoia vu la ai", "cuc truong cuc ngoai vu la ai"),
        ("CỤC TRƯỞNNG CỤC NGOẠI VỤ LÀ AI", "CỤC TRƯỞNG CỤC NGOẠI VỤ LÀ AI"),
        ("Ông Nguyễn Hoàngg Long làm gì?", "Ông Nguyễn Hoàng Long làm gì?"),
        ("Ông Nguyễn Hoàng Logn làm gì?", "Ông Nguyễn Hoàng Long làm gì?"),
    ],
)
def test_one_slip_is_mended(typed, meant):
    assert correct(typed, knows) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Ông Nguyeenx Hoàng Long làm gì?", "Ông Nguyễn Hoàng Long làm gì?"),
        ("Cục Ngoai5 vụ làm gì?", "Cục Ngoại vụ làm gì?"),
        ("Cục Ngoaij vụ làm gì?", "Cục Ngoại vụ làm gì?"),
        ("Ai laf Cucj truowngr Cucj Ngoaij vuj?", "Ai là Cục trưởng Cục Ngoại vụ?"),
        ("Ai la2 Cu5c truo7ng3 Cu5c Ngoai5 vu5?", "Ai là Cục trưởng Cục Ngoại vụ?"),
    ],
)
def test_keystrokes_of_telex_and_vni_become_letters(typed, meant):
    assert correct(typed, knows) == meant


def test_a_single_word_of_keystrokes_leaves_a_question_without_accents_without():
    assert correct("tru so cuc Ngoaij vu o dau", knows) == "tru so cuc Ngoai vu o dau"


def test_a_foreign_name_with_a_letter_too_few_is_mended():
    assert correct("Thủ đô Philipines ở đâu?", index_of("Thủ đô Philippines là Manila.")) == "Thủ đô Philippines ở đâu?"


@pytest.mark.parametrize(
    "question",
    [
        "Sở Ngọai vụ làm gì?",
        "Đường về Ngoại vụ ở đâu?",
        'Ai viết "Cục Ngaoị vụ"?',
        "Nghị quyết 16-NQ/TW nói gì?",
        "SNVV là gì?",
        "Ông Hans là ai?",
        "Giá vàng SJC hôm nay bao nhiêu một lượng?",
        "Ai là Tổng thống Venezuela?",
        "cuc truong cuc ngoai vu la ai",
        "Who is the directr of Ngoaij vu?",
        "Xywqk zzrtp lkjhg mnbvc qwrtp hjklp",
        "",
        "?!",
    ],
)
def test_what_is_known_quoted_foreign_or_of_another_subject_stays(question):
    assert correct(question, knows) == question


def test_typed_accents_that_the_index_knows_are_left_alone():
    both = index_of("Con đường ngoại giao.", "Ông Dương phát biểu.", "Bình Dương họp.")
    assert correct("Đường ngoại giao", both) == "Đường ngoại giao"
    assert correct("Dương ngoại giao", both) == "Dương ngoại giao"


def test_a_person_whom_no_passage_has_does_not_become_another():
    passages = index_of("Ông Nguyễn Văn Thường phát biểu.", "Ông Thường về.")
    assert correct("Nguyễn Văn Thưởng là ai?", passages) == "Nguyễn Văn Thưởng là ai?"
    assert correct("Nguyễn Văn Thương là ai?", passages) == "Nguyễn Văn Thương là ai?"


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("Lê Hoài Trưng là ai?", "Ông Lê Hoài Trung là Bộ trưởng."),
        ("Lê Hoài Trũng là ai?", "Ông Lê Hoài Trủng là ai."),
        ("các sân vận động", "các san vận động"),
        ("Cục trướng Cục Ngoại vụ", "Cục trưởng Cục Ngoại vụ"),
        ("Dominica ở đâu?", "Cộng hòa Dominican xa xôi."),
    ],
)
def test_what_may_be_another_word_or_name_stays(question, passage):
    assert correct(question, index_of(passage)) == question


@pytest.mark.parametrize("letters", ["é", "as", "oo", "a", "ab1"])
def test_a_long_run_of_letters_is_not_looked_up(letters):
    asked = []
    question = "ai la " + letters * 450
    assert correct(question, lambda term: asked.append(term) or 0) == question
    assert len(asked) < 50


def test_of_two_words_as_likely_none_is_chosen():
    assert correct("hội thhảm", index_of("hội thảm", "hội thảo")) == "hội thảm"
    assert correct("hội thảz", index_of("hội thảm", "hội thảo")) == "hội thảz"


def test_no_candidate_is_taken_that_no_neighbour_vouches_for():
    assert correct("bản thảoo", index_of("hội thảo")) == "bản thảoo"


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_over_its_own_corpus_is_unchanged_byte_for_byte(question):
    assert correct(question, knows) == question


@QUICK
@given(st.sampled_from(PASSAGES))
def test_what_an_article_says_is_unchanged(passage):
    assert correct(passage, knows) == passage


@st.composite
def mistyped(draw):
    """Three words of an article, one of them with a slip."""
    words = draw(st.sampled_from([w for w in map(str.split, PASSAGES) if len(w) > 3]))
    start = draw(st.integers(0, len(words) - 3))
    words = words[start : start + 3]
    place = draw(st.integers(0, 2))
    word = words[place]
    at = draw(st.integers(0, max(0, len(word) - 2)))
    slips = [word[:at] + word[at + 1 :], word[:at] + word[at : at + 1] + word[at:], word[:at] + "q" + word[at:]]
    words[place] = draw(st.sampled_from(slips))
    return " ".join(words)


@QUICK
@given(mistyped())
def test_correcting_twice_is_correcting_once(text):
    assert correct(correct(text, knows), knows) == correct(text, knows)


@QUICK
@given(mistyped())
def test_decomposed_text_means_the_same(text):
    assert nfc(correct(unicodedata.normalize("NFD", text), knows)) == correct(text, knows)


@QUICK
@given(mistyped())
def test_no_word_moves_by_more_than_one_slip_and_its_tone(text):
    before, after = text.split(), correct(text, knows).split()
    if len(before) == len(after):
        assert all(OSA.distance(fold(a), fold(b)) <= 1 for a, b in zip(before, after, strict=True))
    else:
        assert "".join(before) == "".join(after)


@QUICK
@given(st.text(max_size=80))
def test_any_text_can_be_asked_with(text):
    assert correct(correct(text, knows), knows) == correct(text, knows)


def test_a_question_costs_few_lookups():
    asked = []
    for question in ("Cục trưởnng Cục Ngaoị vụ toàn qốc", "Thủ đô Philipines ở đâu?", "vinhphuc thhu hut voon"):
        asked.clear()
        correct(question, lambda term: asked.append(term) or COUNTS[term])
        assert len(asked) < 500
