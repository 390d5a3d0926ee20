"""What the command line prints: text, Markdown and JSON say the same, and each as it is meant to be read."""

import json
from pathlib import Path

import pytest

ASKED = "Ai là Cục trưởng Cục Ngoại vụ năm 2018?"
QUOTED = "Cục trưởng Cục Ngoại vụ Nguyễn Hoàng Long"
FORMATS = ["text", "json", "jsonl", "md"]
RESULT_KEYS = {"id", "question", "status", "as_of", "answers", "timings_ms"}


@pytest.fixture(scope="module")
def shown(qa, sample_index, citation_id):
    """Every way of reading the index in every format: `shown["ask", "json"]`."""
    ways = {
        "ask": ("ask", ASKED),
        "search": ("search", "hội nghị", "-n", "3"),
        "status": ("status",),
        "verify": ("verify",),
        "cite": ("cite", citation_id),
        "quote": ("cite", "--quote", "hội nghị trực tuyến"),
    }
    return {
        (name, output): qa(*arguments, "--index", sample_index, "--format", output)
        for name, arguments in ways.items()
        for output in FORMATS
    }


WAYS = ["ask", "search", "status", "verify", "cite", "quote"]


@pytest.mark.parametrize("output", FORMATS)
@pytest.mark.parametrize("way", WAYS)
def test_the_exit_code_does_not_depend_on_the_format(shown, way, output):
    assert shown[way, output].code == 0


@pytest.mark.parametrize("output", FORMATS)
@pytest.mark.parametrize("way", WAYS)
def test_no_escape_code_leaves_for_what_is_no_terminal(shown, way, output):
    assert "\x1b" not in shown[way, output].out + shown[way, output].err


@pytest.mark.parametrize("output", ["text", "md"])
@pytest.mark.parametrize("way", WAYS)
def test_no_line_is_padded_with_white_space(shown, way, output):
    assert [line for line in shown[way, output].out.splitlines() if line != line.rstrip()] == []


@pytest.mark.parametrize("way", WAYS)
def test_json_is_one_value(shown, way):
    assert json.loads(shown[way, "json"].out)


@pytest.mark.parametrize("way", WAYS)
def test_jsonl_is_one_value_a_line(shown, way):
    lines = shown[way, "jsonl"].out.removesuffix("\n").split("\n")
    assert all(isinstance(json.loads(line), dict) for line in lines)


@pytest.mark.parametrize("way", ["search", "quote", "cite"])
def test_jsonl_says_the_same_as_json(shown, way):
    assert [json.loads(line) for line in shown[way, "jsonl"].out.splitlines()] == json.loads(shown[way, "json"].out)


def test_json_keeps_vietnamese_letters_readable(shown):
    assert "Nguyễn Hoàng Long" in shown["ask", "json"].out


def test_asking_as_json_gives_the_contracts_object(shown):
    assert json.loads(shown["ask", "json"].out).keys() >= RESULT_KEYS


def test_the_question_of_2018_is_answered_with_a_verified_citation_of_2018(shown):
    first, *_ = json.loads(shown["ask", "json"].out)["answers"]
    assert first["text"] == "Nguyễn Hoàng Long"
    assert all(c["verified"] and c["date"].startswith("2018") for c in first["citations"])


@pytest.mark.parametrize("output", ["text", "md"])
def test_people_are_shown_the_answer_its_sentence_and_its_citation_id(shown, output):
    first = json.loads(shown["ask", "json"].out)["answers"][0]["citations"][0]
    out = shown["ask", output].out.replace("«", "").replace("»", "")
    assert all(part in out for part in ("Nguyễn Hoàng Long", first["sentence"], first["id"]))


@pytest.mark.parametrize("output", ["text", "md"])
def test_people_are_shown_a_citation_with_its_line_and_its_state(shown, citation_id, output):
    out = shown["cite", output].out
    found = json.loads(shown["cite", "json"].out)[0]
    text = Path(found["path"]).read_text(encoding="utf-8")
    assert found["line"] == text[: found["start"]].count("\n") + 1
    assert citation_id in out
    assert f"dòng {found['line']}" in out


def test_a_citation_id_leads_back_to_its_quote(shown):
    found = json.loads(shown["cite", "json"].out)[0]
    assert (found["quote"], found["match"], found["verified"]) == (QUOTED, "exact", True)


def test_the_citation_id_of_an_answer_can_be_looked_up(qa, shown, sample_index):
    first = json.loads(shown["ask", "json"].out)["answers"][0]["citations"][0]
    found = json.loads(qa("cite", first["id"], "--index", sample_index, "--format", "json").out)[0]
    assert {key: found[key] for key in first} == first


def test_search_filters_by_date_and_source(qa, sample_index):
    ran = qa("search", "hội nghị", "--since", "2016", "--until", "2018-08-12", "--source", "ban tin ngoai vu",
             "-n", "50", "--mode", "lexical", "--index", sample_index, "--format", "jsonl")  # fmt: skip
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert rows
    assert all("2016" <= row["date"] <= "2018-08-12" and "Bản tin Ngoại vụ" in row["source"] for row in rows)


def test_search_ranks_from_one_and_keeps_to_the_limit(shown):
    assert [row["rank"] for row in json.loads(shown["search", "json"].out)] == [1, 2, 3]


def test_a_passage_found_is_the_files_text_at_its_offsets(shown):
    for row in json.loads(shown["search", "json"].out):
        text = Path(row["path"]).read_text(encoding="utf-8")
        assert text[row["start"] : row["end"]] == row["text"] != ""
