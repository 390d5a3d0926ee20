"""Readers and encoders that are not the shipped ones: any transformers reader, any sentence-transformers model."""

import json
import shutil

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors  # noqa: E402
from transformers import (  # noqa: E402
    AutoModelForQuestionAnswering,
    BertConfig,
    BertForQuestionAnswering,
    BertModel,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForQuestionAnswering,
)

from corpus.article import Passage  # noqa: E402
from corpus.errors import ModelError  # noqa: E402
from qa.reading import transformers_reader  # noqa: E402
from qa.reading.load import load_reader  # noqa: E402
from qa.reading.onnx import SHIPPED_FOLDER, Reader  # noqa: E402
from qa.reading.spans import EDGES, MAX_SPAN_TOKENS  # noqa: E402
from qa.reading.transformers_reader import TransformersReader  # noqa: E402

pytestmark = pytest.mark.slow

QUESTION = "Ai là Cục trưởng?"
SHORT = Passage("a.md", 40, 47, "Bộ Y tế", "Tin mới. ")
LETTERS = [chr(code) for code in (*range(33, 600), *range(0x1EA0, 0x1EFA))]


def make_bert(folder):
    """A random BERT reader that takes every character for a token and tells question and passage apart by type."""
    special = ["[PAD]", "[CLS]", "[SEP]", "[UNK]"]
    vocabulary = {token: number for number, token in enumerate([*special, *LETTERS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split("", "isolated")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    tokenizer.enable_padding(length=400)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, cls_token="[CLS]", sep_token="[SEP]", unk_token="[UNK]", pad_token="[PAD]",
        model_max_length=128, model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )  # fmt: skip
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=128, initializer_range=0.5,
    )  # fmt: skip
    return save(BertForQuestionAnswering, config, fast, folder)


def make_roberta(folder):
    """A random RoBERTa reader over bytes, so that a Vietnamese letter is two or three tokens."""
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: number for number, token in enumerate([*special, *alphabet])}
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>",
        unk_token="<unk>", pad_token="<pad>",
    )  # fmt: skip
    config = RobertaConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=130, type_vocab_size=1, pad_token_id=1, initializer_range=0.5,
    )  # fmt: skip
    return save(RobertaForQuestionAnswering, config, fast, folder)


