"""Question sets: the two shipped ones hold, and a wrong row is named by file and line."""

import gzip
import re

import pytest

from corpus.errors import InputError, QaError
from corpus.read import find_sources, read_source
from corpus.split import split_article
from evals.questions import FOLDER, KEYS, WANTED, check_gold, read_questions
from qa.question.parse import parse_question

SETS = ["sample", "english_sample", "real", "real_more", "unseen", "unseen_more", "english"]


@pytest.fixture(scope="module", params=SETS)
def questions(request):
    return read_questions(FOLDER / f"{request.param}.jsonl")


@pytest.fixture(scope="module", params=SETS)
def grounded(request):
    """A question set and its articles by id."""
    corpus = request.getfixturevalue("sample_corpus" if "sample" in request.param else "shared_corpus")
    articles = {source.id: read_source(source).article for source in find_sources(corpus)[0]}
    return read_questions(FOLDER / f"{request.param}.jsonl"), articles


def test_a_shipped_set_has_questions_with_and_without_an_answer(questions):
    assert {question.answerable for question in questions} == {True, False}


def test_every_shipped_question_can_be_asked(questions):
    assert all(parse_question(question.question, question.as_of).text for question in questions)


def test_no_question_is_asked_twice_for_the_same_time(questions):
    asked = [(question.question, question.as_of) for question in questions]
    assert len(set(asked)) == len(asked)


def test_every_gold_article_is_in_the_corpus(grounded):
    questions, articles = grounded
    assert {name for question in questions for name in question.articles} <= articles.keys()


def test_every_gold_answer_stands_verbatim_in_one_of_its_articles(grounded):
    questions, articles = grounded
    nowhere = [
        (question.id, answer)
        for question in questions
        for answer in question.answers
        if not any(answer in articles[name].text for name in question.articles)
    ]
    assert nowhere == []


def test_every_question_has_a_gold_answer_in_a_passage_that_can_be_found(grounded):
    """Furniture is left out of the passages: an answer that stands only there could never be given."""
    questions, articles = grounded
    passages = {name: [p.text for p in split_article(article)] for name, article in articles.items()}
    lost = [
        question.id
        for question in questions
        if question.answerable
        and not any(a in text for a in question.answers for name in question.articles for text in passages[name])
    ]
    assert lost == []


# Wrong rows


def refusal(path) -> str:
    with pytest.raises(InputError) as refused:
        read_questions(path)
    return str(refused.value)


def test_a_good_row_is_read_as_it_stands(row, question_file):
    (question,) = read_questions(question_file(row(answers=["Long", "ông Long"])))
    assert (question.id, question.answers, question.as_of) == ("q-1", ("Long", "ông Long"), None)


def test_blank_lines_are_passed_over(row, question_file):
    assert [q.id for q in read_questions(question_file("", row(), "  ", row(id="q-2")))] == ["q-1", "q-2"]


def test_a_byte_order_mark_is_no_part_of_the_first_row(row, question_file):
    path = question_file(row())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert [q.id for q in read_questions(path)] == ["q-1"]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("{no json", "wrong"),
        ("[1]", "not a JSON object"),
        ('"text"', "not a JSON object"),
        ({"id": "q-1"}, "duplicate id q-1"),
        ({"kind": "a\x1bb"}, "kind 'a.x1bb' cannot be printed"),
        ({"answerable": False}, "disagree"),
        ({"answers": []}, "disagree"),
        ({"answers": [], "answerable": False}, "names articles"),
        ({"answers": None}, "answers must be a list of texts, not null"),
        ({"article": "a.md"}, "'article' or 'articles', not both"),
        ({"question": " "}, "the question is blank"),
        ({"answers": ["Long", ""]}, "a gold answer is blank"),
        ({"answer": "Long"}, "unknown field 'answer'; known are id, question, answers"),
    ],
    ids=str,
)
def test_a_wrong_row_is_named_by_file_and_line(row, question_file, wrong, why):
    path = question_file(row(), "", wrong if isinstance(wrong, str) else row(**{"id": "q-2", **wrong}))
    assert re.search(rf"^{re.escape(str(path))}:3: .*{why}", refusal(path))


def test_a_question_and_its_answers_are_enough(question_file):
    (question,) = read_questions(question_file("", {"question": "Có bao nhiêu Sở?", "answers": ["48"]}))
    assert (question.id, question.kind, question.answerable, question.as_of) == ("line-2", "how_many", True, None)
    assert question.may_cite(["any.md"])


def test_a_question_alone_has_no_answer(question_file):
    (question,) = read_questions(question_file({"question": "Ai là ai?"}))
    assert (question.kind, question.answerable, question.answers) == ("who", False, ())


def test_a_line_without_a_question_is_told_what_a_line_has(row, question_file):
    wanting = {name: value for name, value in row().items() if name != "question"}
    path = question_file("", wanting)
    assert re.search(rf"^{re.escape(str(path))}:2: .*'question' is missing.*'answers'", refusal(path))


def test_a_value_of_every_other_type_is_told_what_its_field_takes(row, question_file):
    silent = []
    for key in KEYS:
        for value in (7, None, {}, "x", ["x"], [7], True):
            if value in ([], None) and key == "as_of":
                continue
            allowed = {"answers": ["x"], "articles": ["x"], "answerable": True}.get(key, "x")
            if value != allowed or isinstance(value, bool) != isinstance(allowed, bool):
                path = question_file({**row(), key: value})
                if f":1: this question is wrong ({key} must be {WANTED.get(key, 'text')}" not in refusal(path):
                    silent.append((key, value))
    assert silent == []


