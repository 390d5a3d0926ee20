"""Question sets by name and by file, SQuAD's among them, and the articles they are about."""

import gzip
import json
import shutil
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import InputError, QaError
from corpus.read import find_sources, read_source
from evals.questions import FOLDER
from evals.sets import known_sets, read_set
from index.build import build_index
from index.search import Index

CONTEXT = "Năm 2016, cả nước có 48 Sở Ngoại vụ.\nÔng Nguyễn Hoàng Long là Cục trưởng."
TITLE = 'Bản tin "Ngoại vụ"\\số: 1'


def asked(question_id: str, question: str, *answers: str, context: str = CONTEXT) -> dict:
    golds = [{"text": answer, "answer_start": max(0, context.find(answer))} for answer in answers]
    return {"id": question_id, "question": question, "answers": golds, "is_impossible": not answers}


def squad(*questions: dict, context: str = CONTEXT, title: str = TITLE) -> dict:
    return {"version": "2.0", "data": [{"title": title, "paragraphs": [{"context": context, "qas": list(questions)}]}]}


GOOD = squad(
    asked("a", "Năm 2016 có bao nhiêu Sở Ngoại vụ?", "48", "48 Sở Ngoại vụ", "48"),
    asked("b", "Ai là Cục trưởng?", "Nguyễn Hoàng Long"),
    asked("b", "Cục trưởng tên gì?", "Nguyễn Hoàng Long"),
    asked("c", "Thủ đô nước Pháp ở đâu?"),
)


@pytest.fixture
def squad_file(tmp_path):
    """Write a document as SQuAD JSON and return the file."""

    def write(document: object, name: str = "dev.json") -> Path:
        text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
        path = tmp_path / name
        data = text.encode()
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return write


@pytest.fixture
def indexed(tmp_path, encoder):
    """Index files by name."""

    def build(files: dict[str, str]) -> Index:
        for name, text in files.items():
            (tmp_path / "articles").mkdir(exist_ok=True)
            (tmp_path / "articles" / name).write_text(text, encoding="utf-8")
        build_index([tmp_path / "articles"], tmp_path / "index", encoder)
        return Index.open(tmp_path / "index")

    return build


def refusal(name: object) -> InputError:
    with pytest.raises(InputError) as refused:
        read_set(str(name))
    assert refused.value.vi != refused.value.en
    return refused.value


# Names


def test_the_sets_that_come_with_the_project_are_known():
    assert known_sets() == ["english", "english_sample", "real", "real_more", "sample", "unseen", "unseen_more"]


@pytest.mark.parametrize("name", ["real", "sample"])
def test_a_known_set_is_read_by_its_name(name):
    found = read_set(name)
    assert (found.name, found.path, found.articles) == (name, FOLDER / f"{name}.jsonl", {})
    assert found == read_set(str(FOLDER / f"{name}.jsonl"))


@pytest.mark.parametrize("name", ["sample", "english_sample"])
def test_a_set_over_the_sample_corpus_brings_it(sample_corpus, tmp_path, name):
    assert read_set(name).corpus(tmp_path) == sample_corpus


def test_the_real_set_brings_nothing(tmp_path):
    assert read_set("real").corpus(tmp_path) is None


@pytest.mark.parametrize("name", ["nonsense", "", ".", "../evals", "sample.jsonl", "không có"])
def test_an_unknown_name_is_refused_with_the_names_there_are(name):
    assert all(known in str(refusal(name)) for known in known_sets())


def test_a_name_too_long_for_a_file_is_refused_too():
    refusal("a" * 5000)


def test_a_file_of_ours_is_read_by_its_path(row, question_file):
    found = read_set(str(question_file(row())))
    assert (found.name, [question.id for question in found.questions]) == ("set", ["q-1"])


def test_a_set_has_the_hash_of_its_bytes(row, question_file):
    one = read_set(str(question_file(row()))).sha256
    assert read_set(str(question_file(row()))).sha256 == one
    assert read_set(str(question_file(row(notes="!")))).sha256 != one


# SQuAD


@pytest.mark.parametrize("name", ["dev.json", "dev.json.gz"])
def test_squad_becomes_questions(squad_file, name):
    found = read_set(str(squad_file(GOOD, name)))
    assert found.name == "dev"
    assert [(q.question, q.answers, q.answerable, q.kind) for q in found.questions] == [
        ("Năm 2016 có bao nhiêu Sở Ngoại vụ?", ("48", "48 Sở Ngoại vụ"), True, "how_many"),
        ("Ai là Cục trưởng?", ("Nguyễn Hoàng Long",), True, "who"),
        ("Cục trưởng tên gì?", ("Nguyễn Hoàng Long",), True, "who"),
        ("Thủ đô nước Pháp ở đâu?", (), False, "where"),
    ]


