"""Who or what a subject had at which dates: asked as an officer would, dated, checked, in order, drawn."""

import json
import re
import struct
import subprocess
import sys
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from corpus.errors import InputError
from index.search import Filters
from qa.answer import Answerer
from qa.question.parse import parse_question
from qa.ranking.confidence import Calibration
from qa.reading.spans import Span
from qa.show.plot import LABEL, check_path, draw, label
from qa.show.timeline import show
from qa.timeline.build import build_timeline
from qa.timeline.gather import MOST_READ, gather
from qa.timeline.subject import as_question

HEAD_OFFICE = "Cục trưởng Cục Ngoại vụ"
LONG, HIEU = "Nguyễn Hoàng Long", "Nguyễn Như Hiếu"
SVG = "{http://www.w3.org/2000/svg}"


# What is asked


@pytest.mark.parametrize(
    ("subject", "question"),
    [
        ("Cục trưởng Cục Ngoại vụ", "Ai là Cục trưởng Cục Ngoại vụ?"),
        ("Phó Thủ tướng", "Ai là Phó Thủ tướng?"),
        ("người đứng đầu Cục Ngoại vụ", "Ai là người đứng đầu Cục Ngoại vụ?"),
        ("giám đốc Sở Ngoại vụ TPHCM", "Ai là giám đốc Sở Ngoại vụ TPHCM?"),
        ("cuc truong cuc ngoai vu", "ai la cuc truong cuc ngoai vu?"),
        ("Nguyễn Hoàng Long", "Nguyễn Hoàng Long giữ chức vụ gì?"),
        ("ông Nguyễn Hoàng Long", "Nguyễn Hoàng Long giữ chức vụ gì?"),
        ("số Sở Ngoại vụ", "Có bao nhiêu Sở Ngoại vụ?"),
        ("tổng số đoàn ra", "Có bao nhiêu đoàn ra?"),
        ("so doan ra", "co bao nhieu doan ra"),
    ],
)
def test_a_subject_is_asked_for(subject, question):
    assert as_question(subject) == question


@pytest.mark.parametrize(
    "typed",
    [
        "bao nhiêu đoàn ra",
        "Ai là Cục trưởng Cục Ngoại vụ?",
        "Hội nghị Ngoại vụ toàn quốc họp ở đâu",
        "Giám đốc Sở Ngoại vụ nói gì",
        "Who was the director?",
        "số điện thoại của Sở Ngoại vụ",
        "Văn phòng đại diện ở Lào",
        "kinh phí đoàn ra",
    ],
)
def test_a_question_and_what_is_no_office_stay_as_typed(typed):
    assert as_question(typed) == typed


@pytest.mark.parametrize("subject", ["", "  ", "?!", "a" * 2000])
def test_a_subject_without_a_word_or_an_end_is_refused(subject):
    with pytest.raises(InputError):
        as_question(subject)


# The sample corpus


@pytest.fixture(scope="module")
def asked(qa, sample_index, tmp_path_factory):
    """The heads of the department as JSON, drawn as well."""
    picture = tmp_path_factory.mktemp("drawn") / "cục trưởng.svg"
    ran = qa("timeline", HEAD_OFFICE, "--index", sample_index, "--format", "json", "--plot", picture)
    return ran, picture


@pytest.fixture(scope="module")
def heads(asked):
    return json.loads(asked[0].out)


def test_the_head_of_the_department_was_long_until_2018_then_hieu_in_2023(heads):
    long, hieu = heads["rows"]
    assert (long["value"], hieu["value"]) == (LONG, HIEU)
    assert long["first"] <= "2016-08-24"
    assert (long["last"], hieu["first"], hieu["last"]) == ("2018-08-20", "2023-12-15", "2023-12-15")


def test_a_timeline_as_json_has_its_shape(heads):
    assert set(heads) == {
        "subject", "question", "read_as", "kind", "rows", "unverified", "undated", "left_out", "timings_ms",
    }  # fmt: skip
    assert {tuple(row) for row in heads["rows"]} == {
        ("value", "first", "last", "date_inferred", "confidence", "sources")
    }
    sources = [source for row in heads["rows"] for source in row["sources"]]
    assert {tuple(source) for source in sources} == {("date", "date_inferred", "confidence", "citation")}
    assert (heads["subject"], heads["kind"], heads["unverified"]) == (HEAD_OFFICE, "who", [])


