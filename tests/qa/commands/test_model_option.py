"""Which models are opened: the shipped ones, and what `--model` and `--reader` name on this command line."""

import json
import shutil
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from corpus.visible import visible
from index.build import build_index
from index.encoder import ONNX_FILE, SHIPPED_FOLDER, load_encoder

ASKED = "Ai là Cục trưởng Cục Ngoại vụ năm 2018?"
HUBS = "somebody/encoder-of-theirs"


@pytest.fixture(scope="module")
def index_made_with(sample_corpus, tmp_path_factory):
    """Index some articles by the shipped network, the index saying that another model did it."""

    def build(name):
        folder = tmp_path_factory.mktemp("named")
        (folder / "articles").mkdir()
        for path in sorted(sample_corpus.glob("2018-08-*.md")):
            shutil.copy(path, folder / "articles")
        build_index([folder / "articles"], folder / "index", replace(load_encoder(), name=name))
        return folder / "index"

    return build


@pytest.fixture(scope="module")
def of_a_hub(index_made_with):
    return index_made_with(HUBS)


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A folder of one's own: the shipped encoder's files."""
    folder = tmp_path_factory.mktemp("own") / "model"
    shutil.copytree(SHIPPED_FOLDER, folder)
    return folder


def commands(index, root, out):
    """Every command that opens an encoder."""
    (out / "one.jsonl").write_text(
        (root / "evals/questions/sample.jsonl").read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8"
    )
    (out / "batch.jsonl").write_text(json.dumps({"question": ASKED}) + "\n", encoding="utf-8")
    return {
        "ask": ("ask", ASKED),
        "batch": ("ask", "--batch", out / "batch.jsonl"),
        "search": ("search", ASKED),
        "dense": ("search", ASKED, "--mode", "dense"),
        "timeline": ("timeline", "Cục trưởng Cục Ngoại vụ"),
        "index": ("index", index.parent / "articles"),
        "rebuild": ("index", index.parent / "articles", "--rebuild"),
        "doctor": ("doctor",),
        "eval": ("eval", "run", out / "one.jsonl", "--out", out / "runs"),
    }


def failures(qa, index, root, out, *more, judge):
    found = {}
    for name, command in commands(index, root, out).items():
        ran = qa(*command, "--index", index, *more)
        if not judge(ran):
            found[name] = ran
    return found


def test_what_an_index_names_is_never_opened_and_the_option_to_add_is_said(qa, of_a_hub, root, tmp_path, monkeypatch):
    for opened in ("index.encoder.fetch", "index.encoder.SentenceTransformerEncoder"):
        monkeypatch.setattr(opened, None)
    for language in ("vi", "en"):
        monkeypatch.setenv("QA_LANG", language)
        more = () if language == "vi" else ("--lang", "en")
        said = f"--model {HUBS}"
        told = failures(qa, of_a_hub, root, tmp_path, *more, judge=lambda r, s=said: r.code == 1 and s in r.out + r.err)
        assert told == {}


def test_a_folder_that_an_index_names_is_not_opened_either(qa, index_made_with, copied, root, tmp_path):
    index = index_made_with(str(copied))
    refused = failures(qa, index, root, tmp_path, judge=lambda ran: ran.code == 1 and str(copied) in ran.out + ran.err)
    assert refused == {}


def test_with_the_option_a_folder_of_ones_own_does_everything(qa, index_made_with, copied, root, tmp_path):
    index = index_made_with(str(copied))
    assert failures(qa, index, root, tmp_path, "--model", copied, judge=lambda ran: ran.code == 0) == {}


def test_lexical_search_and_what_needs_no_encoder_work_without_the_option(qa, of_a_hub):
    for command in (
        ("search", ASKED, "--mode", "lexical"),
        ("cite", "--quote", "Nguyễn Hoàng Long"),
        ("verify",),
        ("status",),
    ):
        assert qa(*command, "--index", of_a_hub).code == 0, command


def test_another_model_than_the_indexes_is_refused(qa, sample_index, copied, tmp_path):
    config = copied / "config_sentence_transformers.json"
    other = shutil.copytree(copied, tmp_path / "other")
    (other / config.name).write_text(json.dumps({"prompts": {"query": "x: "}}), encoding="utf-8")
    for command in (("ask", ASKED), ("search", ASKED), ("timeline", "Cục trưởng Cục Ngoại vụ"), ("doctor",)):
        assert qa(*command, "--index", sample_index, "--model", other).code == 1, command


def test_a_model_that_is_not_there_is_said_so_in_both_languages(qa, sample_index, tmp_path):
    for name in (tmp_path / "none", "none", "a/b/c"):
        told = [qa("ask", ASKED, "--index", sample_index, "--model", name, "--lang", lang) for lang in ("vi", "en")]
        assert [ran.code for ran in told] == [1, 1]
        assert all("--model" in ran.err and str(name) in ran.err for ran in told)
        assert told[0].err != told[1].err


def test_an_update_may_go_over_to_the_shipped_model(qa, index_made_with):
    index = index_made_with(HUBS)
    assert qa("index", index.parent / "articles", "--index", index, "--model", "shipped").code == 0
    assert qa("ask", ASKED, "--index", index).code == 0


def test_the_shipped_folder_by_its_path_is_the_shipped_model():
    assert load_encoder(str(SHIPPED_FOLDER)).name == "shipped"
    assert load_encoder(str(SHIPPED_FOLDER / "onnx" / "..")).name == "shipped"
    assert (SHIPPED_FOLDER / ONNX_FILE).is_file()


def test_a_name_in_an_index_is_shown_and_obeyed_by_no_terminal_and_no_shell(qa, index_made_with):
    for name in (
        "\x1b[31mred",
        "a\nb",
        "$(touch pwned)",
        "`id`",
        "x'; id; '",
        "a b",
        "\u202eevil",
        "--rebuild",
        "n" * 4000,
    ):
        ran = qa("ask", ASKED, "--index", index_made_with(name), "--lang", "en")
        assert ran.code == 1
        assert len(ran.err.splitlines()) == 1
        assert len(ran.err) < 2000
        assert not any(letter in ran.err for letter in "\x1b\u202e")
        option = ran.err.split("add: ")[1].split(". Or embed")[0]
        assert visible(name[:300], inline=True) in ran.err
        assert option == "--model …"  # the name is to be typed by whoever trusts it
    ran = qa("ask", ASKED, "--index", index_made_with("models/mine-1.0"), "--lang", "en")
    assert "add: --model models/mine-1.0." in ran.err


# The hub, by the requests that reach one


@pytest.fixture
def hub(tmp_path):
    """A hub that has nothing, on this machine: its address as the environment has it, and what was asked of it."""
    asked = []

    class Nothing(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers.get("authorization"), self.headers.get("user-agent", "")))
            self.send_error(404)

        do_HEAD = do_POST = do_GET  # noqa: N815 - the names that the standard library calls

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Nothing)
    Thread(target=server.serve_forever, daemon=True).start()
    home = {"HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}", "HF_HOME": str(tmp_path / "hf")}
    yield {**home, "HF_HUB_OFFLINE": "0", "HF_TOKEN": "hf_secret"}, asked
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_a_hub_is_asked_for_a_name_on_this_command_line_and_told_nothing_else(process, of_a_hub, hub):
    environment, asked = hub
    for option in ("--model", "--reader"):
        more = () if option == "--model" else ("--model", str(SHIPPED_FOLDER))
        ran = process("ask", ASKED, "--index", str(of_a_hub), *more, option, "somebody/model", **environment)
        assert ran.code == 1
        assert "somebody/model" in ran.err
        assert option in ran.err
        assert asked
        assert all("somebody/model" in path for path, _, _ in asked)
        assert [token for _, token, _ in asked if token] == []
        asked.clear()


@pytest.mark.slow
def test_no_environment_and_no_index_leads_to_a_hub(process, of_a_hub, sample_index, hub):
    environment, asked = hub
    by_variable = process("ask", ASKED, "--index", str(sample_index), QA_READER="somebody/reader", **environment)
    assert by_variable.code == 1
    assert "somebody/reader" in by_variable.err
    assert "QA_READER" in by_variable.err
    assert "Traceback" not in by_variable.err
    assert process("ask", ASKED, "--index", str(of_a_hub), **environment).code == 1
    assert process("doctor", "--index", str(of_a_hub), **environment).code == 1
    assert asked == []
