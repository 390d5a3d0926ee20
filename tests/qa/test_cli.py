"""The command line's contract: exit codes, streams, languages, help; what is printed is in `test_cli_formats`."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from index.build import build_index
from index.store import CURRENT, MANIFEST, current_generation

ASKED = "Ai là Cục trưởng Cục Ngoại vụ năm 2018?"
COMMANDS = ["index", "search", "ask", "timeline", "cite", "verify", "status", "doctor"]
READERS = [("search", "hội nghị"), ("ask", ASKED), ("cite", "--quote", "hội nghị"), ("verify",), ("status",)]
RESULT_KEYS = {"id", "question", "status", "as_of", "answers", "timings_ms"}


def name_of(arguments: tuple[str, ...]) -> str:
    return arguments[0]


@pytest.fixture
def own(indexed, tmp_path):
    """A small corpus and its index, which the test may spoil: `(articles, index)`."""
    indexed(tmp_path, {"một.md": "Ông Nguyễn Hoàng Long khai mạc.\n", "hai.md": "Hội nghị họp ở Hà Nội.\n"})
    return tmp_path / "articles", tmp_path / "index"


# Exit codes and streams


@pytest.mark.parametrize("arguments", READERS, ids=name_of)
def test_a_command_that_did_its_work_exits_0_and_says_nothing_on_stderr(qa, sample_index, arguments):
    ran = qa(*arguments, "--index", sample_index)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.strip()


@pytest.mark.parametrize("arguments", READERS, ids=name_of)
def test_a_missing_index_exits_1_and_names_the_command_that_makes_one(qa, tmp_path, arguments):
    ran = qa(*arguments, "--index", tmp_path / "none")
    assert (ran.code, ran.out) == (1, "")
    assert "qa index" in ran.err
    assert str(tmp_path / "none") in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask",),
        ("ask", ""),
        ("ask", "?!"),
        ("ask", "a" * 10_000),
        ("ask", ASKED, "--batch", "questions.jsonl"),
        ("ask", ASKED, "--as-of", "năm ngoái"),
        ("ask", ASKED, "--since", "2018-13"),
        ("ask", ASKED, "--until", ""),
        ("ask", ASKED, "--format", "xml"),
        ("ask", ASKED, "--mode", "magic"),
        ("ask", ASKED, "--lang", "fr"),
        ("search", ""),
        ("search", "hội nghị", "-n", "0"),
        ("search", "hội nghị", "--since", "hôm qua"),
        ("search", "hội nghị", "--since", "2020", "--until", "2010"),
        ("search",),
        ("cite",),
        ("cite", "no id"),
        ("cite", "a.md#1-2@0123abcd"),
        ("cite", "a.md#1-2@0123abcd", "--quote", "hội nghị"),
        ("cite", "--quote", "a"),
        ("index",),
        ("status", "--nonsense"),
        ("nonsense",),
    ],
    ids=lambda arguments: ascii(" ".join(arguments))[:60],
)
def test_what_cannot_be_used_exits_2_and_says_so_on_stderr(qa, sample_index, arguments):
    ran = qa(*arguments, QA_INDEX=str(sample_index))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.strip()


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "hội nghị", "--since", "2099"),
        ("ask", "Giá vàng SJC hôm nay bao nhiêu một lượng?"),
        ("cite", "--quote", "zzzz qqqq xxxx wwww"),
    ],
    ids=name_of,
)
def test_finding_nothing_exits_3_and_is_said_on_stdout(qa, sample_index, arguments):
    ran = qa(*arguments, "--index", sample_index)
    assert (ran.code, ran.err) == (3, "")
    assert ran.out.strip()


def test_a_refusal_within_a_filter_says_that_only_those_articles_were_searched(qa, sample_index):
    ran = qa("ask", ASKED, "--since", "2099", "--index", sample_index)
    assert ran.code == 3
    assert "--since" in ran.err


def test_a_citation_of_another_version_and_one_past_the_end_are_told_apart(qa, sample_index):
    article = "2018-08-12-hoi-nghi-ngoai-vu-toan-quoc-19.md"
    other = qa("cite", f"{article}#883-900@00000000", "--index", sample_index, "--lang", "en")
    assert (other.code, "another version" in other.out) == (4, True)
    beyond = qa("cite", f"{article}#883-999999@bf6c7584", "--index", sample_index, "--lang", "en")
    assert "characters" in beyond.err


@pytest.mark.parametrize(("given", "code"), [("0,5", 0), ("0.5", 0), ("50%", 2), ("1,5", 2), ("nan", 2)])
def test_a_confidence_may_have_a_decimal_comma(qa, sample_index, given, code):
    ran = qa("ask", ASKED, "--min-confidence", given, "--index", sample_index)
    assert ran.code == code


def test_an_answer_whose_source_is_gone_is_not_called_not_stated(qa, sample_corpus, tmp_path):
    shutil.copytree(sample_corpus, tmp_path / "articles")
    qa("index", tmp_path / "articles", "--index", tmp_path / "index")
    shutil.rmtree(tmp_path / "articles")
    for output in ("text", "md"):
        ran = qa("ask", ASKED, "--index", tmp_path / "index", "--format", output)
        assert ran.code == 3
        assert "tệp nguồn đã đổi hoặc không còn" in ran.out
        assert "không nêu điều được hỏi" not in ran.out


def test_the_confidence_that_an_answer_needs_can_be_moved(qa, sample_index):
    def ask(least: str):
        return qa("ask", ASKED, "--index", sample_index, "--format", "json", "--min-confidence", least)

    (sure, *_) = json.loads(ask("0").out)["answers"]
    assert ask(str(sure["confidence"] - 0.001)).code == 0
    assert ask(str(sure["confidence"] + 0.001)).code == 3
    assert ask("1.1").code == 2


def test_verify_exits_4_and_names_the_source_that_is_not_what_was_indexed(qa, own):
    articles, index = own
    first = min(articles.iterdir())
    first.unlink()
    ran = qa("verify", "--index", index)
    assert ran.code == 4
    assert str(first) in ran.out


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda path: path.write_text("Bài khác.", encoding="utf-8"), "changed"),
        (Path.unlink, "missing"),
        (lambda path: path.write_bytes(b""), "changed"),
        (lambda path: (path.unlink(), path.mkdir()), "unreadable"),
    ],
    ids=["changed", "missing", "emptied", "a folder now"],
)
def test_verify_tells_what_became_of_a_source(qa, own, spoil, what):
    articles, index = own
    first = min(articles.iterdir())
    spoil(first)
    found = json.loads(qa("verify", "--index", index, "--format", "json").out)
    assert (found["ok"], [(f["path"], f["what"]) for f in found["findings"]]) == (False, [(str(first), what)])


def test_verify_trusts_neither_size_nor_time(qa, own):
    articles, index = own
    first = articles / "một.md"
    state, data = first.stat(), first.read_bytes()
    first.write_bytes(data.replace(b"Long", b"Lung"))
    os.utime(first, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert first.stat().st_size == state.st_size
    assert qa("verify", "--index", index).code == 4


def test_cite_exits_4_when_the_source_of_the_id_changed(qa, own):
    articles, index = own
    found = json.loads(qa("cite", "--quote", "Nguyễn Hoàng Long", "--index", index, "--format", "json").out)[0]
    (articles / found["article"]).write_text("Bài khác.", encoding="utf-8")
    assert qa("cite", found["id"], "--index", index).code == 4


def test_cite_exits_4_when_the_id_was_made_of_another_version(qa, sample_index, citation_id):
    other = citation_id[:-8] + ("00000000" if not citation_id.endswith("00000000") else "11111111")
    assert qa("cite", other, "--index", sample_index).code == 4


def test_status_counts_the_files_that_changed_since(qa, own):
    articles, index = own
    min(articles.iterdir()).write_text("Bài khác.", encoding="utf-8")
    assert json.loads(qa("status", "--index", index, "--format", "json").out)["stale"] == 1


@pytest.fixture(scope="module")
def asked_after_every_edit(qa, sample_corpus, encoder, tmp_path_factory):
    """Ask a question that the corpus answers, when every file of it was edited after indexing."""
    folder = tmp_path_factory.mktemp("edited")
    shutil.copytree(sample_corpus, folder / "articles")
    build_index([folder / "articles"], folder / "index", encoder)
    for path in (folder / "articles").iterdir():
        path.write_text(path.read_text(encoding="utf-8") + "\nThêm một câu.\n", encoding="utf-8")
    return qa("ask", ASKED, "--index", folder / "index", "--format", "json")


def test_an_answer_that_no_file_bears_out_any_more_is_not_given(asked_after_every_edit):
    result = json.loads(asked_after_every_edit.out)
    assert (asked_after_every_edit.code, result["answers"], result["status"]) == (3, [], "not_stated")


def test_citations_left_out_are_named_on_stderr_with_what_to_do(asked_after_every_edit):
    assert "2018-08-20-ghi-chep-sau-hoi-nghi-ngoai-vu-19.md#" in asked_after_every_edit.err
    assert "qa verify" in asked_after_every_edit.err


# Indexing


def test_a_bad_file_is_told_on_stderr_and_the_rest_is_indexed(qa, tmp_path):
    (tmp_path / "good.md").write_text("Sở Ngoại vụ đã họp.\n", encoding="utf-8")
    (tmp_path / "bad.md").write_bytes("Sở Ngoại vụ".encode("utf-16"))
    (tmp_path / "table.xlsx").write_bytes(b"PK")
    ran = qa("index", tmp_path, "--index", tmp_path / ".index")
    assert ran.code == 0
    assert "bad.md" in ran.err
    assert "table.xlsx" in ran.err
    assert "good.md" not in ran.err


def test_the_report_of_indexing_counts_what_changed(qa, tmp_path):
    for name in ("một.md", "hai.md", "ba.md"):
        (tmp_path / name).write_text(f"Bài {name} nói về hội nghị.\n", encoding="utf-8")
    qa("index", tmp_path, "--index", tmp_path / ".index")
    (tmp_path / "một.md").write_text("Bài một đã viết lại.\n", encoding="utf-8")
    (tmp_path / "ba.md").unlink()
    (tmp_path / "bốn.md").write_text("Bài bốn mới có.\n", encoding="utf-8")
    report = json.loads(qa("index", tmp_path, "--index", tmp_path / ".index", "--format", "json").out)
    counts = {key: report[key] for key in ("articles", "added", "changed", "unchanged", "removed")}
    assert counts == {"articles": 3, "added": 1, "changed": 1, "unchanged": 1, "removed": 1}


@pytest.mark.parametrize("output", ["text", "json"])
def test_a_file_that_could_not_be_read_is_no_article_in_the_report(qa, tmp_path, output):
    (tmp_path / "good.md").write_text("Sở Ngoại vụ đã họp.\n", encoding="utf-8")
    (tmp_path / "bad.md").write_bytes(b"\xff\xfe")
    qa("index", tmp_path, "--index", tmp_path / ".index", "--format", output)
    assert json.loads(qa("status", "--index", tmp_path / ".index", "--format", "json").out)["articles"] == 1


def test_a_zero_byte_deep_in_a_file_does_not_blank_what_follows(qa, tmp_path):
    """Whether the file is refused as binary or read, no passage may differ from what the file holds."""
    text = "Hội nghị đã họp và bàn nhiều việc. " * 250 + "\n\0\nÔng Trần Văn Bê là Giám đốc Sở Ngoại vụ.\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    (tmp_path / "b.md").write_text("Giám đốc đã đến.\n", encoding="utf-8")
    assert qa("index", tmp_path, "--index", tmp_path / ".index").code == 0
    ran = qa("search", "Giám đốc", "--mode", "lexical", "--index", tmp_path / ".index", "--format", "json")
    rows = json.loads(ran.out)
    assert rows
    assert [row["text"] for row in rows] == [
        Path(row["path"]).read_text(encoding="utf-8")[row["start"] : row["end"]] for row in rows
    ]


def test_a_folder_without_articles_exits_1(qa, tmp_path):
    ran = qa("index", tmp_path, "--index", tmp_path / ".index")
    assert (ran.code, ran.out) == (1, "")
    assert str(tmp_path) in ran.err


def test_a_path_that_does_not_exist_exits_1(qa, tmp_path):
    ran = qa("index", tmp_path / "none", "--index", tmp_path / ".index")
    assert (ran.code, ran.out) == (1, "")
    assert str(tmp_path / "none") in ran.err


def test_an_index_folder_that_is_a_file_exits_1(qa, tmp_path, sample_corpus):
    (tmp_path / "file").touch()
    ran = qa("index", sample_corpus, "--index", tmp_path / "file")
    assert (ran.code, ran.out) == (1, "")
    assert str(tmp_path / "file") in ran.err


def test_a_file_name_that_is_not_utf8_is_no_reason_to_fall_over(qa, tmp_path):
    (tmp_path / "good.md").write_text("Sở Ngoại vụ đã họp.\n", encoding="utf-8")
    try:
        Path(str(tmp_path / "b\udce0i.md")).write_text("Sở Ngoại vụ lại họp.\n", encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("this file system takes no such name")
    assert qa("index", tmp_path, "--index", tmp_path / ".index").code == 0


# A damaged index


@pytest.fixture
def damaged(sample_index, tmp_path):
    """Return a function that copies the index and flips a byte in the middle of one of its files."""

    def spoil(name: str) -> Path:
        directory = tmp_path / "index"
        shutil.copytree(sample_index, directory)
        path = directory / CURRENT if name == CURRENT else current_generation(directory)[0] / name
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 0x01
        path.write_bytes(data)
        return directory

    return spoil


@pytest.fixture(scope="module")
def index_files(sample_index) -> list[str]:
    return [CURRENT, *sorted(path.name for path in current_generation(sample_index)[0].iterdir())]


@pytest.mark.parametrize("command", ["status", "verify"])
def test_a_flipped_byte_in_any_file_of_the_index_exits_1_and_says_what_mends_it(qa, damaged, index_files, command):
    for name in index_files:
        directory = damaged(name)
        ran = qa(command, "--index", directory)
        assert (name, ran.code, ran.out) == (name, 1, "")
        assert "qa index" in ran.err
        shutil.rmtree(directory)


@pytest.mark.parametrize("arguments", READERS, ids=name_of)
def test_no_command_answers_from_a_damaged_index(qa, damaged, arguments):
    ran = qa(*arguments, "--index", damaged("corpus.sqlite"))
    assert (ran.code, ran.out) == (1, "")
    assert "corpus.sqlite" in ran.err


def test_an_update_of_a_damaged_index_exits_1(qa, damaged, sample_corpus):
    ran = qa("index", sample_corpus, "--index", damaged("vectors.f32"))
    assert (ran.code, ran.out) == (1, "")
    assert "--rebuild" in ran.err


def test_a_rebuild_mends_a_damaged_index(qa, own):
    articles, directory = own
    (current_generation(directory)[0] / MANIFEST).write_bytes(b"{")
    assert qa("index", articles, "--index", directory, "--rebuild").code == 0
    assert qa("verify", "--index", directory).code == 0


@pytest.mark.parametrize("arguments", READERS, ids=name_of)
def test_an_index_of_a_newer_format_exits_1_and_says_so(qa, sample_index, tmp_path, arguments):
    directory = tmp_path / "index"
    shutil.copytree(sample_index, directory)
    path = current_generation(directory)[0] / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "format": 99}), encoding="utf-8")
    ran = qa(*arguments, "--index", directory)
    assert (ran.code, ran.out) == (1, "")
    assert "99" in ran.err


# Doctor


def checks(ran) -> dict[str, bool]:
    return {check["check"]: check["ok"] for check in json.loads(ran.out)}


@pytest.fixture(scope="module")
def well(qa, sample_index):
    return qa("doctor", "--index", sample_index, "--format", "json")


def test_doctor_finds_nothing_wrong_with_this_installation(well):
    assert (well.code, [name for name, ok in checks(well).items() if not ok]) == (0, [])


def test_doctor_says_what_it_found(well):
    assert all(check.keys() >= {"check", "ok", "found"} and check["found"] for check in json.loads(well.out))


def test_doctor_finds_a_damaged_index_and_exits_1(qa, damaged, well):
    ran = qa("doctor", "--index", damaged("vectors.f32"), "--format", "json")
    assert ran.code == 1
    assert checks(ran) == {**checks(well), "index": False}


def test_doctor_does_without_an_index(qa, tmp_path, well):
    assert checks(qa("doctor", "--index", tmp_path / "none", "--format", "json")) == checks(well)


@pytest.mark.parametrize("output", ["text", "md"])
def test_doctor_lists_every_check_for_people_too(qa, sample_index, well, output):
    out = qa("doctor", "--index", sample_index, "--format", output).out
    assert all(name in out for name in checks(well))


# Languages


@pytest.mark.parametrize("arguments", [("ask", ASKED), ("status",), ("cite", "x"), ("ask",)], ids=" ".join)
def test_messages_are_vietnamese_unless_english_is_asked_for(qa, tmp_path, arguments):
    vietnamese, english = (qa(*arguments, "--index", tmp_path, *more).err for more in ((), ("--lang", "en")))
    assert vietnamese != english
    assert not vietnamese.isascii()
    assert english.isascii()


def test_the_environment_chooses_the_language(qa, sample_index):
    by_environment = qa("verify", "--index", sample_index, QA_LANG="en")
    assert by_environment.out == qa("verify", "--lang", "en", "--index", sample_index).out


def test_an_option_outranks_the_environments_language(qa, sample_index):
    ran = qa("verify", "--lang", "vi", "--index", sample_index, QA_LANG="en")
    assert ran.out == qa("verify", "--index", sample_index).out


def test_a_language_named_before_the_command_counts(qa, sample_index):
    before = qa("--lang", "en", "verify", "--index", sample_index)
    assert before.out == qa("verify", "--lang", "en", "--index", sample_index).out


def test_an_unknown_language_in_the_environment_exits_2(qa, sample_index):
    assert qa("status", "--index", sample_index, QA_LANG="fr").code == 2


# Help


def commands_below(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from commands_below(child, (*path, name))


@pytest.fixture(scope="module")
def program() -> Any:
    from qa.cli import app

    return typer.main.get_command(app)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_program_has_every_command_of_the_contract(program, name):
    assert name in program.commands


def test_every_command_says_what_it_does(program):
    assert [path for path, command in commands_below(program) if not (command.help or "").strip()] == []


def test_every_option_and_argument_says_what_it_is(program):
    silent = [
        (*path, parameter.name)
        for path, command in commands_below(program)
        for parameter in command.params
        if not (getattr(parameter, "help", None) or "").strip()
    ]
    assert silent == []


def test_every_command_that_prints_results_takes_format_index_and_language(program):
    lacking = [
        (path, option)
        for path, command in commands_below(program)
        if path and path[0] != "eval" and not hasattr(command, "commands")
        for option in ("--format", "--index", "--lang")
        if not any(option in parameter.opts for parameter in command.params)
    ]
    assert lacking == []


def test_force_color_colours_no_pipe(qa, sample_index):
    assert "\x1b" not in qa("status", "--index", sample_index, FORCE_COLOR="1").out
