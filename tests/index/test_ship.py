"""Shipping an encoder: what stands in its folder goes, but for its card; the sums are of the rest."""

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from tokenizers import Tokenizer, models, pre_tokenizers, processors  # noqa: E402
from transformers import BertConfig, BertModel  # noqa: E402

from index.encoder import CHECKSUMS, ONNX_FILE, load_encoder  # noqa: E402
from index.training.ship import ship  # noqa: E402

pytestmark = pytest.mark.slow
WORDS = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "query", "passage", ":", "hội", "nghị"]


@pytest.fixture
def trained(tmp_path):
    """A tiny float32 encoder as training leaves it."""
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=64, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
        pad_token_id=1,
    )  # fmt: skip
    BertModel(config, add_pooling_layer=False).save_pretrained(tmp_path / "trained")
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    tokenizer.save(str(tmp_path / "trained" / "tokenizer.json"))
    return tmp_path / "trained"


def test_a_model_shipped_again_keeps_its_card_and_nothing_else(trained, tmp_path):
    out = tmp_path / "model"
    ship(trained, out)
    before = (out / CHECKSUMS).read_text()
    (out / "README.md").write_text("card")
    (out / "old.bin").write_text("x")
    (out / "onnx" / "old.bin").write_text("x")
    ship(trained, out)
    assert (out / "README.md").read_text() == "card"
    assert not list(out.rglob("old.bin"))
    assert (out / CHECKSUMS).read_text() == before
    assert ONNX_FILE in before
    assert load_encoder(str(out)).encode(["hội nghị"], kind="query").shape == (1, 32)


def test_a_folder_of_something_else_is_not_emptied(trained, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    with pytest.raises(ValueError, match="something else"):
        ship(trained, tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").exists()
