"""Training the retriever: what it is shown, and that a run cut off ends as one that was not."""

import json
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from tokenizers import Tokenizer, models, pre_tokenizers, processors  # noqa: E402
from transformers import BertConfig, BertModel  # noqa: E402

from corpus.errors import InputError  # noqa: E402
from corpus.text import fold  # noqa: E402
from index.training import retriever  # noqa: E402
from index.training.examples import Example, Span  # noqa: E402
from index.training.loop import copy_weights, make_optimizer, make_schedule, resume, save  # noqa: E402
from index.training.pairs import (  # noqa: E402
    Item,
    draw_batches,
    dress_passage,
    dress_question,
    is_held_out_news,
    own_topics,
)
from index.training.retriever import (  # noqa: E402
    Recipe,
    batches,
    contrast,
    embedder,
    read_own,
    reciprocal_rank,
    train,
)

WORDS = ["hội", "nghị", "ngoại", "vụ", "toàn", "quốc", "cục", "trưởng", "tỉnh", "thành", "phố"]


def topics(sizes: list[int]) -> dict[str, list[Item]]:
    return {str(t): [Item(f"{t}-{i}", "", (f"hỏi {t}-{i}",)) for i in range(size)] for t, size in enumerate(sizes)}


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), st.integers(2, 12), st.integers(1, 4), st.randoms())
def test_a_round_gives_every_passage_once_but_for_less_than_a_batch(sizes, size, mixed, rng):
    drawn = list(draw_batches(topics(sizes), size=size, mixed=mixed, rng=rng))
    texts = [item.text for batch in drawn for item in batch]
    assert len(set(texts)) == len(texts)
    assert sum(sizes) - len(texts) < size
    assert drawn
    assert all(len(batch) == min(size, sum(sizes)) for batch in drawn)


def test_a_batch_is_of_few_topics():
    drawn = list(draw_batches(topics([130] * 10), size=40, mixed=3, rng=random.Random(1)))
    assert all(len({item.text.split("-")[0] for item in batch}) <= 6 for batch in drawn)


@given(st.text(min_size=1).filter(str.strip), st.randoms())
def test_a_question_typed_in_haste_is_still_one(question, rng):
    assert dress_question(question, rng=rng).strip() or not fold(question).strip(" ?")


@given(st.randoms())
def test_a_passage_is_whole_behind_its_context_line(rng):
    assert dress_passage(Item("Ông Long đi Huế.", "Hội nghị", ()), rng=rng).endswith("Ông Long đi Huế.")


