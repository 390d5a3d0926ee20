"""The whole way from a question to an answer, with the shipped models, over a corpus small enough to see through."""

import json
from datetime import date
from pathlib import Path

import pytest

from index.search import Filters, Index
from qa.citing.citation import parse_citation_id
from qa.result import Basis, Status

ASKED = "Ai là Cục trưởng Cục Ngoại vụ năm 2018?"
SENTENCE = "Ông Nguyễn Hoàng Long, Cục trưởng Cục Ngoại vụ, trình bày báo cáo về đối ngoại địa phương."
BODY = f"Hội nghị Ngoại vụ toàn quốc họp tại Hà Nội. {SENTENCE} Hội nghị bàn bốn định hướng lớn."


def written(title: str, day: str, source: str, body: str) -> str:
    return f'---\ntitle: "{title}"\ndate: {day}\nsource: "{source}"\n---\n\n{body}\n'


CORPUS = {
    "2018/mot.md": written("Hội nghị Ngoại vụ toàn quốc", "2018-08-12", "Báo Một", BODY),
    "2018/hai.md": written("Hội nghị Ngoại vụ toàn quốc", "2018-08-13", "Báo Hai", BODY),
    "2018/ba.md": written(
        "Ghi chép sau hội nghị", "2018-08-20", "Báo Ba",
        "Báo cáo của Cục trưởng Cục Ngoại vụ Nguyễn Hoàng Long vạch ra phương hướng cho các tỉnh, thành.",
    ),
    "2023/bon.md": written(
        "Đối ngoại địa phương", "2023-12-15", "Báo Bốn",
        "Cục trưởng Cục Ngoại vụ Nguyễn Như Hiếu cho biết các địa phương đã ký nhiều thỏa thuận mới.",
    ),
    "2023/nam.md": written(
        "Mùa thu hoạch", "2023-10-01", "Báo Bốn", "Bà con ở Sơn La thu hoạch nhãn sớm, giá cao hơn vụ trước."
    ),
}  # fmt: skip

RESULT_KEYS = {"id", "question", "status", "as_of", "answers", "timings_ms"}
ANSWER_KEYS = {"text", "confidence", "date", "citations"}
CITATION_KEYS = {
    "id", "article", "path", "title", "source", "date", "date_inferred", "start", "end", "quote", "sentence",
    "verified",
}  # fmt: skip


@pytest.fixture(scope="module")
def index(indexed, tmp_path_factory) -> Index:
    return indexed(tmp_path_factory.mktemp("answers"), CORPUS)


@pytest.fixture(scope="module")
def answerer(index, answering):
    return answering(index)


@pytest.fixture(scope="module")
def doubter(index, answering):
    """An answerer that no span convinces."""
    return answering(index, threshold=1.0)


@pytest.fixture(scope="module")
def outcomes(answerer, doubter):
    """Each of the four outcomes, brought about."""
    return {
        "answered": answerer.ask(ASKED),
        "other_time": answerer.ask(ASKED, filters=Filters(since=date(2023, 1, 1))),
        "not_stated": doubter.ask(ASKED),
        "nothing_found": doubter.ask("Zzyzx qwfp?"),
    }


@pytest.fixture(scope="module")
def answered(outcomes):
    return outcomes["answered"]


def citations(result):
    return [citation for answer in (*result.answers, *result.evidence) for citation in answer.citations]


# Answers


def test_a_question_that_the_corpus_answers_is_answered(answered):
    assert (answered.status, answered.answers[0].text) == (Status.ANSWERED, "Nguyễn Hoàng Long")


def test_every_quote_stands_verbatim_in_its_file(answered):
    found = citations(answered)
    assert found
    assert all(Path(c.path).read_text(encoding="utf-8")[c.start : c.end] == c.quote for c in found)


def test_an_answer_is_what_its_first_citation_quotes(answered):
    assert all(answer.text == answer.citations[0].quote for answer in answered.answers)