def save(kind, config, tokenizer, folder):
    torch.manual_seed(3)
    kind(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("readers")
    return {"bert": make_bert(root / "bert"), "roberta": make_roberta(root / "roberta")}


@pytest.fixture(params=["bert", "roberta"])
def folder(request, folders):
    return folders[request.param]


def best_by_hand(folder, passage):
    """Return the highest score of any span of the passage, from transformers' own way to run the model."""
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    model = AutoModelForQuestionAnswering.from_pretrained(folder).eval()
    given = tokenizer(QUESTION, passage.contextual_text, return_offsets_mapping=True, padding=False)
    names = ["input_ids", "token_type_ids"] if folder.name == "bert" else ["input_ids"]
    with torch.no_grad():
        out = model(**{name: torch.tensor([given[name]]) for name in names})
    starts, ends = out.start_logits[0].numpy(), out.end_logits[0].numpy()
    shift = len(passage.context)
    body = [t for t, s in enumerate(given.sequence_ids()) if s == 1 and given["offset_mapping"][t][1] > shift]
    return max(
        starts[i] + ends[j] - starts[0] - ends[0]
        for i in body
        for j in body
        if 0 <= j - i < MAX_SPAN_TOKENS
        and passage.contextual_text[given["offset_mapping"][i][0] : given["offset_mapping"][j][1]].strip(EDGES)
    )


def test_the_best_span_is_the_one_that_transformers_own_way_finds(folder):
    (spans,) = load_reader(str(folder)).read(QUESTION, [SHORT])
    assert spans[0].score == pytest.approx(best_by_hand(folder, SHORT), abs=1e-3)


@pytest.fixture(scope="module")
def long_passage():
    sentence = "Ông Nguyễn Hoàng Long, Cục trưởng Cục Ngoại vụ, trình bày báo cáo tại Huế. "
    text = (sentence * 9).strip()
    return Passage("a.md", 7, 7 + len(text), text, "Hội nghị – Bản tin, ngày 12/8/2018. ")


def test_spans_quote_the_passage_wherever_a_window_ends(folder, long_passage):
    for passage in (SHORT, long_passage):
        (spans,) = load_reader(str(folder)).read(QUESTION, [passage])
        assert 1 <= len(spans) <= 3
        assert all(passage.start <= span.start < span.end <= passage.end for span in spans)
        assert all(passage.text[s.start - passage.start : s.end - passage.start] == s.text for s in spans)
        assert [s.score for s in spans] == sorted((s.score for s in spans), reverse=True)
        assert all(a.end <= b.start or b.end <= a.start for a in spans for b in spans if a is not b)


def test_the_windows_of_a_long_passage_cover_it_and_fit_the_model(folder, long_passage):
    reader = load_reader(str(folder))
    text = long_passage.contextual_text
    windows = reader._windows(QUESTION, text)
    read = {place for w in windows for s, span in zip(w.sequence_ids, w.offsets, strict=True) if s == 1
            for place in range(*span)}  # fmt: skip
    assert len(windows) > 1
    assert max(len(window.ids) for window in windows) <= 128
    assert {place for place, letter in enumerate(text) if not letter.isspace()} <= read


def test_a_question_longer_than_the_model_reads_is_cut(folder):
    assert len(load_reader(str(folder)).read("Q7k-Z9%w/" * 110, [SHORT])) == 1


def test_the_fingerprint_is_of_the_weights_and_not_of_their_place(folders, tmp_path):
    copied = shutil.copytree(folders["bert"], tmp_path / "copy")
    one = TransformersReader(str(folders["bert"])).fingerprint
    assert TransformersReader(str(copied)).fingerprint == one
    BertForQuestionAnswering(BertConfig.from_pretrained(copied)).save_pretrained(copied)
    assert TransformersReader(str(copied)).fingerprint != one
    assert TransformersReader(str(folders["roberta"])).fingerprint != one


def test_a_folder_of_the_shipped_layout_is_run_on_onnx():
    reader = load_reader(str(SHIPPED_FOLDER))
    assert isinstance(reader, Reader)
    assert (reader.name, reader.fingerprint) == ("shipped", load_reader().fingerprint)


def test_the_shipped_weights_say_the_same_through_transformers(reader, tmp_path):
    pytest.importorskip("onnx")
    from index.training.restore import main

    main(SHIPPED_FOLDER, tmp_path)  # as training leaves a reader: no configuration of the tokenizer
    text = "Người phụ trách đầu mối là ông Trần Văn Mẫu, Giám đốc Sở Ngoại vụ tỉnh Hà Giang."
    passage = Passage("a.md", 0, len(text), text, "Hội nghị. ")
    other = load_reader(str(tmp_path))
    (ours,), (theirs,) = (r.read("Ai là Giám đốc Sở Ngoại vụ?", [passage]) for r in (reader, other))
    assert theirs[0].text == ours[0].text
    assert theirs[0].score == pytest.approx(ours[0].score, abs=1.0)


def refusal(name):
    with pytest.raises(ModelError) as refused:
        load_reader(str(name), hub=True)
    for message in (refused.value.vi, refused.value.en):
        assert str(name) in message
        assert "--reader" in message
    assert refused.value.vi != refused.value.en
    return str(refused.value)


@pytest.mark.parametrize("name", ["/none/such", "./none", "../none/such", "models/none/such"])
def test_a_path_that_leads_nowhere_is_said_so_and_no_hub_is_asked(name, monkeypatch):
    monkeypatch.setattr(transformers_reader, "fetch", None)
    assert "no such folder" in refusal(name)


def test_a_name_below_a_folder_that_is_here_is_a_path_and_no_hub_is_asked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    monkeypatch.setattr(transformers_reader, "fetch", None)
    assert "no such folder" in refusal("models/reader")


def without(name):
    return lambda folder: (folder / name).unlink()


def with_text(name, text):
    return lambda folder: (folder / name).write_text(text)


def as_encoder(folder):
    BertModel(BertConfig.from_pretrained(folder), add_pooling_layer=False).save_pretrained(folder)


def with_too_few_rows(folder):
    config = BertConfig.from_pretrained(folder)
    config.vocab_size = 50
    BertForQuestionAnswering(config).save_pretrained(folder)


def with_nan(folder):
    model = BertForQuestionAnswering.from_pretrained(folder)
    torch.nn.init.constant_(model.qa_outputs.weight, np.nan)
    model.save_pretrained(folder)


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (without("config.json"), "no config.json"),
        (without("model.safetensors"), "model.safetensors"),
        (with_text("model.safetensors", "x"), ""),
        (with_text("config.json", "{"), ""),
        (with_text("tokenizer.json", "{"), ""),
        (as_encoder, "no weights qa_outputs"),
        (with_too_few_rows, "the weights 50"),
        (with_nan, "NaN"),
    ],
)
def test_a_broken_reader_is_said_to_be_broken(folders, tmp_path, spoil, what):
    folder = shutil.copytree(folders["bert"], tmp_path / "broken")
    spoil(folder)
    assert what in refusal(folder)


def test_a_tokenizer_without_offsets_is_refused(folders, tmp_path):
    """PhoBERT's: written in Python, it can't say where in the text a token stands."""
    folder = shutil.copytree(folders["roberta"], tmp_path / "phobert")
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
        (folder / name).unlink(missing_ok=True)
    (folder / "vocab.txt").write_text("a 1\n")
    (folder / "bpe.codes").write_text("#version: 0.2\n")
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "PhobertTokenizer"}))
    assert "no fast tokenizer" in refusal(folder)