def test_equal_ids_are_told_apart(squad_file):
    found = [question.id for question in read_set(str(squad_file(GOOD))).questions]
    assert found[:2] == ["a", "b"]
    assert len(set(found)) == 4


def test_no_question_is_lost_to_an_id_that_was_given_already(squad_file):
    questions = (asked(name, f"Ai là {n}?", "Long") for n, name in enumerate(["a", "a-2", "a"]))
    assert len(read_set(str(squad_file(squad(*questions)))).questions) == 3


def test_an_unanswerable_question_has_no_gold(squad_file):
    *_, last = read_set(str(squad_file(GOOD))).questions
    assert (last.answerable, last.answers, last.articles) == (False, (), ())


def test_the_contexts_are_articles_that_the_index_reads_with_the_gold_in_them(squad_file, tmp_path, encoder):
    found = read_set(str(squad_file(GOOD)))
    build_index([found.corpus(tmp_path / "articles")], tmp_path / "index", encoder)
    index = Index.open(tmp_path / "index")
    found.check(index)
    (stored,) = index.database.articles()
    assert CONTEXT in stored.article.text
    assert stored.article.title == TITLE
    texts = [passage.text for passage, _ in index.database.passages_of(stored.article.id)]
    assert all(any(gold in text for text in texts) for q in found.questions for gold in q.answers)


def test_a_context_asked_about_twice_is_one_article(squad_file, tmp_path):
    found = read_set(str(squad_file({"data": GOOD["data"] * 2})))
    assert len(find_sources(found.corpus(tmp_path))[0]) == 1
    assert len({question.id for question in found.questions}) == 8


words = st.lists(st.sampled_from(["Sở", "Ngoại vụ", "48", "hoà", "đ", "---", "#", "“x”", "a: b", "Long."]), min_size=1)
contexts = words.map(" ".join)
titles = st.text(st.sampled_from("aĐ\"'\\:#-{}[]|>&*!%@`\t\n\x07 "), max_size=12)


@settings(max_examples=30)
@given(st.lists(st.tuples(titles, contexts, st.integers(0), st.sampled_from(["NFC", "NFD"])), min_size=1, max_size=4))
def test_whatever_the_titles_hold_the_gold_stands_in_its_article(tmp_path_factory, rows):
    data = []
    for number, (title, context, place, form) in enumerate(rows):
        gold = context.split()[place % len(context.split())]
        document = squad(asked(str(number), "Ai?", gold, context=context), context=context, title=title)
        data += json.loads(unicodedata.normalize(form, json.dumps(document, ensure_ascii=False)))["data"]
    folder = tmp_path_factory.mktemp("squad")
    (folder / "dev.json").write_text(json.dumps({"data": data}), encoding="utf-8")
    found = read_set(str(folder / "dev.json"))
    assert len(found.questions) == len(rows)
    articles = found.corpus(folder / "articles")
    found.check_files(articles)
    assert [problem for source in find_sources(articles)[0] if (problem := read_source(source).problem)] == []


def test_a_context_in_broken_text_is_a_told_error(tmp_path):
    context = "Ông Long \ud800 nói."
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(squad(asked("a", "Ai?", "Long", context=context), context=context)), encoding="utf-8")
    with pytest.raises(QaError):
        read_set(str(path)).corpus(tmp_path / "articles")


@pytest.mark.parametrize(
    "document",
    [
        "",
        "{",
        "[]",
        '"text"',
        "5",
        "{}",
        '{"data": 5}',
        '{"data": [{"title": "a"}]}',
        '{"data": [{"title": 5, "paragraphs": []}]}',
        '{"data": [{"paragraphs": [{"qas": [{}]}]}]}',
        '{"data": [{"paragraphs": [{"context": "a", "qas": [{"id": "a", "question": "b", "answers": 5}]}]}]}',
        '{"data": [{"paragraphs": [{"context": 5, "qas": [{"id": "a", "question": "b", "answers": []}]}]}]}',
        '{"data": []}',
        pytest.param('{"data": ["text"]}'),
        pytest.param('{"data": [{"paragraphs": [{"context": "a", "qas": ["b"]}]}]}'),
        pytest.param("[" * 100_000),
    ],
    ids=lambda document: document[:30],
)
def test_damaged_squad_json_is_an_input_error_that_names_the_file(squad_file, document):
    path = squad_file(document)
    assert str(path) in str(refusal(path))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1f\x8b",
        b"text",
        gzip.compress(b"{")[:-4],
        pytest.param(b"\x1f\x8b\x08\0\0\0\0\0\0\xff" * 9),
    ],
    ids=["empty", "head", "text", "cut off", "damaged"],
)
def test_a_damaged_gzip_is_an_input_error_that_names_the_file(tmp_path, data):
    (tmp_path / "dev.json.gz").write_bytes(data)
    assert "dev.json.gz" in str(refusal(tmp_path / "dev.json.gz"))