def test_an_answer_bears_the_date_of_its_first_citation(answered):
    assert all(answer.date == answer.citations[0].date for answer in answered.answers)


def test_only_verified_citations_are_shown(answered):
    assert all(citation.verified for citation in citations(answered))


def test_answers_come_best_first(answered):
    sureness = [answer.confidence for answer in answered.answers]
    assert sureness == sorted(sureness, reverse=True)


def test_a_citation_id_names_its_article_and_span(answered):
    for citation in citations(answered):
        read = parse_citation_id(citation.id)
        assert (read.article, read.start, read.end) == (citation.article, citation.start, citation.end)


def test_a_sentence_in_two_files_is_cited_once(answered):
    holding = [c for c in answered.answers[0].citations if c.sentence == SENTENCE]
    assert [c.article for c in holding] in (["2018/mot.md"], ["2018/hai.md"])


def test_another_sentence_that_says_the_same_is_cited_too(answered):
    assert "2018/ba.md" in {citation.article for citation in answered.answers[0].citations}


def test_an_answer_of_another_time_is_left_out(answered):
    assert "Nguyễn Như Hiếu" not in {answer.text for answer in answered.answers}


def test_as_of_chooses_the_time(answerer):
    assert answerer.ask("Ai là Cục trưởng Cục Ngoại vụ?", as_of="2023").answers[0].text == "Nguyễn Như Hiếu"


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "dense"])
def test_every_way_of_finding_passages_can_answer(answerer, mode):
    assert answerer.ask(ASKED, mode=mode).status is Status.ANSWERED


def test_the_same_question_gets_the_same_answers_twice(answerer, answered):
    assert answerer.ask(ASKED).answers == answered.answers


# Filters


def test_since_leaves_out_older_articles(answerer):
    found = citations(answerer.ask("Ai là Cục trưởng Cục Ngoại vụ?", filters=Filters(since=date(2018, 8, 20))))
    assert found
    assert min(citation.date for citation in found) >= "2018-08-20"


def test_until_leaves_out_younger_articles(answerer):
    found = citations(answerer.ask("Ai là Cục trưởng Cục Ngoại vụ?", filters=Filters(until=date(2018, 8, 12))))
    assert {citation.article for citation in found} == {"2018/mot.md"}


def test_source_leaves_out_the_others(answerer):
    found = citations(answerer.ask("Ai là Cục trưởng Cục Ngoại vụ?", filters=Filters(source="bao hai")))
    assert {citation.article for citation in found} == {"2018/hai.md"}


def test_a_filter_that_nothing_passes_leaves_nothing_found(answerer):
    assert answerer.ask(ASKED, filters=Filters(since=date(2099, 1, 1))).status is Status.NOTHING_FOUND


# Outcomes


@pytest.mark.parametrize("name", list(Status))
def test_the_four_outcomes_are_told_apart(outcomes, name):
    assert outcomes[name].status == name


def test_evidence_of_another_time_is_dated_otherwise(outcomes):
    found = citations(outcomes["other_time"])
    assert found
    assert all(citation.date.startswith("2023") for citation in found)


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "dense"])
def test_a_fact_that_is_not_stated_is_told_so_however_passages_are_found(doubter, mode):
    assert doubter.ask(ASKED, mode=mode).status is Status.NOT_STATED


def test_passages_worth_reading_are_offered_where_the_fact_is_not_stated(outcomes):
    assert outcomes["not_stated"].passages


@pytest.mark.parametrize("name", list(Status))
def test_there_are_answers_only_when_answered(outcomes, name):
    assert bool(outcomes[name].answers) == (name == "answered")


@pytest.mark.parametrize("name", list(Status))
def test_there_is_evidence_only_of_another_time(outcomes, name):
    assert bool(outcomes[name].evidence) == (name == "other_time")


# The JSON contract


