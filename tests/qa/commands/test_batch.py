"""`qa ask --batch`: one result a line, in order, whatever the lines are."""

import json

import pytest

ASKED = "Ai là Cục trưởng Cục Ngoại vụ?"
LINES = [
    {"id": "first", "question": ASKED, "as_of": "2018"},
    {"id": 2, "question": ASKED, "as_of": 2023},
    {"question": "Zzyzx qwfp?"},
    "",
    "{no json",
    '"a string"',
    "[1, 2]",
    '{"id": "no question"}',
    '{"id": "a number", "question": 7}',
    '{"id": "empty", "question": "  "}',
    '{"id": "bad date", "question": "Ai là ai?", "as_of": "hôm qua"}',
    "[" * 100_000,
    {"id": "last", "question": ASKED + " Năm 2018.", "extra": None},
]
ASKED_LINES = [line for line in LINES if line != ""]
BAD = range(3, 11)
RESULT_KEYS = {"id", "question", "status", "as_of", "answers", "evidence", "timings_ms"}


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    path = tmp_path_factory.mktemp("batch") / "câu hỏi.jsonl"
    texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in LINES)
    path.write_text("\r\n".join(texts) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def ran(qa, batch, sample_index):
    return qa("ask", "--batch", batch, "--index", sample_index)


@pytest.fixture(scope="module")
def rows(ran):
    return [json.loads(line) for line in ran.out.removesuffix("\n").split("\n")]


def test_a_batch_exits_0_once_every_line_has_its_result(ran, rows):
    assert (ran.code, len(rows)) == (0, len(ASKED_LINES))


def test_results_come_in_the_order_of_the_lines_with_their_ids(rows):
    asked = [row for place, row in enumerate(rows) if place not in BAD]
    assert [row["id"] for row in asked] == ["first", 2, None, "last"]


def test_a_line_that_cannot_be_asked_keeps_its_id(rows):
    wrong = [rows[place]["id"] for place in BAD]
    assert wrong == [None, None, None, "no question", "a number", "empty", "bad date", None]


def test_every_result_has_the_keys_of_the_contract(rows):
    assert all(row.keys() >= RESULT_KEYS for row in rows)


def test_a_line_has_its_own_as_of(rows):
    assert [row["as_of"] for row in rows[:3]] == ["2018", "2023", None]


def test_a_result_answers_its_own_line(rows):
    assert [rows[0]["answers"][0]["text"], rows[-1]["answers"][0]["text"]] == ["Nguyễn Hoàng Long"] * 2
    assert [row["question"] for row in rows[:2]] == [ASKED] * 2


def test_a_line_that_cannot_be_asked_gets_a_result_that_says_why(rows):
    wrong = [rows[place] for place in BAD]
    assert [(row["status"], row["answers"]) for row in wrong] == [("error", [])] * len(wrong)
    assert all(row["error"].strip() for row in wrong)


def test_a_line_that_cannot_be_asked_is_named_on_stderr_by_file_and_line(ran, batch):
    lines = [number for number, line in enumerate(LINES, start=1) if line in [ASKED_LINES[place] for place in BAD]]
    told = ran.err.splitlines()
    assert len(told) == len(lines)
    assert all(f"{batch}:{number}:" in line for number, line in zip(lines, told, strict=True))


def test_as_of_on_the_command_line_serves_lines_that_have_none(qa, sample_index, tmp_path):
    (tmp_path / "q.jsonl").write_text(
        json.dumps({"question": ASKED}) + "\n" + json.dumps({"question": ASKED, "as_of": "2018"}), encoding="utf-8"
    )
    ran = qa("ask", "--batch", tmp_path / "q.jsonl", "--as-of", "2016", "--index", sample_index)
    assert [json.loads(line)["as_of"] for line in ran.out.splitlines()] == ["2016", "2018"]


def test_a_missing_batch_file_exits_2_and_is_named(qa, sample_index, tmp_path):
    ran = qa("ask", "--batch", tmp_path / "none.jsonl", "--index", sample_index)
    assert (ran.code, ran.out) == (2, "")
    assert str(tmp_path / "none.jsonl") in ran.err


def test_a_missing_batch_file_is_not_said_to_be_a_matter_of_indexing(qa, sample_index, tmp_path):
    ran = qa("ask", "--batch", tmp_path / "none.jsonl", "--index", sample_index)
    assert "qa index" not in ran.err


def test_a_batch_over_a_missing_index_exits_1(qa, batch, tmp_path):
    ran = qa("ask", "--batch", batch, "--index", tmp_path / "none")
    assert (ran.code, ran.out) == (1, "")


def test_a_line_with_half_a_surrogate_pair_is_a_line_like_any_other(qa, sample_index, tmp_path):
    (tmp_path / "q.jsonl").write_text('{"id": 1, "question": "Ai l\\ud800 ai?"}\n{"id": 2, "question": "?"}', "utf-8")
    ran = qa("ask", "--batch", tmp_path / "q.jsonl", "--index", sample_index)
    assert (ran.code, [json.loads(line)["id"] for line in ran.out.splitlines()]) == (0, [1, 2])


def test_a_batch_is_json_lines_in_other_formats_too(qa, sample_index, tmp_path):
    (tmp_path / "q.jsonl").write_text('{"question": "?"}\n{"question": "!"}\n', encoding="utf-8")
    ran = qa("ask", "--batch", tmp_path / "q.jsonl", "--index", sample_index, "--format", "md")
    assert [json.loads(line)["status"] for line in ran.out.splitlines()] == ["error", "error"]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999", "[-Infinity]"])
def test_an_id_that_json_cannot_say_makes_a_bad_line(qa, sample_index, tmp_path, value):
    (tmp_path / "q.jsonl").write_text(f'{{"id": {value}, "question": "Ai?"}}', encoding="utf-8")
    row = json.loads(qa("ask", "--batch", tmp_path / "q.jsonl", "--index", sample_index).out)
    assert (row["id"], row["status"], row["evidence"]) == (None, "error", [])


def test_a_line_that_is_not_utf_8_is_named_and_the_others_are_answered(qa, sample_index, tmp_path):
    good = json.dumps({"question": ASKED}).encode()
    (tmp_path / "q.jsonl").write_bytes(good + b'\n{"id": "x", "question": "Ai l\xff ai?"}\n' + good)
    ran = qa("ask", "--batch", tmp_path / "q.jsonl", "--index", sample_index)
    statuses = [json.loads(line)["status"] for line in ran.out.splitlines()]
    assert (ran.code, statuses) == (0, ["answered", "error", "answered"])
    assert "q.jsonl:2" in ran.err


@pytest.mark.parametrize(
    "data",
    [b"", b" \n", b"\xff", '{"question": "Ai?"}'.encode("utf-16")],
    ids=["empty", "blank", "not UTF-8", "UTF-16"],
)
def test_a_batch_file_without_questions_exits_2_and_is_named(qa, sample_index, tmp_path, data):
    (tmp_path / "q.jsonl").write_bytes(data)
    ran = qa("ask", "--batch", tmp_path / "q.jsonl", "--index", sample_index)
    assert (ran.code, ran.out) == (2, "")
    assert str(tmp_path / "q.jsonl") in ran.err


def test_a_batch_file_beyond_the_limit_exits_2(qa, sample_index, tmp_path, monkeypatch):
    monkeypatch.setattr("qa.commands.batch.MAX_BYTES", 10)
    (tmp_path / "q.jsonl").write_bytes(b"{" * 11)
    ran = qa("ask", "--batch", tmp_path / "q.jsonl", "--index", sample_index)
    assert (ran.code, ran.out) == (2, "")
