"""Articles that try to command the terminal: everything of theirs is shown, nothing is obeyed, in every format."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import QaError
from corpus.text import nfc
from corpus.visible import visible
from qa.citing.citation import cite
from qa.question.parse import parse_question
from qa.result import Answer, Result, Status
from qa.show.json import to_json
from qa.show.markdown import result_to_markdown
from qa.show.terminal import show_result

FORMATS = ["text", "md", "json", "jsonl"]
EVIL = "\x1b[31m\x9b1m\u202e\u200b\U000e0041\xad\u3164\ufe0f\u2028x" + "\u0301" * 9
TITLE = f"Tin {EVIL}đỏ"
SOURCE = f"Báo {EVIL}Một"
NAME = f"bài {EVIL}một.md"
OTHER = f"hai{EVIL}.md"
SENTENCE = f"Ông Nguyễn{EVIL} Hoàng Long là Cục trưởng Cục Ngoại vụ năm 2018.\x1b]0;chiếm\x07"
QUESTION = f"Ai là{EVIL} Cục trưởng Cục Ngoại vụ năm 2018?"


def head(**fields):
    """Write front matter, every character beyond ASCII by its code."""
    return "---\n" + "".join(f'{name}: "{_yaml(text)}"\n' for name, text in fields.items()) + "---\n\n"


def _yaml(text):
    return "".join(c if " " <= c <= "~" else f"\\U{ord(c):08x}" for c in text)


HEAD = head(title=TITLE, date="2018-08-12", source=SOURCE, author=f"Ban {EVIL}", url=f"https://a.vn/{EVIL}")


@pytest.fixture(scope="module")
def hostile(indexed, tmp_path_factory) -> Path:
    """An index, itself in a folder of a hostile name, of a hostile article and of another that was edited since."""
    folder = tmp_path_factory.mktemp("hostile") / f"kho {EVIL}"
    folder.mkdir()
    other = f"Bài {EVIL}hai nói về mùa màng ở Sơn La.\n"
    index = indexed(folder, {NAME: HEAD + SENTENCE + "\n", OTHER: other})
    (folder / "articles" / OTHER).write_text(other * 2, encoding="utf-8")
    return index.directory


@pytest.fixture(scope="module")
def citation_id(qa, hostile) -> str:
    found = qa("cite", "--quote", "Hoàng Long là Cục trưởng", "--index", hostile, "--format", "json")
    return json.loads(found.out)[0]["id"]


@pytest.fixture(scope="module")
def ways(hostile, citation_id, tmp_path_factory) -> list[tuple[object, ...]]:
    """Every way to have something printed of a hostile text, right or wrong."""
    folder = tmp_path_factory.mktemp("ways") / f"ra {EVIL}"
    folder.mkdir()
    (folder / NAME).write_text(HEAD + SENTENCE, encoding="utf-8")
    (folder / f"copy {NAME}").write_text(HEAD + SENTENCE, encoding="utf-8")
    (folder / f"bad{EVIL}.md").write_bytes(b"\xff")
    lines = [{"id": EVIL, "question": QUESTION}, {"question": EVIL}, {"question": EVIL, "as_of": EVIL}, EVIL]
    batch = folder / f"câu {EVIL}.jsonl"
    batch.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    quoted, sure = ("cite", "--quote", SENTENCE), ("--min-confidence", "0")
    printed = [
        ("search", "Cục trưởng Cục Ngoại vụ", "--mode", "lexical"), ("ask", QUESTION, *sure),
        ("timeline", f"Cục trưởng Cục Ngoại vụ {EVIL}", *sure), quoted, ("cite", citation_id), ("verify",), ("status",),
    ]  # fmt: skip
    once = [
        ("ask", "--batch", batch), ("ask", "--batch", f"{batch}x"), ("ask", QUESTION, "--as-of", EVIL),
        ("ask", QUESTION, "--since", EVIL), ("ask", QUESTION, "--reader", EVIL), ("search", EVIL, "--source", EVIL),
        ("timeline", "Cục trưởng Cục Ngoại vụ", *sure, "--plot", folder / "a.svg"),
        ("timeline", "Cục trưởng", "--plot", folder / "a" / EVIL), ("timeline", EVIL, "--min-confidence", "1"),
        ("cite", "--quote", f"{EVIL} Hoàng Long là Cục phó"), ("cite", EVIL), ("cite", "\udc80#1-2@0123abcd"),
        ("ask", f"\udc80 {QUESTION}"), ("search", "\udc80 Long", "--source", "\udc80"),
        ("timeline", "Cục trưởng \udc80"),
        ("cite", "--quote", "Hoàng Long \udc80 là Cục"),
        ("cite", f"{EVIL}{citation_id}"),
        ("cite", citation_id.replace(NAME, OTHER)), ("doctor", "--format", "md"),
        *((*quoted, "--export", form) for form in ("footnote", "markdown", "csl-json", "bibtex")),
    ]  # fmt: skip
    ways = [(*way, "--format", output) for way in printed for output in FORMATS] + once
    built = [("index", folder, "--index", folder / "kho"), ("index", folder / EVIL, "--index", folder / "kho")]
    return [*((*way, "--index", hostile) for way in ways), *built, ("status", "--index", folder / EVIL)]


@pytest.fixture(scope="module")
def runs(qa, ways):
    """What every one of those ways prints."""
    return {way: qa(*way) for way in ways}


def test_nothing_of_an_article_or_of_what_was_typed_acts_or_hides(runs, unseen):
    assert sum(ran.code == 0 for ran in runs.values()) > len(FORMATS) * 5
    assert {way: ran for way, ran in runs.items() if unseen(ran.out + ran.err)} == {}


def test_no_hostile_text_falls_out_of_the_tree_of_errors(runs):
    assert {way: ran.code for way, ran in runs.items() if ran.code not in (0, 1, 2, 3, 4)} == {}
    assert [ran.err for ran in runs.values() if "Traceback" in ran.err] == []


def test_json_is_json_whatever_the_text(runs):
    for way, ran in runs.items():
        if "json" in way:
            assert json.loads(ran.out), way
        elif "jsonl" in way:
            assert all(json.loads(line) for line in ran.out.splitlines()), way


@pytest.mark.parametrize("output", ["text", "md"])
@pytest.mark.parametrize("way", [("search", "Cục trưởng", "--mode", "lexical"), ("cite", "--quote", SENTENCE)])
def test_a_control_character_is_shown_by_its_code(qa, hostile, way, output):
    out = qa(*way, "--index", hostile, "--format", output).out
    unescaped = out.replace("\\\\", "\\").replace("\\[", "[").replace("«", "")
    assert "Nguyễn\\x1b[31m\\x9b1m\\u202e\\u200b\\U000e0041" in unescaped


@pytest.mark.parametrize("output", ["json", "jsonl"])
def test_json_gives_the_true_text_back(qa, hostile, output):
    ran = qa("search", "Cục trưởng", "--mode", "lexical", "-n", "1", "--index", hostile, "--format", output)
    row = json.loads(ran.out) if output == "jsonl" else json.loads(ran.out)[0]
    text = Path(row["path"]).read_text(encoding="utf-8")
    assert (row["article"], row["title"], row["source"]) == (
        nfc(NAME),
        *(" ".join(nfc(name).split()) for name in (TITLE, SOURCE)),
    )
    assert row["text"] == nfc(text)[row["start"] : row["end"]] != ""


def test_a_citation_id_as_it_is_shown_leads_to_its_article(qa, hostile, citation_id):
    shown = visible(citation_id, inline=True)
    assert shown != citation_id
    assert shown in qa("cite", citation_id, "--index", hostile).out
    (found,) = json.loads(qa("cite", shown, "--index", hostile, "--format", "json").out)
    assert (found["id"], found["verified"]) == (citation_id, True)


@given(st.recursive(texts := st.text(st.characters(exclude_categories=["Cs"])), lambda v: st.dictionaries(texts, v)))
def test_json_is_exact_and_holds_nothing_that_acts(unseen, value):
    for indent in (None, 2):
        assert json.loads(to_json(value, indent=indent)) == value
        assert unseen(to_json(value, indent=indent)) == []


def test_a_half_of_a_character_is_itself_in_json():
    assert to_json("a\ud800\U000e0041") == '"a\\ud800\\udb40\\udc41"'


@pytest.fixture(scope="module")
def answered(indexed, tmp_path_factory) -> Result:
    """An answer that quotes a hostile article, whatever the reader would think of it."""
    index = indexed(tmp_path_factory.mktemp("answered"), {NAME: HEAD + SENTENCE + "\n"})
    stored = index.database.article(NAME)
    assert stored is not None
    start = stored.article.text.index("Nguyễn")
    citation = cite(stored.article, start, stored.article.text.index(" là Cục trưởng"))
    answer = Answer(citation.quote, 0.9, citation.date, (citation, citation))
    question = parse_question(QUESTION)
    return Result(question, Status.ANSWERED, (answer, answer), (), (), (), (), (), {})


def test_an_answer_as_text_passes_nothing_on_that_acts(answered, unseen, capsys):
    show_result(answered)
    shown = capsys.readouterr().out
    assert "«Nguyễn\\x1b[31m\\x9b1m\\u202e\\u200b" in shown
    assert unseen(shown) == []


def test_an_answer_as_markdown_or_json_passes_nothing_on_that_acts(answered, unseen):
    assert unseen(result_to_markdown(answered)) == []
    assert unseen(to_json(answered.to_json())) == []


# Markdown


MARKED = "Cục trưởng *Nguyễn* [Long](https://example.org) <img src=x> `mã` # nói"


@pytest.fixture(scope="module")
def marked(indexed, tmp_path_factory) -> Path:
    return indexed(tmp_path_factory.mktemp("marked"), {"a.md": f"Mở đầu bài viết.\n\n{MARKED}.\n"}).directory


@pytest.mark.parametrize(
    "way",
    [("search", "Cục trưởng Nguyễn Long", "--mode", "lexical"), ("cite", "--quote", "src=x> `mã` # nói")],
    ids=["search", "cite"],
)
def test_markup_in_an_article_is_escaped_in_markdown(qa, marked, way):
    out = qa(*way, "--index", marked, "--format", "md").out
    assert "\\[Long\\](https" in out
    assert "\\<img" in out


@pytest.fixture(scope="module")
def forged(indexed, tmp_path_factory) -> Path:
    """An index of a file whose name holds a line feed and back ticks."""
    name = "a\nGIẢ `mạo` .md"
    return indexed(tmp_path_factory.mktemp("forged"), {name: "Mở đầu bài viết.\n\nCục trưởng Long nói.\n"}).directory


@pytest.mark.parametrize("output", FORMATS)
@pytest.mark.parametrize("way", [("search", "Cục trưởng Long", "--mode", "lexical"), ("cite", "--quote", "Long nói")])
def test_a_file_name_forges_no_line(qa, forged, way, output):
    out = qa(*way, "--index", forged, "--format", output).out
    assert "GIẢ" in out
    assert not any(line.startswith("GIẢ") for line in out.splitlines())


def test_a_back_tick_in_a_file_name_ends_no_code_span(qa, forged):
    out = qa("cite", "--quote", "Long nói", "--index", forged, "--format", "md").out
    assert "``a\\nGIẢ `mạo` .md#" in out


@pytest.mark.parametrize("content", [None, b"", b"spoilt", b"PK\x03\x04"])
@pytest.mark.parametrize(("module", "name"), [("qa.wording.accents", "FILE"), ("qa.wording.english.words", "GLOSSARY")])
def test_doctor_names_a_file_for_rewording_that_is_missing_or_damaged(monkeypatch, tmp_path, module, name, content):
    from qa.commands import doctor

    path = tmp_path / "spoilt"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(f"{module}.{name}", path)
    with pytest.raises(QaError, match="reinstall") as found:
        doctor._rewording_files()
    assert str(path) in found.value.vi


def test_doctor_reports_a_check_that_falls_over_and_goes_on(monkeypatch, tmp_path):
    from qa.commands import doctor

    def fall() -> str:
        raise ModuleNotFoundError("No module named 'faiss'")

    monkeypatch.setattr(doctor, "_encoder", fall)
    checks = {check.name: check for check in doctor.examine(tmp_path)}
    assert "faiss" in str(checks["encoder"].mend)
    assert checks["index folder"].mend is None
