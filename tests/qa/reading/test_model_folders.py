"""A folder with a model may come from anybody: none of its code runs, nothing in it is unpickled."""

import json
import os
import pickle
import shutil
from contextlib import suppress

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from corpus.errors import ModelError  # noqa: E402
from index.encoder import load_encoder  # noqa: E402
from qa.reading.load import load_reader  # noqa: E402

pytestmark = pytest.mark.slow

SIZE = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A random reader with its tokenizer."""
    from tokenizers import Tokenizer, models
    from transformers import BertConfig, BertForQuestionAnswering, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("models") / "reader"
    words = {word: number for number, word in enumerate(["[PAD]", "[CLS]", "[SEP]", "[UNK]", "a"])}
    BertForQuestionAnswering(BertConfig(vocab_size=len(words), **SIZE)).save_pretrained(folder)
    PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel(words, unk_token="[UNK]")), unk_token="[UNK]", pad_token="[PAD]",
        cls_token="[CLS]", sep_token="[SEP]",
    ).save_pretrained(folder)  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def sentences(plain, tmp_path_factory):
    """A random encoder: transformer, pooling and a dense layer, each with files of its own."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer

    folder = tmp_path_factory.mktemp("models") / "encoder"
    modules = [Transformer(str(plain)), Pooling(32, "mean"), Dense(32, 8)]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder), create_model_card=False)
    return folder


class Bomb:
    """What leaves a mark when it is unpickled."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return (os.mkdir, (str(self.mark),))


def code(mark):
    return f"import os\nos.mkdir({str(mark)!r})\nclass Evil:\n    load = None\n"


def change(path, **values):
    path.write_text(json.dumps({**(json.loads(path.read_text()) if path.exists() else {}), **values}))


def map_to_code(folder, mark):
    (folder / "modeling_evil.py").write_text(code(mark))
    kinds = ("AutoConfig", "AutoModel", "AutoModelForQuestionAnswering", "AutoTokenizer")
    mapped = dict.fromkeys(kinds, "modeling_evil.Evil")
    change(folder / "config.json", model_type="evil", architectures=["Evil"], auto_map=mapped)


def map_a_known_kind_to_code(folder, mark):
    map_to_code(folder, mark)
    change(folder / "config.json", model_type="bert")


def map_the_tokenizer_to_code(folder, mark):
    (folder / "modeling_evil.py").write_text(code(mark))
    name = "modeling_evil.Evil"
    change(folder / "tokenizer_config.json", tokenizer_class="Evil", auto_map={"AutoTokenizer": [name, name]})


def bomb_for_weights(folder, mark):
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Bomb(mark)))


def zipped_bomb_for_weights(folder, mark):
    (folder / "model.safetensors").unlink()
    torch.save({"a": Bomb(mark)}, folder / "pytorch_model.bin")


def shards_that_are_bombs(folder, mark):
    (folder / "model.safetensors").unlink()
    torch.save({"a": Bomb(mark)}, folder / "weights.bin")
    change(folder / "model.safetensors.index.json", metadata={}, weight_map={"a": "weights.bin"})


def code_as_a_module(type_):
    def spoil(folder, mark):
        for name in ("evil.py", "modeling_evil.py"):
            (folder / name).write_text(code(mark))
        modules = json.loads((folder / "modules.json").read_text())
        modules[-1]["type"] = type_
        (folder / "modules.json").write_text(json.dumps(modules))

    return spoil


def code_trusted_by_the_folder_itself(folder, mark):
    map_to_code(folder, mark)
    trust = {"trust_remote_code": True}
    change(folder / "sentence_bert_config.json", model_args=trust, config_args=trust, tokenizer_args=trust,
           model_kwargs=trust, config_kwargs=trust, processor_kwargs=trust)  # fmt: skip


def bomb_in_a_layer(folder, mark):
    (layer,) = [path for path in folder.iterdir() if path.name.endswith("Dense")]
    bomb_for_weights(layer, mark)


def code_as_an_activation(folder, mark):
    (layer,) = [path for path in folder.iterdir() if path.name.endswith("Dense")]
    (folder / "evil.py").write_text(code(mark))
    change(layer / "config.json", activation_function="evil.Evil")


OF_ANY_KIND = (map_to_code, map_a_known_kind_to_code, map_the_tokenizer_to_code, bomb_for_weights,
               zipped_bomb_for_weights, shards_that_are_bombs)  # fmt: skip
OF_ENCODERS = (
    *map(code_as_a_module, ("evil.Evil", "modeling_evil.Evil", "os.system", "sentence_transformers.util.os")),
    code_trusted_by_the_folder_itself, bomb_in_a_layer, code_as_an_activation,
)  # fmt: skip


def open_and_use(load, folder):
    with suppress(ModelError):  # any other error is one that a user would see as a traceback
        opened = load(str(folder))
        if load is load_encoder:
            opened.encode(["a"], kind="query")


def test_nothing_that_a_folder_holds_is_run_or_unpickled(plain, sentences, tmp_path, monkeypatch):
    """Opened where it stands and from inside, where Python would find its modules."""
    kinds = [(load_reader, plain, spoil) for spoil in OF_ANY_KIND]
    kinds += [(load_encoder, sentences, spoil) for spoil in (*OF_ANY_KIND, *OF_ENCODERS)]
    ran = []
    for number, (load, source, spoil) in enumerate(kinds):
        folder, mark = shutil.copytree(source, tmp_path / str(number)), tmp_path / f"mark-{number}"
        spoil(folder, mark)
        monkeypatch.chdir(folder)
        open_and_use(load, folder)
        if mark.exists():
            ran.append((load.__name__, spoil.__qualname__, number))
    assert ran == []


def test_the_bombs_would_leave_a_mark(tmp_path):
    pickle.loads(pickle.dumps(Bomb(tmp_path / "mark")))
    assert (tmp_path / "mark").is_dir()


def test_weights_that_would_be_unpickled_are_refused_even_if_they_are_harmless(plain, sentences, tmp_path):
    from safetensors.torch import load_file

    for load, source in ((load_reader, plain), (load_encoder, sentences)):
        folder = shutil.copytree(source, tmp_path / source.name)
        torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
        (folder / "model.safetensors").unlink()
        with pytest.raises(ModelError, match="safetensors"):
            load(str(folder))