SQUAD = {"data": [{"title": "Tin", "paragraphs": [{"context": "Ông Long họp ở Huế.", "qas": [
    {"id": n, "question": question, "answers": [{"text": "Huế", "answer_start": 15}]}
    for n, question in enumerate(["Ở đâu?", "Họp ở đâu?"])
]}]}]}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.tsv", "Ở đâu?\tÔng Long họp ở Huế.\tTin\n\nHọp ở đâu?\tÔng Long họp ở Huế.\tTin\n"),
        ("p.jsonl", '\ufeff{"question": "Ở đâu?", "passage": "Ông Long họp ở Huế.", "title": "Tin"}\n'
                    '{"question": "Họp ở đâu?", "passage": "Ông Long họp ở Huế.", "title": "Tin", "more": 1}'),
        ("p.json", json.dumps(SQUAD)),
    ],
)  # fmt: skip
def test_pairs_of_ones_own_come_in_three_forms(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert own_topics(tmp_path / name) == {"Tin": [Item("Ông Long họp ở Huế.", "Tin", ("Ở đâu?", "Họp ở đâu?"))]}


@pytest.mark.parametrize("name", ["p.tsv", "p.jsonl"])
@pytest.mark.parametrize("line", ["Ở đâu?", "\tĐoạn văn.", "{", "[1]", '{"question": 7, "passage": "Đoạn."}'])
def test_a_line_that_is_no_pair_is_named(tmp_path, name, line):
    good = '{"question": "Ở đâu?", "passage": "Huế."}' if name == "p.jsonl" else "Ở đâu?\tHuế."
    (tmp_path / name).write_text(f"{good}\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=f"{name}:2"):
        own_topics(tmp_path / name)


@pytest.mark.parametrize("name", ["p.tsv", "p.jsonl", "p.json", "p.json.gz"])
def test_a_file_of_ones_own_that_is_not_utf_8_is_named(tmp_path, name):
    (tmp_path / name).write_bytes("Ở đâu?\tHuế.".encode("utf-16"))
    with pytest.raises(InputError, match=name):
        own_topics(tmp_path / name)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"data": [{"title": "Tin"}]}'])
def test_a_file_that_is_no_squad_is_named(tmp_path, text):
    (tmp_path / "p.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"p\.json"):
        own_topics(tmp_path / "p.json")


def test_a_topic_without_an_answered_passage_is_none(tmp_path):
    asked = {"id": "1", "question": "Ở đâu?", "answers": [], "is_impossible": True}
    article = {"title": "Tin", "paragraphs": [{"context": "Huế.", "qas": [asked]}]}
    (tmp_path / "p.json").write_text(json.dumps({"data": [article]}), encoding="utf-8")
    assert own_topics(tmp_path / "p.json") == {}


def test_a_tenth_of_ones_own_passages_is_kept_for_judging(tmp_path):
    (tmp_path / "p.tsv").write_text("".join(f"hỏi {n}\tđoạn {n}\n" for n in range(40)), encoding="utf-8")
    sources, judged = read_own([tmp_path / "p.tsv"], seed=1)
    learnt = {item.text for items in sources["questions"].values() for item in items}
    assert (len(learnt), len(judged)) == (36, 4)
    assert {example.context for example in judged} | learnt == {f"đoạn {n}" for n in range(40)}
    questions, passages, gold = next(batches(sources, Recipe(passages=8)))
    assert (len(passages), len(questions), sorted(gold)) == (8, 8, list(range(8)))


def test_a_fifth_of_the_news_is_kept_for_measuring():
    assert 0.15 < np.mean([is_held_out_news(f"news-{n}") for n in range(2000)]) < 0.25


def test_the_loss_is_that_of_choosing_the_own_passage():
    questions = torch.eye(3)[:2]
    passages = torch.eye(3)
    expected = -np.log(np.exp(2.0) / (np.exp(2.0) + 2))
    assert contrast(questions, passages, torch.tensor([0, 1]), 0.5).item() == pytest.approx(expected, rel=1e-5)


@pytest.fixture
def tokenizer() -> Tokenizer:
    vocabulary = {
        token: n for n, token in enumerate(["<s>", "<pad>", "</s>", "<unk>", "query", "passage", ":", *WORDS])
    }
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing("<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return made


@pytest.fixture
def model() -> BertModel:
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=32, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    return BertModel(config, add_pooling_layer=False)


def test_a_vector_does_not_depend_on_its_neighbours(model, tokenizer):
    embed = embedder(model.eval(), tokenizer)
    texts = ["hội nghị", "hội nghị ngoại vụ toàn quốc", "tỉnh"]
    with torch.no_grad():
        together, alone = embed(texts), torch.cat([embed([text]) for text in texts])
    assert torch.allclose(together, alone, atol=2e-2)
    assert torch.allclose(together.norm(dim=1), torch.ones(3), atol=1e-5)


def test_the_reciprocal_rank_is_one_where_every_question_is_its_context(model, tokenizer):
    contexts = ["hội nghị", "cục trưởng", "tỉnh thành phố"]
    examples = [Example(c, c, c, (Span(0, c),)) for c in contexts]

    def embed(texts):
        return torch.stack([torch.eye(3)[contexts.index(text.split(": ")[1])] for text in texts])

    assert reciprocal_rank(embed, examples) == 1.0
    assert reciprocal_rank(embed, examples, ask=lambda q: contexts[contexts.index(q) - 1]) < 1.0


class CutOffError(Exception):
    pass


def test_a_run_that_was_cut_off_ends_as_one_that_was_not(model, tokenizer, tmp_path, monkeypatch):
    rng = random.Random(1)
    items = [Item(" ".join(rng.sample(WORDS, 4)), "", (" ".join(rng.sample(WORDS, 2)),)) for _ in range(24)]
    sources = {name: {"t": items} for name in ("questions", "news", "english")}
    judged = [Example(str(n), item.questions[0], item.text, ()) for n, item in enumerate(items[:4])]
    recipe = Recipe(steps=6, passages=6, mixed=1)
    start = {name: value.clone() for name, value in model.state_dict().items()}
    monkeypatch.setattr(retriever, "SAVE_EVERY_S", -1.0)
    whole = train(model, tokenizer, sources, judged, tmp_path / "whole", recipe=recipe, say=lambda _: None).state_dict()
    whole = {name: value.clone() for name, value in whole.items()}

    def stop(path, *arguments, recipe):
        kept(path, *arguments, recipe=recipe)
        if arguments[4] == 3:
            raise CutOffError

    model.load_state_dict(start)
    kept = retriever.save
    monkeypatch.setattr(retriever, "save", stop)
    with pytest.raises(CutOffError):
        train(model, tokenizer, sources, judged, tmp_path / "cut", recipe=recipe, say=lambda _: None)
    monkeypatch.setattr(retriever, "save", kept)
    told: list[str] = []
    again = train(model, tokenizer, sources, judged, tmp_path / "cut", recipe=recipe, say=told.append).state_dict()
    assert any("at step 3" in line for line in told)
    assert all(torch.allclose(whole[name], again[name], atol=1e-6) for name in whole)
    assert not (tmp_path / "cut" / "checkpoint.pt").exists()


def test_a_checkpoint_of_another_recipe_is_not_gone_on_from(model, tmp_path):
    optimizer = make_optimizer(model, learning_rate=1e-3, weight_decay=0.0)
    rest = (model, optimizer, make_schedule(optimizer, 9), copy_weights(model))
    save(tmp_path / "c.pt", *rest, 3, recipe="one")
    assert resume(tmp_path / "c.pt", *rest, recipe="one", say=lambda _: None) == 3
    with pytest.raises(ValueError, match=r"c\.pt"):
        resume(tmp_path / "c.pt", *rest, recipe="other", say=lambda _: None)
