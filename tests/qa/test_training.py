"""The reader's training: what a run leaves alone."""

import pytest

torch = pytest.importorskip("torch")

from transformers import BertConfig, BertForQuestionAnswering  # noqa: E402

from qa.training.features import Feature  # noqa: E402
from qa.training.loop import Recipe, freeze, train  # noqa: E402


@pytest.fixture
def reader():
    torch.manual_seed(1)
    sizes = {"vocab_size": 40, "hidden_size": 16, "num_hidden_layers": 3, "num_attention_heads": 2}
    return BertForQuestionAnswering(BertConfig(**sizes, intermediate_size=24, max_position_embeddings=32))


def moving(model):
    return {name for name, weights in model.named_parameters() if weights.requires_grad}


def test_freezing_holds_the_word_vectors_and_the_lowest_layers(reader):
    freeze(reader, 2)
    assert moving(reader)
    assert not [name for name in moving(reader) if "embeddings" in name or ".layer.0." in name or ".layer.1." in name]
    assert any(".layer.2." in name for name in moving(reader))
    assert "qa_outputs.weight" in moving(reader)


def test_no_layers_frozen_leaves_everything_to_be_trained(reader):
    freeze(reader, 0)
    assert len(moving(reader)) == len(list(reader.parameters()))


def test_a_run_changes_what_is_free_and_nothing_that_is_frozen(reader, tmp_path):
    before = {name: weights.clone() for name, weights in reader.named_parameters()}
    sequences = [Feature((1, 5, 2, 7 + n, 8, 9, 3), 3, 3, 4) for n in range(6)]
    recipe = Recipe(epochs=2.0, tokens=28, frozen=2, average=0.5)
    trained = train(reader, lambda _: sequences, tmp_path, recipe=recipe, say=lambda _: None)
    changed = {name for name, weights in trained.named_parameters() if not torch.equal(weights, before[name])}
    assert "qa_outputs.weight" in changed
    assert not [name for name in changed if "embeddings" in name or ".layer.0." in name or ".layer.1." in name]