def test_a_subject_understood_as_typed_is_told_of_nowhere(asked, heads):
    assert (heads["question"], heads["read_as"]) == (f"Ai là {HEAD_OFFICE}?", None)
    assert "Hiểu là" not in asked[0].err


def test_a_subject_without_accents_has_the_same_rows_and_it_is_told_how_it_was_read(qa, sample_index, heads):
    ran = qa("timeline", "cuc truong cuc ngoai vu", "--index", sample_index, "--format", "json")
    found = json.loads(ran.out)
    assert found["question"] == "ai la cuc truong cuc ngoai vu?"
    assert found["read_as"] == "Ai là cục trưởng cục ngoại vụ?"
    assert f"Hiểu là: {found['read_as']}" in ran.err
    assert [row["value"] for row in found["rows"]] == [row["value"] for row in heads["rows"]]


def test_the_sources_of_a_row_are_in_order_and_as_sure_as_they_must_be(heads):
    for row in heads["rows"]:
        dates = [source["date"] for source in row["sources"]]
        assert dates == sorted(dates)
        assert (dates[0], dates[-1]) == (row["first"], row["last"])
        assert min(source["confidence"] for source in row["sources"]) >= 0.5
        assert row["confidence"] == max(source["confidence"] for source in row["sources"])


def test_every_quote_stands_in_its_file(heads, sample_corpus):
    citations = [source["citation"] for row in heads["rows"] for source in row["sources"]]
    assert len(citations) >= 4
    for citation in citations:
        text = unicodedata.normalize("NFC", (sample_corpus / citation["article"]).read_text(encoding="utf-8"))
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert citation["verified"]


def test_the_names_stand_in_the_picture_and_where_it_is_is_said_on_stderr(asked):
    ran, picture = asked
    texts = ["".join(node.itertext()) for node in ElementTree.parse(picture).iter(f"{SVG}text")]
    assert ran.code == 0
    assert str(picture) in ran.err
    assert {LONG, HIEU, HEAD_OFFICE, "2018"} <= set(texts)


def test_how_many_departments_there_are_is_43_in_2013_and_48_in_2016(qa, sample_index):
    ran = qa("timeline", "số Sở Ngoại vụ", "--index", sample_index, "--format", "jsonl", "--since", "2013")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    told = {re.match(r"\d+", row["value"])[0]: row["first"][:4] for row in rows if re.match(r"4[38]\b", row["value"])}
    assert told == {"43": "2013", "48": "2016"}


def test_only_articles_within_the_filters_count(qa, sample_index):
    ran = qa(
        "timeline", HEAD_OFFICE, "--index", sample_index, "--until", "2016", "--source", "Sổ tay", "--format", "json"
    )
    sources = [source["citation"] for row in json.loads(ran.out)["rows"] for source in row["sources"]]
    assert {(citation["source"], citation["date"][:4]) for citation in sources} == {("Sổ tay Đối ngoại (mẫu)", "2016")}