def test_a_kind_is_whatever_its_author_calls_it(row, question_file):
    (question,) = read_questions(question_file(row(kind="câu bẫy: năm khác")))
    assert question.kind == "câu bẫy: năm khác"


def test_one_article_may_be_named_for_short(question_file):
    (question,) = read_questions(question_file({"question": "Ai?", "answers": ["Long"], "article": "a.md"}))
    assert question.articles == ("a.md",)


def test_the_article_of_an_unanswerable_question_is_no_gold(question_file):
    (question,) = read_questions(question_file({"question": "Ai?", "answers": [], "article": "a.md", "trap": "Lan"}))
    assert (question.articles, question.answerable, question.trap) == ((), False, "Lan")


def test_a_packed_set_is_read_as_one_that_is_not(row, question_file, tmp_path):
    path = question_file(row(), row(id="q-2"))
    packed = tmp_path / "set.jsonl.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert read_questions(packed) == read_questions(path)


def test_a_packed_set_that_is_cut_off_is_named(row, question_file, tmp_path):
    packed = tmp_path / "set.jsonl.gz"
    packed.write_bytes(gzip.compress(question_file(row()).read_bytes())[:-9])
    assert str(packed) in refusal(packed)


@pytest.mark.parametrize(
    "changed",
    [{"answers": "Long"}, {"articles": "a.md"}, {"answers": [7]}, {"question": 7}, {"id": ["q-2"]}, {"as_of": 2018}],
    ids=str,
)
def test_a_value_of_the_wrong_type_is_named_by_file_and_line(row, question_file, changed):
    path = question_file(row(), row(**{"id": "q-2", **changed}))
    assert refusal(path).startswith(f"{path}:2: ")


def test_a_line_separator_inside_a_string_ends_no_line(row, question_file):
    """JSON lines end with a line feed; U+2028 is an ordinary character of a string."""
    (question,) = read_questions(question_file(row(notes="một\u2028hai")))
    assert question.notes == "một\u2028hai"


def test_a_missing_set_is_named(tmp_path):
    with pytest.raises(QaError, match=re.escape(str(tmp_path / "set.jsonl"))):
        read_questions(tmp_path / "set.jsonl")


def test_gold_without_an_article_may_stand_in_any(question_file):
    path = question_file({"question": "Ai?", "answers": ["Long"]})
    check_gold(path, read_questions(path), {"a.md": "Lan", "b.md": "ông Long"})
    assert "stands in none" in gold_refusal(path, {"a.md": "Lan"})


def test_a_set_that_is_not_utf8_is_named(tmp_path):
    (tmp_path / "set.jsonl").write_bytes(b"\xff\n")
    with pytest.raises(QaError, match=re.escape(str(tmp_path / "set.jsonl"))):
        read_questions(tmp_path / "set.jsonl")


@pytest.mark.parametrize("lines", [[], [""], ["  ", "", "\t"]], ids=str)
def test_a_set_without_a_question_is_refused(question_file, lines):
    path = question_file(*lines)
    assert refusal(path) == f"{path}: there is no question in it."


# Gold


def gold_refusal(path, texts) -> str:
    with pytest.raises(InputError) as refused:
        check_gold(path, read_questions(path), texts)
    assert refused.value.vi != refused.value.en
    return str(refused.value)


def test_gold_that_stands_in_its_articles_is_in_order(row, question_file):
    path = question_file(row(articles=["a.md", "b.md"], answers=["Long", "ông Long"]), row(id="q-2"))
    check_gold(path, read_questions(path), {"a.md": "Nguyễn Hoàng Long", "b.md": "là ông Long"})


@pytest.mark.parametrize("wrong", ["long", "Lo ng", "Long.", "Lòng"])
def test_gold_that_stands_nowhere_as_it_is_written_is_named_by_file_and_line(row, question_file, wrong):
    path = question_file(row(), "", row(id="q-2", answers=["Long", wrong]))
    told = gold_refusal(path, {"a.md": "Nguyễn Hoàng Long", "b.md": wrong})
    assert told.startswith(f"{path}:3: ")
    assert repr(wrong) in told


def test_gold_of_an_article_that_is_not_there_is_named_by_file_and_line(row, question_file):
    path = question_file("", row(articles=["a.md", "z.md"]))
    told = gold_refusal(path, {"a.md": "Long"})
    assert told.startswith(f"{path}:2: ")
    assert "unknown article z.md" in told


def test_gold_typed_in_decomposed_letters_stands_where_composed_ones_stand(row, question_file):
    path = question_file(row(answers=["Hoa\u0300"]))
    check_gold(path, read_questions(path), {"a.md": "Ho\u00e0"})


def test_an_unanswerable_question_needs_no_article(row, question_file):
    path = question_file(row(answers=[], articles=[], answerable=False))
    check_gold(path, read_questions(path), {})


def test_a_duplicate_id_is_named_by_the_line_of_the_second(row, question_file):
    path = question_file(row(), "", row(question="Ai nữa?"))
    assert refusal(path) == f"{path}:3: this question is wrong (duplicate id q-1)."
