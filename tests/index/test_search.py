"""Search on the sample corpus, with the shipped encoder."""

import pytest

from corpus.errors import StoreError
from corpus.text import fold, sentence_spans
from index.encoder import SHIPPED_FOLDER, OnnxEncoder
from index.search import Index, search

MODES = ["hybrid", "dense", "lexical"]
ASKED = 3


@pytest.fixture(scope="module")
def index(sample_index):
    return Index.open(sample_index)


@pytest.fixture(scope="module")
def passages(index):
    return index.database.passages(range(index.manifest.passages))


def lost(index, encoder, questions, mode):
    """Return the numbers of the passages that their own question does not bring among the first."""
    found = [search(index, encoder, question, limit=ASKED, mode=mode) for question in questions]
    return [number for number, hits in enumerate(found) if number not in [hit.number for hit in hits]]


def first_sentence(passage):
    low, high = next(sentence_spans(passage.text))
    return passage.text[low:high]


@pytest.mark.parametrize("mode", ["hybrid", "lexical"])
def test_a_passage_is_found_by_its_first_sentence(index, encoder, passages, mode):
    assert lost(index, encoder, map(first_sentence, passages), mode) == []


def test_a_passage_is_found_by_its_own_wording_when_words_are_not_counted(index, encoder, passages):
    assert lost(index, encoder, [passage.text for passage in passages], "dense") == []


@pytest.mark.parametrize("mode", ["hybrid", "lexical"])
def test_a_passage_is_found_by_its_first_sentence_typed_without_accents(index, encoder, passages, mode):
    assert lost(index, encoder, [fold(first_sentence(passage)) for passage in passages], mode) == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("limit", [0, 1, 7, 10_000])
def test_a_search_returns_no_more_than_asked_best_first_and_none_twice(index, encoder, mode, limit):
    hits = search(index, encoder, "Ai là Cục trưởng Cục Ngoại vụ năm 2018?", limit=limit, mode=mode)
    assert len(hits) <= limit
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.number for hit in hits}) == len(hits)


def test_a_dense_search_can_return_every_passage(index, encoder):
    assert len(search(index, encoder, "ngoại vụ", limit=10_000, mode="dense")) == index.manifest.passages


def test_a_hit_carries_the_scores_of_the_ways_that_found_it(index, encoder):
    question = "Ai là Cục trưởng Cục Ngoại vụ năm 2018?"
    for hit in search(index, encoder, question, limit=5, mode="lexical"):
        assert hit.cosine is None
        assert hit.bm25 == pytest.approx(float(index.postings.score(question)[hit.number]))
    for hit in search(index, encoder, question, limit=5, mode="dense"):
        assert hit.bm25 is None
        assert hit.cosine == pytest.approx(
            float((index.vectors.rows() @ encoder.encode([question], kind="query")[0])[hit.number]), abs=1e-5
        )


def test_a_lexical_search_needs_no_encoder(index, encoder):
    question = "Cục trưởng Cục Ngoại vụ"
    assert search(index, None, question, limit=9, mode="lexical") == search(
        index, encoder, question, limit=9, mode="lexical"
    )


@pytest.mark.parametrize(
    "question", ["", " ", "?!", "\n", "🙂", "ngoại vụ " * 2000], ids=lambda question: ascii(question)[:12]
)
@pytest.mark.parametrize("mode", MODES)
def test_any_question_is_searched_without_complaint(index, encoder, question, mode):
    assert len(search(index, encoder, question, limit=3, mode=mode)) <= 3


def test_a_hit_is_what_stands_in_its_article(index, encoder):
    for hit in search(index, encoder, "Hội nghị Ngoại vụ toàn quốc lần thứ 19", limit=20):
        text = index.database.article(hit.passage.article).article.text
        assert text[hit.passage.start : hit.passage.end] == hit.passage.text


def test_the_encoder_that_made_the_index_is_accepted(index, encoder):
    index.check_encoder(encoder)


def test_another_encoder_is_refused(index, tmp_path):
    for name in ("config.json", "tokenizer.json", "onnx"):
        (tmp_path / name).symlink_to(SHIPPED_FOLDER / name)
    (tmp_path / "config_sentence_transformers.json").write_text('{"prompts": {"query": "hỏi: "}}', encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        index.check_encoder(OnnxEncoder(tmp_path))
    assert str(index.directory) in caught.value.vi
    assert "qa index" in caught.value.en