@pytest.mark.parametrize(("lang", "said"), [("vi", "Không bài nào nêu"), ("en", "No article states")])
def test_finding_nothing_exits_3_says_so_and_draws_nothing(qa, sample_index, tmp_path, lang, said):
    picture = tmp_path / "a.png"
    ran = qa(
        "timeline", HEAD_OFFICE, "--index", sample_index, "--since", "2099", "--lang", lang, "--plot", picture
    )  # fmt: skip
    assert (ran.code, ran.err) == (3, "")
    assert said in ran.out
    assert not picture.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("", "--plot", "a.svg"), "Câu hỏi trống"),
        ((HEAD_OFFICE, "--plot", "a.pdf"), ".svg"),
        ((HEAD_OFFICE, "--plot", "a"), ".svg"),
        ((HEAD_OFFICE, "--plot", "/nowhere/at/all/a.svg"), "/nowhere/at/all/a.svg"),
        ((HEAD_OFFICE, "--since", "hôm qua"), "--since"),
        ((HEAD_OFFICE, "-n", "0"), "-n"),
        ((HEAD_OFFICE, "--min-confidence", "2"), "--min-confidence"),
    ],
)
def test_what_cannot_be_used_exits_2_before_the_index_is_opened(qa, tmp_path, arguments, told):
    ran = qa("timeline", *arguments, "--index", tmp_path / "none")
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_a_missing_index_exits_1(qa, tmp_path):
    ran = qa("timeline", HEAD_OFFICE, "--index", tmp_path / "none", "--plot", tmp_path / "a.svg")
    assert (ran.code, ran.out) == (1, "")
    assert not (tmp_path / "a.svg").exists()


# Times and rows, whatever the weights say: a reader that points at every match of a pattern


@dataclass(frozen=True)
class Pointing:
    """Points at each match of a pattern; `scores` gives what is not worth 8 logits."""

    pattern: str
    scores: dict[str, float]

    def read(self, question, passages):
        return [
            [
                Span(p.start + m.start(), p.start + m.end(), m[0], self.scores.get(m[0], 8.0))
                for m in re.finditer(self.pattern, p.text)
            ]
            for p in passages
        ]


AN, BINH = "Nguyễn Văn An", "Trần Văn Bình"


@pytest.fixture
def telling(indexed, encoder, tmp_path):
    """Index articles given by date, `""` for none, and build a timeline over them."""

    def build(articles, subject=HEAD_OFFICE, *, pattern=f"{AN}|{BINH}", scores=None, threshold=0.5, edit=None, **rest):
        files = {
            f"{number}.md": (f"---\ndate: {when}\n---\n\n" if when else "") + text + "\n"
            for number, (when, text) in enumerate(articles)
        }
        index = indexed(tmp_path, files)
        if edit is not None:
            (tmp_path / "articles" / f"{edit}.md").write_text("Đã sửa.\n", encoding="utf-8")
        answerer = Answerer(
            index, encoder, Pointing(pattern, scores or {}), calibration=Calibration(0.5, 0.0, threshold)
        )
        return build_timeline(answerer, subject, **rest)

    return build


def told(timeline):
    return [(row.value, str(row.first), str(row.last)) for row in timeline.rows]


@pytest.mark.parametrize(
    ("published", "sentence", "when"),
    [
        ("2016-05-01", f"Cục trưởng Cục Ngoại vụ {AN} dự họp.", "2016-05-01"),
        ("2016-05", f"Cục trưởng Cục Ngoại vụ {AN} dự họp.", "2016-05"),
        ("2020-05-01", f"Ngày 5/9/2016, Cục trưởng Cục Ngoại vụ {AN} dự họp.", "2016-09-05"),
        ("2020-05-01", f"Năm 2016, Cục trưởng Cục Ngoại vụ {AN} dự họp.", "2016"),
        ("2016-05-01", f"Cục trưởng Cục Ngoại vụ {AN} cho biết năm 2010 có 47 đoàn.", "2016-05-01"),
        ("2016", f"Ông {AN}, Cục trưởng Cục Ngoại vụ, tại lễ bế giảng ngày 29/7/2015.", "2015-07-29"),
        ("2016-05-01", f"Cục trưởng Cục Ngoại vụ {AN} nói về nhiệm vụ từ năm 2018 đến năm 2020.", "2016-05-01"),
    ],
)
def test_an_office_is_held_when_the_article_speaks_or_on_the_day_its_sentence_names(telling, published, sentence, when):
    assert told(telling([(published, sentence)])) == [(AN, when, when)]


