"""BM25, checked against a textbook."""

import math
import unicodedata
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import StoreError
from index.files import write_file
from index.postings import Postings, terms, top

WORDS = ["đường", "dương", "Dương", "hoà", "hòa", "ngoại", "vụ", "cục", "trưởng", "2018", "5.800", "tp"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
CORPORA = st.lists(TEXTS, max_size=8)


def plain(word):
    decomposed = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn")


def textbook_terms(text):
    words = text.split()
    exact = [word.lower().replace("hoà", "hòa") for word in words]
    return exact + [f"{plain(a)}+{plain(b)}" for a, b in pairwise(words)]


def textbook_bm25(query, corpus, k1=1.2, b=0.75):
    """Return the score of every text, straight from the formula (Robertson & Zaragoza 2009, Lucene's idf)."""
    documents = [Counter(textbook_terms(text)) for text in corpus]
    mean = sum(document.total() for document in documents) / len(documents)
    scores = []
    for document in documents:
        score = 0.0
        for term in textbook_terms(query):
            holding = sum(term in other for other in documents)
            idf = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
            norm = k1 * (1 - b + b * document.total() / (mean or 1))
            score += idf * document[term] * (k1 + 1) / (document[term] + norm)
        scores.append(score)
    return scores


@given(CORPORA.filter(bool), TEXTS)
def test_scores_are_those_of_the_textbook(corpus, query):
    np.testing.assert_allclose(Postings.build(corpus).score(query), textbook_bm25(query, corpus), rtol=1e-4, atol=1e-6)


@given(CORPORA.filter(bool), TEXTS, st.floats(0.1, 3), st.floats(0, 1))
def test_both_parameters_are_those_of_the_textbook(corpus, query, k1, b):
    found = Postings.build(corpus, k1=k1, b=b).score(query)
    np.testing.assert_allclose(found, textbook_bm25(query, corpus, k1, b), rtol=1e-4, atol=1e-6)


@given(CORPORA, TEXTS, st.integers(0, 10), st.data())
def test_a_search_returns_the_best_of_what_is_allowed(corpus, query, limit, data):
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=len(corpus), max_size=len(corpus))), dtype=bool)
    postings = Postings.build(corpus)
    scores = postings.score(query)
    ranked = sorted(
        (row for row in range(len(corpus)) if allowed[row] and scores[row] > 0), key=lambda row: (-scores[row], row)
    )
    assert postings.search(query, limit, allowed) == [(row, float(scores[row])) for row in ranked[:limit]]


@given(CORPORA.filter(bool), TEXTS)
def test_no_passage_passes_the_bound_of_a_query(corpus, query):
    postings = Postings.build(corpus)
    assert postings.score(query).max() <= postings.bound(query) + 1e-5


def test_a_word_that_no_passage_has_raises_the_bound_of_a_query():
    postings = Postings.build(["cục ngoại vụ", "sở ngoại vụ"])
    assert postings.bound("ngoại vụ huế") > postings.bound("ngoại vụ") > postings.bound("") == 0


@given(st.lists(st.sampled_from([-1.0, 0.0, 0.5, 1.0, 2.0]), max_size=20), st.integers(0, 25))
def test_the_top_is_the_head_of_the_sorted_list(scores, limit):
    ranked = sorted((-score, row) for row, score in enumerate(scores) if score > 0)
    assert top(np.array(scores, dtype=np.float32), limit) == [(row, -score) for score, row in ranked[:limit]]


@given(CORPORA, TEXTS)
def test_what_was_saved_scores_as_before(tmp_path_factory, corpus, query):
    folder = tmp_path_factory.mktemp("postings")
    postings = Postings.build(corpus)
    for name, content in postings.files():
        write_file(folder / name, content)
    opened = Postings.open(folder, size=len(corpus), root=folder)
    np.testing.assert_array_equal(opened.score(query), postings.score(query))


@pytest.mark.parametrize(
    ("field", "value"),
    [("passages", 7), ("passages", 2**32 - 1), ("starts", 2**63), ("starts", 2**64 - 1), ("scores", np.nan)],
)
def test_postings_that_lead_nowhere_are_said_to_be_wrong(field, value):
    postings = Postings.build(["cục ngoại vụ", "sở ngoại vụ"])
    array = getattr(postings, field).copy()
    array[:] = value
    with pytest.raises(StoreError, match="--rebuild"):
        replace(postings, **{field: array}).score("sở ngoại vụ")


def found(query, *corpus):
    return [row for row, _ in Postings.build(corpus).search(query, 10)]


def test_an_empty_corpus_finds_nothing():
    assert found("ngoại vụ") == []


@pytest.mark.parametrize("corpus", [("",), ("...", "***"), ("", "ngoại vụ")])
def test_a_text_without_a_word_is_never_found(corpus):
    assert found("ngoại vụ", *corpus) == [row for row, text in enumerate(corpus) if "ngoại" in text]


@pytest.mark.parametrize("query", ["", "…", "kinh tế"])
def test_a_query_without_a_known_term_finds_nothing(query):
    assert found(query, "Cục Ngoại vụ", "Sở Ngoại vụ") == []


def test_a_query_typed_without_accents_finds_the_accented_passage():
    assert found("cuc truong cuc ngoai vu", "Thứ trưởng phát biểu", "Cục trưởng Cục Ngoại vụ phát biểu") == [1]


def test_a_query_typed_in_capitals_finds_the_passage():
    assert found("CỤC NGOẠI VỤ", "Thứ trưởng", "Cục Ngoại vụ") == [1]


def test_a_decomposed_query_finds_the_composed_passage():
    assert found(unicodedata.normalize("NFD", "Huế"), "Quảng Trị", "Huế") == [1]


def test_accents_that_are_typed_count():
    assert found("đường", "ông Dương", "con đường") == [1]


def test_the_passage_with_the_typed_accents_comes_first():
    assert found("Cục Ngoại vụ", "cúc ngoài vũ", "Cục Ngoại vụ") == [1, 0]


def test_the_two_places_of_a_tone_mark_are_the_same_word():
    assert found("Hoà", "Hòa", "Hoá") == [0]


def test_terms_are_syllables_and_folded_pairs():
    assert terms("Sở Ngoại vụ") == [
        *(term for term in terms("sở") + terms("ngoại") + terms("vụ")),
        "so ngoai",
        "ngoai vu",
    ]