@pytest.mark.parametrize("name", list(Status))
def test_a_result_has_the_keys_of_the_contract(outcomes, name):
    assert outcomes[name].to_json().keys() >= RESULT_KEYS


def test_an_answer_and_its_citations_have_the_keys_of_the_contract(answered):
    for answer in answered.to_json()["answers"]:
        assert answer.keys() >= ANSWER_KEYS
        assert all(citation.keys() >= CITATION_KEYS for citation in answer["citations"])


def test_evidence_has_the_form_of_answers(outcomes):
    (first, *_) = outcomes["other_time"].to_json()["evidence"]
    assert first.keys() >= ANSWER_KEYS
    assert first["citations"][0].keys() >= CITATION_KEYS


@pytest.mark.parametrize("name", list(Status))
def test_passages_are_offered_as_reading_only_where_the_fact_is_not_stated(outcomes, name):
    offered = outcomes[name].to_json()["passages"]
    assert bool(offered) == (name == "not_stated")
    assert all(row["text"] and row["article"] for row in offered)


def test_the_time_taken_is_told_part_by_part(answered):
    assert answered.to_json()["timings_ms"].keys() == {"retrieve", "read", "total"}


def test_a_result_survives_being_written_and_read_as_json(answered):
    row = answered.to_json(result_id="q-1")
    assert json.loads(json.dumps(row)) == row
    assert (row["id"], row["question"], row["status"], row["as_of"]) == ("q-1", ASKED, "answered", "2018")


# Sources that change after indexing


@pytest.fixture
def spoilt(indexed, answering, tmp_path):
    """Return a function that indexes files, spoils some of them, and asks."""

    def ask(names, spoiling, **rest):
        index = indexed(tmp_path, {name: CORPUS[name] for name in names})
        answerer = answering(index)
        for name in spoiling:
            path = tmp_path / "articles" / name
            path.write_text(CORPUS[name].replace("Nguyễn", "Trần"), encoding="utf-8")
        return answerer.ask(ASKED, **rest)

    return ask


def test_a_source_edited_after_indexing_answers_nothing(spoilt):
    result = spoilt(["2018/mot.md"], ["2018/mot.md"])
    assert (result.status, result.answers) == (Status.NOT_STATED, ())


def test_a_source_edited_after_indexing_is_named_as_unverified(spoilt):
    result = spoilt(["2018/mot.md"], ["2018/mot.md"])
    assert {(c.article, c.verified) for c in result.unverified} == {("2018/mot.md", False)}


def test_an_answer_keeps_the_sources_that_still_stand(spoilt):
    result = spoilt(["2018/mot.md", "2018/ba.md"], ["2018/mot.md"])
    assert {citation.article for citation in citations(result)} == {"2018/ba.md"}


@pytest.mark.parametrize("edited", ["2018/mot.md", "2018/hai.md"])
def test_an_edited_file_does_not_take_its_untouched_copy_with_it(spoilt, edited):
    result = spoilt(["2018/mot.md", "2018/hai.md"], [edited])
    assert [answer.text for answer in result.answers[:1]] == ["Nguyễn Hoàng Long"]


def test_other_time_is_never_said_without_showing_its_evidence(spoilt):
    result = spoilt(["2023/bon.md"], ["2023/bon.md"])
    assert (result.status is Status.OTHER_TIME) == bool(result.evidence)


# An office between two dates, and now


@pytest.fixture(scope="module")
def offices(indexed, answering, tmp_path_factory):
    """Hải is the director in 2014 and 2018, Như in 2023."""
    said = {"2014": "Trần Văn Hải", "2018": "Trần Văn Hải", "2023": "Lê Thị Như"}
    corpus = {
        f"{year}.md": written(f"Hội nghị năm {year}", f"{year}-08-12", f"Báo {year}",
                              f"Giám đốc Sở Ngoại vụ Lâm Đồng {name} chủ trì cuộc họp thứ {year[-1]}.")
        for year, name in said.items()
    }  # fmt: skip
    return answering(indexed(tmp_path_factory.mktemp("offices"), corpus))