@pytest.mark.parametrize(
    ("published", "text", "when"),
    [
        ("2014-02-01", "Năm 2012 cả nước có 43 Sở Ngoại vụ.", "2012"),
        ("2014-02-01", "Trong 6 tháng đầu năm 2013 có 43 Sở Ngoại vụ.", "2013-01/2013-06"),
        ("2014-02-01", "Hội nghị họp tháng 12/2011. Cả nước hiện có 43 Sở Ngoại vụ.", "2014-02-01"),
        ("2014-02-01", "Hội nghị họp tháng 12/2011. Cả nước thành lập 43 Sở Ngoại vụ.", "2011-12"),
    ],
)
def test_a_count_is_of_the_time_nearest_to_it(telling, published, text, when):
    (row,) = telling([(published, text)], "số Sở Ngoại vụ", pattern=r"\b43\b").rows
    assert [source.date for source in row.sources] == [when]


def test_what_is_only_planned_and_what_has_no_date_is_counted_and_left_out(telling):
    articles = [
        ("2014-02-01", "Đến năm 2030 sẽ có 60 Sở Ngoại vụ."),
        ("", "Cả nước có 43 Sở Ngoại vụ."),
        ("2016-02-01", "Cả nước có 48 Sở Ngoại vụ."),
    ]
    timeline = telling(articles, "số Sở Ngoại vụ", pattern=r"\b\d\d\b(?= Sở)")
    assert told(timeline) == [("48", "2016-02-01", "2016-02-01")]
    assert timeline.undated == 2


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        ("GĐ SNV TP.HCM", "Ai là Giám đốc Sở Ngoại vụ Thành phố Hồ Chí Minh?", "who"),
        ("cuc truong cuc ngoai vu", "Ai là cục trưởng cục ngoại vụ?", "who"),
        ("so doan ra", "Có bao nhiêu đoàn ra?", "how_many"),
        ("director of the Department of Foreign Affairs", "Ai là Cục trưởng Cục Ngoại vụ?", "who"),
    ],
)
def test_a_subject_is_put_into_full_words_before_it_is_asked_for(telling, subject, text, kind):
    question = telling([("2016-05-01", "Cục trưởng Cục Ngoại vụ dự họp.")], subject).question
    assert (question.text, question.kind, question.read_as) == (text, kind, text)
    assert question.typed == as_question(subject)


def test_a_number_is_the_same_with_and_without_its_unit(telling):
    articles = [("2013-02-01", "Có 43 tỉnh lập Sở Ngoại vụ."), ("2014-02-01", "Vẫn chỉ 43 Sở Ngoại vụ hoạt động.")]
    timeline = telling(articles, "số Sở Ngoại vụ", pattern=r"\b43(?: tỉnh)?")
    assert [(str(row.first), str(row.last)) for row in timeline.rows] == [("2013-02-01", "2014-02-01")]


def office(*holders):
    return [(when, f"Cục trưởng Cục Ngoại vụ {name} dự hội nghị lần {when}.") for when, name in holders]


def test_who_is_named_at_two_dates_and_nobody_between_has_one_row_of_two_sources(telling):
    (row,) = telling(office(("2018-03-02", AN), ("2014-03-02", AN))).rows
    assert [source.citation.date for source in row.sources] == ["2014-03-02", "2018-03-02"]


def test_whoever_comes_back_after_another_has_two_rows(telling):
    timeline = telling(office(("2014-03-02", AN), ("2016-03-02", BINH), ("2018-03-02", AN)))
    assert told(timeline) == [
        (AN, "2014-03-02", "2014-03-02"),
        (BINH, "2016-03-02", "2016-03-02"),
        (AN, "2018-03-02", "2018-03-02"),
    ]


def test_copies_of_a_sentence_on_a_day_are_one_source(telling):
    ((when, text),) = office(("2014-03-02", AN))
    (row,) = telling([(when, text), (when, f"{text}\n\nTin chép lại.")]).rows
    assert len(row.sources) == 1


def test_a_sentence_says_one_value_of_a_time_the_surer_one(telling):
    articles = [("2014-03-02", f"Cục trưởng Cục Ngoại vụ {AN} và chuyên viên {BINH} dự họp.")]
    assert told(telling(articles, scores={AN: 5.0})) == [(BINH, "2014-03-02", "2014-03-02")]


