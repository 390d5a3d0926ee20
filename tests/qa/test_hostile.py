"""Articles that try to command the terminal: everything of theirs is shown, nothing is obeyed, in every format."""

import json
import unicodedata
from pathlib import Path

import pytest

from corpus.errors import QaError
from qa.citation import cite
from qa.question import parse_question
from qa.render import result_to_markdown, show_result, to_json
from qa.result import Answer, Result, Status

FORMATS = ["text", "md", "json", "jsonl"]
EVIL = "\x1b[31m\x9b1m\u202e"
TITLE = f"Tin {EVIL}đỏ"
SOURCE = f"Báo {EVIL}Một"
NAME = f"bài {EVIL}một.md"
SENTENCE = f"Ông Nguyễn{EVIL} Hoàng Long là Cục trưởng Cục Ngoại vụ năm 2018.\x1b]0;chiếm\x07"
HEAD = '---\ntitle: "Tin \\e[31m\\x9b1m\\u202eđỏ"\ndate: 2018-08-12\nsource: "Báo \\e[31m\\x9b1m\\u202eMột"\n---\n\n'
DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
WAYS = {
    "search": ("search", "Cục trưởng Cục Ngoại vụ", "--mode", "lexical"),
    "ask": ("ask", f"Ai là{EVIL} Cục trưởng Cục Ngoại vụ năm 2018?"),
    "cite": ("cite", "--quote", SENTENCE),
    "verify": ("verify",),
    "status": ("status",),
}


def obeyed(text: str) -> list[str]:
    """List the characters that a terminal would act on."""
    return [c for c in text if c in DIRECTIONS or (unicodedata.category(c) == "Cc" and c != "\n")]


@pytest.fixture(scope="module")
def hostile(indexed, tmp_path_factory) -> Path:
    """An index, itself in a folder of a hostile name, of a hostile article and of another that was edited since."""
    folder = tmp_path_factory.mktemp("hostile") / f"kho {EVIL}"
    folder.mkdir()
    other = f"Bài {EVIL}hai nói về mùa màng ở Sơn La.\n"
    index = indexed(folder, {NAME: HEAD + SENTENCE + "\n", f"hai{EVIL}.md": other})
    (folder / "articles" / f"hai{EVIL}.md").write_text(other * 2, encoding="utf-8")
    return index.directory


@pytest.fixture(scope="module")
def citation_id(qa, hostile) -> str:
    found = qa("cite", "--quote", "Hoàng Long là Cục trưởng", "--index", hostile, "--format", "json")
    return json.loads(found.out)[0]["id"]


@pytest.mark.parametrize("output", FORMATS)
@pytest.mark.parametrize("way", WAYS)
def test_no_command_passes_a_control_character_of_an_article_on(qa, hostile, way, output):
    ran = qa(*WAYS[way], "--index", hostile, "--format", output)
    assert obeyed(ran.out + ran.err) == []


@pytest.mark.parametrize("output", FORMATS)
def test_a_citation_looked_up_passes_no_control_character_on(qa, hostile, citation_id, output):
    ran = qa("cite", citation_id, "--index", hostile, "--format", output)
    assert ran.code == 0
    assert obeyed(ran.out + ran.err) == []


@pytest.mark.parametrize("output", FORMATS)
def test_indexing_passes_no_control_character_on(qa, tmp_path, output):
    folder = tmp_path / f"kho {EVIL}"
    folder.mkdir()
    (folder / NAME).write_text(HEAD + SENTENCE, encoding="utf-8")
    (folder / f"copy {NAME}").write_text(HEAD + SENTENCE, encoding="utf-8")
    (folder / f"bad{EVIL}.md").write_bytes(b"\xff")
    ran = qa("index", folder, "--index", folder / "index", "--format", output)
    assert ran.code == 0
    assert obeyed(ran.out + ran.err) == []


@pytest.mark.parametrize("output", ["text", "md"])
@pytest.mark.parametrize("way", ["search", "cite"])
def test_a_control_character_is_shown_by_its_code(qa, hostile, way, output):
    out = qa(*WAYS[way], "--index", hostile, "--format", output).out
    unescaped = out.replace("\\\\", "\\").replace("\\[", "[").replace("«", "")
    assert "Nguyễn\\x1b[31m\\x9b1m\\u202e" in unescaped


@pytest.mark.parametrize("output", ["json", "jsonl"])
def test_json_gives_the_true_text_back(qa, hostile, output):
    ran = qa(*WAYS["search"], "-n", "1", "--index", hostile, "--format", output)
    row = json.loads(ran.out) if output == "jsonl" else json.loads(ran.out)[0]
    assert (row["article"], row["title"], row["source"]) == (NAME, TITLE, SOURCE)
    assert SENTENCE.rstrip() in row["text"]


@pytest.fixture(scope="module")
def answered(indexed, tmp_path_factory) -> Result:
    """An answer that quotes a hostile article, whatever the reader would think of it."""
    index = indexed(tmp_path_factory.mktemp("answered"), {NAME: HEAD + SENTENCE + "\n"})
    stored = index.database.article(NAME)
    assert stored is not None
    start = stored.article.text.index("Nguyễn")
    citation = cite(stored.article, start, stored.article.text.index(" là Cục trưởng"))
    answer = Answer(citation.quote, 0.9, citation.date, (citation, citation))
    question = parse_question(f"Ai là Cục trưởng{EVIL} năm 2018?")
    return Result(question, Status.ANSWERED, (answer, answer), (), (), (), (), (), {})


def test_an_answer_as_text_passes_no_control_character_on(answered, capsys):
    show_result(answered)
    shown = capsys.readouterr().out
    assert "«Nguyễn\\x1b[31m\\x9b1m\\u202e Hoàng Long»" in shown
    assert obeyed(shown) == []


def test_an_answer_as_markdown_passes_no_control_character_on(answered):
    assert obeyed(result_to_markdown(answered)) == []


def test_an_answer_as_json_passes_no_control_character_on(answered):
    assert obeyed(to_json(answered.to_json())) == []


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
@pytest.mark.parametrize(("module", "name"), [("qa.accents", "FILE"), ("qa.english_words", "GLOSSARY")])
def test_doctor_names_a_file_for_rewording_that_is_missing_or_damaged(monkeypatch, tmp_path, module, name, content):
    from qa import doctor

    path = tmp_path / "spoilt"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(f"{module}.{name}", path)
    with pytest.raises(QaError, match="reinstall") as found:
        doctor._rewording_files()
    assert str(path) in found.value.vi


def test_doctor_reports_a_check_that_falls_over_and_goes_on(monkeypatch, tmp_path):
    from qa import doctor

    def fall() -> str:
        raise ModuleNotFoundError("No module named 'faiss'")

    monkeypatch.setattr(doctor, "_encoder", fall)
    checks = {check.name: check for check in doctor.examine(tmp_path)}
    assert "faiss" in str(checks["encoder"].mend)
    assert checks["index folder"].mend is None