# The command line


@pytest.fixture(scope="module")
def asked(qa, sample_index, folders):
    def ask(*arguments, reader="bert", **environment):
        return qa("ask", *arguments, "--index", sample_index, "--reader", folders[reader], **environment)

    return ask


@pytest.mark.parametrize("reader", ["bert", "roberta"])
def test_any_reader_answers_in_verified_quotes(asked, reader):
    ran = asked("Ai là Cục trưởng Cục Ngoại vụ?", "--min-confidence", "0", "--format", "json", reader=reader)
    answers = json.loads(ran.out)["answers"]
    assert answers
    assert all(citation["verified"] for answer in answers for citation in answer["citations"])


@pytest.mark.parametrize(("language", "said"), [("vi", "mô hình đọc đi kèm"), ("en", "the shipped reader")])
def test_another_reader_comes_with_a_word_about_confidence(asked, folders, language, said):
    ran = asked("Ai là Cục trưởng Cục Ngoại vụ?", QA_LANG=language)
    assert [line for line in ran.err.splitlines() if said in line and str(folders["bert"]) in line]


def test_the_shipped_reader_by_its_path_comes_without(qa, sample_index):
    ran = qa("ask", "Ai là Cục trưởng Cục Ngoại vụ năm 2018?", "--index", sample_index, "--reader", SHIPPED_FOLDER)
    assert (ran.code, ran.err) == (0, "")


def test_the_reader_may_stand_in_the_environment_and_read_a_batch(qa, sample_index, folders, tmp_path):
    (tmp_path / "two.jsonl").write_text('{"question": "Ai là Cục trưởng?"}\n{"question": "Ở đâu?"}\n')
    ran = qa("ask", "--batch", tmp_path / "two.jsonl", "--index", sample_index, QA_READER=str(folders["bert"]))
    assert len(ran.out.splitlines()) == 2
    assert ran.err.count(str(folders["bert"])) == 1


@pytest.mark.parametrize("command", [("ask", "Ai?"), ("eval", "run", "sample")])
def test_a_reader_that_is_not_there_fails_before_anything_is_done(qa, sample_index, tmp_path, command):
    ran = qa(*command, "--reader", tmp_path / "none", *(("--index", sample_index) if command[0] == "ask" else
             ("--out", tmp_path / "out")))  # fmt: skip
    assert (ran.code, ran.out) == (1, "")
    assert "--reader" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_run_is_told_by_its_reader(qa, sample_index, sample_corpus, folders, tmp_path, root):
    line = (root / "evals/questions/sample.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)[0]
    (tmp_path / "one.jsonl").write_text(line, encoding="utf-8")
    headers = []
    for name, reader in (("ours", "shipped"), ("theirs", folders["bert"])):
        ran = qa("eval", "run", tmp_path / "one.jsonl", "--index", sample_index, "--reader", reader, "--out",
                 tmp_path / name, "--lang", "en")  # fmt: skip
        assert ran.code == 0
        assert ("the shipped reader" in ran.err) is (name == "theirs")
        headers.append(json.loads((tmp_path / name / "one" / "run" / "run.json").read_text()))
    ours, theirs = headers
    assert ours["reader"] == load_reader().fingerprint[:12]
    assert theirs["reader"] == load_reader(str(folders["bert"])).fingerprint[:12]
    assert ours["model"] != theirs["model"]


def test_a_sentence_transformers_folder_indexes_and_is_kept(qa, folders, tmp_path):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    modules = [Transformer(str(folders["roberta"]), max_seq_length=120), Pooling(32, "cls")]
    SentenceTransformer(modules=modules, device="cpu").save(str(tmp_path / "model"), create_model_card=False)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").write_text("Ông Long là Cục trưởng Cục Ngoại vụ.\n", encoding="utf-8")
    index = ("--index", tmp_path / "index")
    assert qa("index", tmp_path / "articles", *index, "--model", tmp_path / "model").code == 0
    found = json.loads(qa("status", *index, "--format", "json").out)
    assert (found["encoder"], found["dimension"]) == (str(tmp_path / "model"), 32)
    model = ("--model", tmp_path / "model")
    assert qa("ask", "Ai là Cục trưởng Cục Ngoại vụ?", *index, *model).code in (0, 3)
    again = qa("index", tmp_path / "articles", *index, *model, "--format", "json")
    assert (again.code, json.loads(again.out)["embedded"]) == (0, 0)
    (tmp_path / "model").rename(tmp_path / "elsewhere")
    gone = qa("ask", "Ai là Cục trưởng Cục Ngoại vụ?", *index, *model, QA_LANG="en")
    assert gone.code == 1
    assert str(tmp_path / "model") in gone.err
