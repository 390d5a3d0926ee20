"""One contract over every encoder, and parity between the two ways to run the same model."""

import json
import shutil
from itertools import combinations

import numpy as np
import pytest
from tokenizers import Tokenizer

from corpus.errors import ModelError
from index.encoder import ONNX_FILE, SHIPPED_FOLDER, OnnxEncoder, SentenceTransformerEncoder, load_encoder

TEXTS = [
    "Cục Ngoại vụ họp tại Hà Nội.",
    "Sở Ngoại vụ Huế tiếp khách Nhật Bản, Hàn Quốc và 12 đoàn khác trong năm 2018.",
    "a",
    "",
    "🙂 ????",
    "ngoai vu " * 40,
]


def save_tiny(folder):
    """Write a random BERT as a sentence-transformers directory that also holds its network as plain ONNX."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from tokenizers import models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    from index.training.export import export_float
    from index.training.ship import TokenStates

    special = ["<s>", "<pad>", "</s>", "<unk>"]
    vocabulary = {token: number for number, token in enumerate(special + [chr(code) for code in range(33, 600)])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split("", "isolated")]
    )
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>",
        unk_token="<unk>", pad_token="<pad>", model_max_length=512,
    )  # fmt: skip
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=512, pad_token_id=1,
    )  # fmt: skip
    work = folder / "work"
    BertModel(config, add_pooling_layer=False).save_pretrained(work)
    fast.save_pretrained(work)
    model = SentenceTransformer(
        modules=[Transformer(str(work), max_seq_length=512), Pooling(32, "mean"), Normalize()],
        prompts={"query": "query: ", "passage": "passage: ", "document": "passage: "},
        device="cpu",
    )
    out = folder / "model"
    model.save(str(out), create_model_card=False)
    tokenizer.save(str(out / "tokenizer.json"))
    (out / ONNX_FILE).parent.mkdir()
    bert = BertModel.from_pretrained(work, add_pooling_layer=False, attn_implementation="eager").eval()
    export_float(TokenStates(bert), out / ONNX_FILE, outputs=["last_hidden_state"])
    return out


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return save_tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def tiny_onnx(tiny):
    return OnnxEncoder(tiny, name=str(tiny))


@pytest.fixture(scope="module")
def tiny_torch(tiny):
    return SentenceTransformerEncoder(str(tiny))


@pytest.fixture(
    params=[
        "encoder",
        pytest.param("tiny_onnx", marks=pytest.mark.slow),
        pytest.param("tiny_torch", marks=pytest.mark.slow),
    ]
)
def any_encoder(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("kind", ["query", "passage"])
@pytest.mark.parametrize("count", [0, 1, 2, len(TEXTS)])
def test_texts_become_rows_of_unit_length(any_encoder, kind, count):
    vectors = any_encoder.encode(TEXTS[:count], kind=kind)
    assert (vectors.shape, vectors.dtype) == ((count, any_encoder.dimension), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_vector_does_not_depend_on_its_neighbours(any_encoder):
    together = any_encoder.encode(TEXTS, kind="passage")
    alone = np.concatenate([any_encoder.encode([text], kind="passage") for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_the_same_text_gives_the_same_bits_again(any_encoder):
    once, again = (any_encoder.encode(TEXTS, kind="query") for _ in range(2))
    np.testing.assert_array_equal(once, again)


def test_a_query_and_a_passage_of_the_same_words_are_encoded_apart(any_encoder):
    query, passage = (any_encoder.encode(TEXTS[:1], kind=kind) for kind in ("query", "passage"))
    assert float(query[0] @ passage[0]) < 0.99999


def test_a_text_longer_than_the_model_reads_is_cut(any_encoder):
    long, longer = any_encoder.encode(["ngoai vu " * 600, "ngoai vu " * 900], kind="passage")
    np.testing.assert_allclose(long, longer, atol=1e-5)


def test_different_texts_have_different_vectors(any_encoder):
    vectors = any_encoder.encode(TEXTS, kind="passage")
    assert all(float(a @ b) < 0.99999 for a, b in combinations(vectors, 2))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["query", "passage"])
def test_both_ways_to_run_a_model_give_the_same_vectors(tiny_onnx, tiny_torch, kind):
    cosines = (tiny_onnx.encode(TEXTS, kind=kind) * tiny_torch.encode(TEXTS, kind=kind)).sum(axis=1)
    assert cosines.min() > 0.9999


@pytest.mark.slow
@pytest.mark.parametrize(
    "prompts",
    [{"query": "q: ", "document": "d: "}, {"query": "q: ", "document": "d: ", "passage": "d: "}, {}, None],
    ids=["document", "both", "none", "saved before prompts were known"],
)
def test_prompts_are_put_in_front_as_sentence_transformers_does(tiny, tmp_path, prompts):
    folder = shutil.copytree(tiny, tmp_path / "model")
    path = folder / "config_sentence_transformers.json"
    config = json.loads(path.read_text()) | {"prompts": prompts}
    path.write_text(json.dumps({key: value for key, value in config.items() if value is not None}))
    one, other = load_encoder(str(folder)), SentenceTransformerEncoder(str(folder))
    for kind in ("query", "passage"):
        cosines = (one.encode(TEXTS, kind=kind) * other.encode(TEXTS, kind=kind)).sum(axis=1)
        assert cosines.min() > 0.9999, kind


def set_pooling(folder, mode):
    path = folder / "1_Pooling" / "config.json"
    config = json.loads(path.read_text())
    path.write_text(json.dumps(config | {"pooling_mode": mode}))
    return folder


@pytest.mark.slow
def test_a_model_that_does_not_take_the_mean_is_never_run_as_if_it_did(tiny, tmp_path):
    folder = str(set_pooling(shutil.copytree(tiny, tmp_path / "model"), "cls"))
    one, other = load_encoder(folder), SentenceTransformerEncoder(folder)
    cosines = (one.encode(TEXTS, kind="passage") * other.encode(TEXTS, kind="passage")).sum(axis=1)
    assert cosines.min() > 0.9999


@pytest.mark.slow
def test_a_tokenizer_saved_with_padding_is_run_without(tiny, tmp_path):
    folder = shutil.copytree(tiny, tmp_path / "model")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_padding(pad_id=1, pad_token="<pad>")
    tokenizer.save(str(folder / "tokenizer.json"))
    encoder = OnnxEncoder(folder)
    together = encoder.encode(TEXTS, kind="passage")
    alone = np.concatenate([encoder.encode([text], kind="passage") for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-5)


@pytest.mark.slow
def test_a_directory_with_the_network_is_run_directly_and_one_without_by_sentence_transformers(tiny, tmp_path):
    folder = shutil.copytree(tiny, tmp_path / "model")
    assert isinstance(load_encoder(str(folder)), OnnxEncoder)
    shutil.rmtree(folder / "onnx")
    assert isinstance(load_encoder(str(folder)), SentenceTransformerEncoder)


def test_the_shipped_encoder_is_what_is_loaded_by_default(encoder):
    assert (encoder.folder, encoder.name, encoder.dimension) == (SHIPPED_FOLDER, "shipped", 384)


def test_the_shipped_encoder_puts_the_answering_passage_nearest(encoder):
    passages = [
        "Ông Nguyễn Hoàng Long là Cục trưởng Cục Ngoại vụ.",
        "Giá vàng trong nước hôm nay tăng mạnh.",
        "Đội tuyển bóng đá nữ thắng trận mở màn.",
    ]
    (query,) = encoder.encode(["Ai đứng đầu Cục Ngoại vụ?"], kind="query")
    assert int(np.argmax(encoder.encode(passages, kind="passage") @ query)) == 0


def copied(folder, **changed):
    """The shipped directory by links, with some of its files written anew (None: left out)."""
    for path in SHIPPED_FOLDER.rglob("*"):
        name = path.relative_to(SHIPPED_FOLDER)
        if path.is_file() and str(name) not in changed:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).symlink_to(path)
    for name, content in changed.items():
        if content is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    return folder


PROMPTS = b'{"prompts": {"query": "h: ", "passage": "b: "}}'


def test_the_fingerprint_is_of_the_files_and_not_of_their_place(encoder, tmp_path):
    assert OnnxEncoder(copied(tmp_path), name="copy").fingerprint == encoder.fingerprint


@pytest.mark.parametrize(
    ("name", "content"), [("config_sentence_transformers.json", PROMPTS), ("tokenizer.json", b"x"), (ONNX_FILE, b"x")]
)
def test_the_fingerprint_changes_with_whatever_decides_the_vectors(encoder, tmp_path, name, content):
    assert OnnxEncoder(copied(tmp_path, **{name: content})).fingerprint != encoder.fingerprint


@pytest.mark.slow
def test_the_fingerprint_changes_with_the_pooling(tiny, tmp_path):
    folder = shutil.copytree(tiny, tmp_path / "model")
    before = SentenceTransformerEncoder(str(folder)).fingerprint
    assert SentenceTransformerEncoder(str(set_pooling(folder, "cls"))).fingerprint != before


@pytest.mark.slow
def test_the_fingerprint_of_a_model_loaded_twice_is_the_same(tiny, tiny_torch):
    assert SentenceTransformerEncoder(str(tiny)).fingerprint == tiny_torch.fingerprint


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", b"\xff\xfe", None], ids=repr)
@pytest.mark.parametrize("name", ["config.json", "config_sentence_transformers.json", "tokenizer.json", ONNX_FILE])
def test_a_damaged_model_is_said_to_be_damaged_and_where(tmp_path, name, content):
    encoder = OnnxEncoder(copied(tmp_path, **{name: content}))
    with pytest.raises(ModelError) as caught:
        _ = encoder.dimension, encoder.prompts, encoder.fingerprint, encoder.encode(["a"], kind="query")
    assert str(tmp_path / name) in caught.value.vi
    assert str(tmp_path / name) in caught.value.en


def test_a_model_that_does_not_say_how_long_its_vectors_are_is_damaged(tmp_path):
    with pytest.raises(ModelError, match=r"config\.json"):
        _ = OnnxEncoder(copied(tmp_path, **{"config.json": b"{}"})).dimension


@pytest.mark.slow
def test_a_folder_that_holds_no_model_is_said_so(tmp_path):
    with pytest.raises(ModelError) as caught:
        load_encoder(str(tmp_path))
    assert str(tmp_path) in caught.value.vi
    assert "--model" in caught.value.en