def test_who_is_stated_before_and_after_the_time_asked_about_is_given_as_inferred(offices):
    result = offices.ask("Ai là Giám đốc Sở Ngoại vụ Lâm Đồng năm 2016?")
    assert result.status is Status.ANSWERED
    (answer,) = result.answers
    assert (answer.text, answer.basis) == ("Trần Văn Hải", Basis.BRACKETED)
    assert {citation.article for citation in answer.citations} == {"2014.md", "2018.md"}
    assert answer.to_json()["basis"] == "bracketed"


def test_between_two_holders_nobody_is_inferred(offices):
    result = offices.ask("Ai là Giám đốc Sở Ngoại vụ Lâm Đồng năm 2020?")
    assert result.status is Status.OTHER_TIME


def test_the_sentence_of_one_side_reprinted_on_the_other_infers_nothing(indexed, answering, tmp_path):
    said = "Giám đốc Sở Ngoại vụ Lâm Đồng Trần Văn Hải chủ trì cuộc họp."
    corpus = {f"{year}.md": written("Họp", f"{year}-08-12", "Báo", said) for year in (2014, 2018)}
    result = answering(indexed(tmp_path, corpus)).ask("Ai là Giám đốc Sở Ngoại vụ Lâm Đồng năm 2016?")
    assert result.status is Status.OTHER_TIME


def test_a_side_whose_file_was_changed_infers_nothing(indexed, answering, tmp_path):
    corpus = {
        f"{year}.md": written("Họp", f"{year}-08-12", "Báo", f"Giám đốc Sở Ngoại vụ Trần Văn Hải họp phiên {number}.")
        for number, year in enumerate((2014, 2018), start=1)
    }
    answerer = answering(indexed(tmp_path, corpus))
    assert answerer.ask("Ai là Giám đốc Sở Ngoại vụ năm 2016?").status is Status.ANSWERED
    (tmp_path / "articles" / "2014.md").write_text("khác", encoding="utf-8")
    result = answerer.ask("Ai là Giám đốc Sở Ngoại vụ năm 2016?")
    assert result.status is Status.OTHER_TIME
    assert {answer.basis for answer in result.evidence} == {Basis.STATED}


def test_an_answer_for_its_own_time_is_stated(offices):
    result = offices.ask("Ai là Giám đốc Sở Ngoại vụ Lâm Đồng năm 2018?")
    assert result.answers[0].basis is Basis.STATED


def test_who_it_is_now_is_who_the_newest_article_names(offices):
    assert offices.ask("Ai là Giám đốc Sở Ngoại vụ Lâm Đồng hiện nay?").answers[0].text == "Lê Thị Như"


# Reprints


def test_a_reprint_with_a_word_changed_counts_as_one_source(indexed, answering, tmp_path):
    said = "Giám đốc Sở Ngoại vụ Lâm Đồng Trần Văn Hải chủ trì cuộc họp bàn về hợp tác với các tỉnh của Lào."
    corpus = {
        "goc.md": written("Họp bàn hợp tác", "2018-08-12", "Báo A", said),
        "chep.md": written("Bàn về hợp tác", "2018-08-13", "Báo B", said.replace("cuộc họp bàn", "cuộc họp, bàn bạc")),
        "khac.md": written("Một năm sau", "2019-08-12", "Báo C", said.replace("cuộc họp bàn", "cuộc họp, bàn bạc")),
    }
    result = answering(indexed(tmp_path, corpus)).ask("Ai là Giám đốc Sở Ngoại vụ Lâm Đồng?")
    sources = [citation.article for citation in result.answers[0].citations]
    assert result.answers[0].text == "Trần Văn Hải"
    assert "khac.md" in sources
    assert len({"goc.md", "chep.md"} & set(sources)) == 1