def test_what_is_not_sure_enough_is_left_out(telling):
    articles = office(("2014-03-02", AN), ("2018-03-02", BINH))
    timeline = telling(articles, scores={BINH: -16.0})
    assert [row.value for row in timeline.rows] == [AN]


def test_more_rows_than_wanted_are_counted_and_the_surest_stay_in_order(telling):
    articles = office(("2014-03-02", AN), ("2016-03-02", BINH), ("2018-03-02", AN))
    timeline = telling(articles, scores={BINH: 4.0}, limit=2)
    assert [str(row.first) for row in timeline.rows] == ["2014-03-02", "2018-03-02"]
    assert timeline.left_out == 1


def test_a_date_that_was_inferred_is_marked(telling):
    text = f"Nhìn lại năm 2015, nhiều việc đã xong.\n\nCục trưởng Cục Ngoại vụ {AN} dự họp."
    (row,) = telling([("", text)]).rows
    assert (str(row.first), row.date_inferred) == ("2015", True)


def test_what_no_longer_stands_in_its_file_is_told_and_not_shown(telling, capsys):
    timeline = telling(office(("2014-03-02", AN), ("2018-03-02", BINH)), edit=0)
    assert told(timeline) == [(BINH, "2018-03-02", "2018-03-02")]
    assert [citation.article for citation in timeline.unverified] == ["0.md"]
    show(replace(timeline, rows=()), "text", threshold=0.5)
    shown = capsys.readouterr()
    assert "tệp nguồn đã đổi" in shown.out
    assert timeline.unverified[0].id in shown.err


def test_a_year_that_many_articles_of_another_crowd_out_is_read_as_well(indexed, encoder, tmp_path):
    files = {
        f"{n}.md": f"---\ndate: 2018-01-{n % 28 + 1:02}\n---\n\nCục trưởng Cục Ngoại vụ họp lần {n}.\n"
        for n in range(40)
    }
    files["cũ.md"] = "---\ndate: 2012-01-02\n---\n\nÔng An phụ trách công tác ngoại vụ của các địa phương.\n"
    answerer = Answerer(indexed(tmp_path, files), encoder, Pointing("x", {}))
    question = parse_question(f"Ai là {HEAD_OFFICE}?")
    articles = [hit.passage.article for hit in gather(answerer, question, Filters())]
    assert "cũ.md" in articles
    assert len(articles) == len(set(articles)) <= MOST_READ


# As text, and hostile


EVIL = "\x1b[31m\x9b1m\u202e"


@pytest.fixture
def hostile(telling):
    name = f"Nguyễn{EVIL} $x^2$ <b>An</b> | *Hoàng*"
    head = '---\ntitle: "Tin \\e[31m\\u202e | đỏ"\ndate: 2018-08-12\n---\n\n'
    text = f"\u200b\U000e0041Ông {name} là Cục trưởng Cục Ngoại vụ."
    return telling([("", head + text)], pattern=r"Nguyễn.*\*(?= là)", threshold=0.0)


@pytest.mark.parametrize("output", ["text", "json", "jsonl", "md"])
def test_an_article_commands_no_terminal(hostile, output, unseen, capsys):
    assert len(hostile.rows) == 1
    show(hostile, output, threshold=0.0)
    shown = capsys.readouterr()
    assert "$x^2$" in re.sub(r"\\([$^])", r"\1", shown.out)
    assert unseen(shown.out + shown.err) == []


def test_an_article_adds_no_column_to_a_markdown_table(hostile, capsys):
    show(hostile, "md", threshold=0.0)
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert [len(re.findall(r"(?<!\\)\|", row)) for row in rows] == [5, 5, 5]


def test_plain_text_has_the_table_then_every_numbered_source(telling, capsys):
    show(telling(office(("2014-03-02", AN), ("2016-03-02", AN), ("2018-03-02", BINH))), "text", threshold=0.5)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["Thời", "gian", "Người", "Tin", "cậy", "Nguồn"]
    assert lines[1].startswith(f"2/3/2014 – 2/3/2016  {AN}")
    assert lines[1].endswith("[1] [2]")
    assert lines[2].endswith("[3]")
    assert [line for line in lines if line.startswith("[")] == ["[1] 2/3/2014", "[2] 2/3/2016", "[3] 2/3/2018"]
    assert sum(f"«{AN}»" in line for line in lines) == 2