def test_squad_in_another_encoding_is_an_input_error(tmp_path):
    (tmp_path / "dev.json").write_bytes(json.dumps(GOOD, ensure_ascii=False).encode("utf-16"))
    assert "dev.json" in str(refusal(tmp_path / "dev.json"))


# Articles


def test_a_set_whose_articles_are_indexed_is_in_order(sample_index):
    read_set("sample").check(Index.open(sample_index))


def test_an_index_without_the_sets_articles_is_refused(indexed):
    index = indexed({"other.md": "Sở Ngoại vụ đã họp.\n"})
    with pytest.raises(InputError, match=r"none of the articles of the question set sample.*--corpus"):
        read_set("sample").check(index)


def test_an_index_that_lacks_one_of_the_articles_is_refused_with_file_and_line(indexed, row, question_file):
    path = question_file(row(), "", row(id="q-2", articles=["b.md"]))
    with pytest.raises(InputError, match=r"set\.jsonl:3: .*unknown article b\.md"):
        read_set(str(path)).check(indexed({"a.md": "Ông Long nói.\n"}))


def test_an_article_that_was_edited_since_is_refused_with_file_and_line(indexed, row, question_file):
    with pytest.raises(InputError, match=r"set\.jsonl:1: .*gold answer 'Long' stands in none"):
        read_set(str(question_file(row()))).check(indexed({"a.md": "Ông Lam nói.\n"}))


def test_a_set_of_unanswerable_questions_can_be_asked_of_any_index(sample_index, row, question_file):
    path = question_file(row(answers=[], articles=[], answerable=False))
    read_set(str(path)).check(Index.open(sample_index))


def test_a_set_is_checked_against_a_folder_as_against_an_index(sample_corpus, tmp_path):
    read_set("sample").check_files(sample_corpus)
    (tmp_path / "other.md").write_text("Sở Ngoại vụ đã họp.\n", encoding="utf-8")
    with pytest.raises(InputError, match="none of the articles"):
        read_set("sample").check_files(tmp_path)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(QaError, match="none"):
        read_set("sample").check_files(tmp_path / "none")


# Officers


@pytest.fixture(scope="module")
def officers(tmp_path_factory):
    """A data folder with two articles whose ids differ in marks alone, and three questions."""
    data = tmp_path_factory.mktemp("data")
    (data / "officers").mkdir()
    articles = [
        {"id": "báo/1 (a)", "date": "20180812", "text": "Họp ở Huế\n\nCó 48 Sở Ngoại vụ dự."},
        {"id": "báo/1-a", "date": None, "text": "Họp ở Vinh\n\nÔng Long dự."},
    ]
    questions = [
        {"id": "q1", "article": "báo/1 (a)", "question": "Mấy Sở?", "kind": "number", "answers": ["48"], "trap": "43"},
        {"id": "q2", "article": "báo/1-a", "question": "Ai dự?", "kind": "who", "answers": ["Long"], "trap": ""},
        {
            "id": "q3",
            "article": "báo/1-a",
            "question": "Ai chủ trì?",
            "kind": "unanswerable",
            "answers": [],
            "trap": "x",
        },
    ]
    for name, rows in (("articles", articles), ("dev", questions)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (data / "officers" / f"{name}.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    return data


def test_officers_questions_are_asked_of_all_the_articles_there_are(officers, tmp_path):
    found = read_set("officers-dev", officers)
    folder = found.corpus(tmp_path)
    read = {source.id: read_source(source).article for source in find_sources(folder)[0]}
    assert len(read) == 2
    assert sorted(str(article.date) for article in read.values()) == ["2018-08-12", "None"]
    assert [q.answerable for q in found.questions] == [True, True, False]
    assert all(any(gold in read[a].text for a in q.articles) for q in found.questions for gold in q.answers)
    found.check_files(folder)


@pytest.mark.parametrize("data", [None, "nowhere"])
def test_officers_without_their_data_are_told_what_to_give(data):
    with pytest.raises(InputError, match="--data FOLDER"):
        read_set("officers-dev", Path(data) if data else None)


def test_a_line_that_is_no_article_is_named(officers, tmp_path):
    shutil.copytree(officers, tmp_path / "data")
    path = tmp_path / "data" / "officers" / "articles.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"id": "a", "text": "b"}\n{"id": "a"}\n'))
    with pytest.raises(InputError, match=r"articles\.jsonl\.gz:2: not an article"):
        read_set("officers-dev", tmp_path / "data")


def test_the_shared_questions_are_read_and_their_gold_stands_in_their_articles(root, tmp_path):
    data = root.parent / "shared" / "data"
    if not (data / "officers").is_dir():
        pytest.skip(f"the data is not here: {data}")
    found = read_set("officers-dev", data)
    assert (len(found.questions), len(found.articles)) == (580, 1329)
    lost = [q.id for q in found.questions for gold in q.answers if gold not in found.articles[q.articles[0]]]
    assert lost == []