# Pictures


def test_a_formula_or_markup_in_an_article_is_drawn_as_its_letters(hostile, tmp_path):
    draw(hostile, tmp_path / "a.svg")
    texts = ["".join(node.itertext()) for node in ElementTree.parse(tmp_path / "a.svg").iter(f"{SVG}text")]
    (drawn,) = [text for text in texts if text.startswith("Nguyễn")]
    assert "\\x1b[31m" in drawn
    assert "$x^2$" in drawn
    assert len(drawn) <= LABEL


def test_a_png_is_one(hostile, tmp_path):
    draw(hostile, tmp_path / "a.PNG")
    data = (tmp_path / "a.PNG").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert min(struct.unpack(">II", data[16:24])) > 100
    assert data.endswith(b"IEND\xaeB`\x82")


def test_a_timeline_drawn_twice_gives_the_same_bytes(hostile, tmp_path):
    for name in ("a.svg", "b.svg"):
        draw(hostile, tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_a_value_has_one_line_of_the_picture_though_it_comes_back(telling, tmp_path):
    timeline = telling(office(("2014-03-02", AN), ("2016-03-02", BINH), ("2018-03-02", AN)))
    draw(timeline, tmp_path / "a.svg")
    texts = ["".join(node.itertext()) for node in ElementTree.parse(tmp_path / "a.svg").iter(f"{SVG}text")]
    assert [text for text in texts if text in (AN, BINH)] == [AN, BINH]


@pytest.mark.parametrize("text", ["a" * 500, "\ufffe\uffff\x00\ud800\u200b\U000e0041", "một\nhai\tba", "$" * 50])
def test_a_label_is_short_and_holds_only_what_xml_allows(text, unseen):
    shown = label(text, LABEL)
    assert unseen(shown) == []
    assert 0 < len(shown) <= LABEL
    assert ElementTree.fromstring(f"<a>{shown}</a>").text == shown


def test_a_picture_that_stands_there_is_not_touched_by_the_check(tmp_path):
    (tmp_path / "a.svg").write_text("cũ", encoding="utf-8")
    check_path(tmp_path / "a.svg")
    check_path(tmp_path / "b.png")
    assert [path.name for path in tmp_path.iterdir()] == ["a.svg"]
    assert (tmp_path / "a.svg").read_text(encoding="utf-8") == "cũ"


def test_a_folder_is_no_picture(tmp_path):
    (tmp_path / "a.svg").mkdir()
    with pytest.raises(InputError):
        check_path(tmp_path / "a.svg")


def test_a_name_that_is_too_long_is_refused(tmp_path):
    with pytest.raises(InputError, match="--plot"):
        check_path(tmp_path / ("a" * 300 + ".svg"))


def test_the_check_leaves_a_link_to_nothing_as_it_is(tmp_path):
    (tmp_path / "a.svg").symlink_to(tmp_path / "target.svg")
    check_path(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").is_symlink()
    assert not (tmp_path / "target.svg").exists()
    (tmp_path / "b.svg").symlink_to(tmp_path / "nowhere" / "b.svg")
    (tmp_path / "c.svg").symlink_to(tmp_path / "c.svg")
    for name in ("b.svg", "c.svg"):
        with pytest.raises(InputError):
            check_path(tmp_path / name)
        assert (tmp_path / name).is_symlink()


def test_ask_and_an_undrawn_timeline_need_no_matplotlib(sample_index, root: Path):
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from evals.cli import main\n"
        f"sys.argv[1:] += ['--index', {str(sample_index)!r}]\n"
        "main()"
    )
    for asked in (["ask", f"Ai là {HEAD_OFFICE} năm 2018?"], ["timeline", HEAD_OFFICE, "--since", "2023"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *asked], cwd=root, capture_output=True, text=True, timeout=120
        )
        assert (done.returncode, done.stderr) == (0, "")
