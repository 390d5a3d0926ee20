"""English questions over Vietnamese articles: what an officer's question becomes, and what is no English."""

import re
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.text import fold, unaccent
from evals.questions import FOLDER, read_questions
from qa.question.parse import MAX_CHARACTERS, kind_of, parse_question
from qa.question.types import Kind
from qa.wording.english.detect import is_english, is_vietnamese_syllable
from qa.wording.english.translate import translate
from qa.wording.english.words import GLOSSARY, GRAMMAR, glossary

QUICK = settings(max_examples=100, deadline=None)
PARTS = set("ngavirpcdqx")
ENGLISH_SETS = ("english", "english_sample")
TRANSLATED = [
    (
        "Who was the Director of the Department of Local Foreign Affairs in 2018?",
        "Ai là Cục trưởng Cục Ngoại vụ năm 2018?",
    ),
    (
        "who was the deputy director of the department of local foreign affairs in 2018",
        "Ai là Phó Cục trưởng Cục Ngoại vụ năm 2018?",
    ),
    ("Who heads the Department of Foreign Affairs?", "Ai là Cục trưởng Cục Ngoại vụ?"),
    (
        "Who is the Director of the Da Nang Department of Foreign Affairs?",
        "Ai là Giám đốc Sở Ngoại vụ Đà Nẵng?",
    ),
    (
        "Who is the Director of the Department of Foreign Affairs of Bac Ninh?",
        "Ai là Giám đốc Sở Ngoại vụ Bắc Ninh?",
    ),
    ("Who is Vietnam’s Foreign Minister?", "Ai là Bộ trưởng Bộ Ngoại giao Việt Nam?"),
    ("Who chairs the Can Tho City People's Committee?", "Ai là Chủ tịch UBND thành phố Cần Thơ?"),
    ("Who is Nguyễn Hoàng Long?", "Nguyễn Hoàng Long là ai?"),
    ("What is the name of the Consul General in Hue?", "Ai là Tổng Lãnh sự ở Huế?"),
    ("Whom did the Minister receive in Hanoi?", "Bộ trưởng đón ai ở Hà Nội?"),
    (
        "How many delegates attended the 19th National Conference on Foreign Affairs?",
        "Có bao nhiêu đại biểu tham dự Hội nghị Ngoại vụ toàn quốc lần thứ 19?",
    ),
    (
        "How many agreements has Vietnam signed with Japanese companies?",
        "Việt Nam ký bao nhiêu thỏa thuận với doanh nghiệp Nhật Bản?",
    ),
    (
        "How many provincial departments of foreign affairs were there in 2016?",
        "Có bao nhiêu Sở Ngoại vụ năm 2016?",
    ),
    (
        "How much FDI did Bac Ninh attract in the first half of 2012?",
        "Bắc Ninh thu hút bao nhiêu vốn FDI 6 tháng đầu năm 2012?",
    ),
    ("By what percentage did exports grow?", "Xuất khẩu tăng bao nhiêu phần trăm?"),
    ("When was Meet Japan 2023 held?", "Gặp gỡ Nhật Bản 2023 được tổ chức khi nào?"),
    ("What year was the Department of Foreign Affairs set up?", "Cục Ngoại vụ được thành lập năm nào?"),
    ("On what date did the conference open?", "Hội nghị khai mạc ngày nào?"),
    ("Where was Meet Thailand held in August 2023?", "Tháng 8/2023, Gặp gỡ Thái Lan được tổ chức ở đâu?"),
    ("In which city was the third forum held?", "Diễn đàn lần thứ ba được tổ chức ở thành phố nào?"),
    ("Which deputy minister met the Thai delegation?", "Thứ trưởng nào gặp đoàn Thái Lan?"),
    (
        "Which countries has Vietnam signed agreements with?",
        "Việt Nam ký thỏa thuận với nước nào?",
    ),
    (
        "Which heritage was recognised by UNESCO?",
        "Di sản nào được UNESCO công nhận?",
    ),
    ("What was the theme of the online conference?", "Chủ đề hội nghị trực tuyến là gì?"),
    ("What did the Ministry of Foreign Affairs propose?", "Bộ Ngoại giao đề xuất gì?"),
    ("Why did the provinces send delegations abroad?", "Vì sao tỉnh tổ chức đoàn ra nước ngoài?"),
    ("Will the next conference be held in Hue?", "Hội nghị tới sẽ được tổ chức ở Huế không?"),
    ("Please tell me who chaired the meeting", "Ai chủ trì cuộc họp?"),
    ("Who is Theresa May?", "Theresa May là ai?"),
    ("When did Will Smith visit Hanoi?", "Will Smith thăm Hà Nội khi nào?"),
    ("Which May conference was held in Hanoi?", "Hội nghị tháng 5 nào được tổ chức ở Hà Nội?"),
    ("What Did Vietnam Sign In 2018?", "Việt Nam ký gì năm 2018?"),
    ("What is G20?", "G20 là gì?"),
    ("What is COP26 about?", "COP26 về gì?"),
    ("How much is 1,234.5 million USD?", "1.234,5 triệu USD là bao nhiêu?"),
    ("Which province signed the 5 million USD project?", "Tỉnh nào ký dự án 5 triệu USD?"),
    ("How many million USD did Hanoi attract?", "Hà Nội thu hút bao nhiêu triệu USD?"),
    ("What is Decision 123/QD-BNG about?", "Quyết định 123/QD-BNG về gì?"),
    ("Who wrote “The Art of War”?", "Ai viết “The Art of War”?"),
    ("“Who is the Director of the Department of Foreign Affairs?”", "Ai là Cục trưởng Cục Ngoại vụ?"),
    ("AI was discussed at which conference?", "AI được thảo luận ở hội nghị nào?"),
]  # fmt: skip
NOT_ENGLISH = [
    "cuc truong cuc ngoai vu la ai",
    "co bao nhieu doan khach",
    "ong Long la ai",
    "Meet Japan 2023 tổ chức ở đâu",
    "Meet Japan 2023 to chuc o dau",
    "Meet Japan 2023",
    "WHO la to chuc gi",
    "FDI cua Vinh Phuc nam 2023",
    "hoi nghi do the nao",
    "in an do to on the can",
    "ai gap the who",
    "bao nhieu the who",
    "co the who is",
    "",
    "2018?",
    "¿Quién es el director?",
]
IN_TIME = [
    ("in August 2018", date(2018, 8, 1), date(2018, 8, 31)),
    ("on 12 August 2018", date(2018, 8, 12), date(2018, 8, 12)),
    ("on August 12th, 2018", date(2018, 8, 12), date(2018, 8, 12)),
    ("on 12/8/2018", date(2018, 8, 12), date(2018, 8, 12)),
    ("in 2018", date(2018, 1, 1), date(2018, 12, 31)),
    ("in the first half of 2012", date(2012, 1, 1), date(2012, 6, 30)),
    ("in the first six months of 2012", date(2012, 1, 1), date(2012, 6, 30)),
    ("in the first ten months of 2023", date(2023, 1, 1), date(2023, 10, 31)),
    ("in the second half of 2012", date(2012, 7, 1), date(2012, 12, 31)),
    ("in the second quarter of 2013", date(2013, 4, 1), date(2013, 6, 30)),
    ("between 2014 and 2016", date(2014, 1, 1), date(2016, 12, 31)),
    ("from 2014 to 2016", date(2014, 1, 1), date(2016, 12, 31)),
    ("in 2014-2016", date(2014, 1, 1), date(2016, 12, 31)),
    ("before 2016", date(1900, 1, 1), date(2015, 12, 31)),
    ("after 2016", date(2017, 1, 1), date(2100, 12, 31)),
    ("since 2016", date(2016, 1, 1), date(2100, 12, 31)),
    ("by 2030", date(2030, 1, 1), date(2030, 12, 31)),
]
KINDS = {"who": {Kind.WHO}, "how_many": {Kind.HOW_MANY}, "when": {Kind.WHEN}, "where": {Kind.WHERE}}


def asked(*names):
    return [question for name in names for question in read_questions(FOLDER / f"{name}.jsonl")]


@pytest.mark.parametrize(("english", "vietnamese"), TRANSLATED)
def test_a_question_becomes_the_one_an_officer_would_ask_in_vietnamese(english, vietnamese):
    assert translate(english) == vietnamese


@pytest.mark.parametrize("text", NOT_ENGLISH)
def test_what_is_not_english_is_left_alone(text):
    assert translate(text) is None


@pytest.mark.parametrize("typed", [str, unaccent, fold], ids=["as typed", "without accents", "in small letters too"])
def test_no_vietnamese_question_is_taken_for_english(typed):
    questions = [typed(question.question) for question in asked("real", "sample")]
    assert [text for text in questions if translate(text)] == []


@pytest.mark.parametrize("typed", [str, str.lower, lambda text: text.rstrip("?")], ids=["as typed", "small", "no mark"])
def test_every_english_question_is_translated(typed):
    assert [q.id for q in asked(*ENGLISH_SETS) if not translate(typed(q.question))] == []


def test_capitals_do_not_matter_but_for_names():
    for question in asked(*ENGLISH_SETS):
        small, usual = (fold(translate(text)) for text in (question.question.lower(), question.question))
        assert small == usual


def test_a_translation_asks_for_the_same_kind_of_thing():
    wrong = [
        q.id
        for q in asked(*ENGLISH_SETS)
        if kind_of(translate(q.question)) not in KINDS.get(q.kind, set(Kind)) and kind_of(q.question) is not Kind.OTHER
    ]
    assert wrong == []


def test_no_english_question_word_is_left():
    words = [word for q in asked(*ENGLISH_SETS) for word in re.findall(r"\w+", translate(q.question).casefold())]
    assert set(words) & {word for word in GRAMMAR if not is_vietnamese_syllable(word)} == set()


@pytest.mark.parametrize(("said", "first", "last"), IN_TIME)
def test_a_time_means_the_same_days(said, first, last):
    window = parse_question(translate(f"How many delegations visited Hanoi {said}?")).window
    assert (window.first, window.last) == (first, last)


@pytest.mark.parametrize("question", ["When did the minister visit Japan", "how many agreements were signed"])
def test_the_question_mark_is_not_needed(question):
    assert translate(question) == translate(f"{question}?") == translate(f"  {question} ? ")


def test_curly_quotation_marks_read_as_straight_ones():
    assert translate("Where was the “Meet Israel” event held?") == translate('Where was the "Meet Israel" event held?')
    assert translate("Who is Vietnam’s president?") == translate("Who is Vietnam's president?")


@pytest.mark.parametrize(
    "text", ["Who is the “giám đốc” of Vietnam’s office?", "“Who is the Director?”", "Who frobnicates the wuzzles?"]
)
def test_a_question_is_told_for_english_as_it_was_typed(text):
    assert is_english(text)


@pytest.mark.parametrize("text", ["Who frobnicates the wuzzles?", "Who frobnicates the minister?", "When was it?"])
def test_what_the_glossary_cannot_say_is_left_alone(text):
    assert translate(text) is None


def test_numbers_are_written_the_vietnamese_way():
    assert "5.800 " in translate("Why were 5,800 delegations sent abroad?")


def test_names_are_left_as_they_are():
    assert "San Francisco" in translate("When did the mayor of San Francisco visit Hue?")
    assert "22-NQ/TW" in translate("What is Resolution 22-NQ/TW about?")


@QUICK
@given(st.text(max_size=60), st.sampled_from(("who is the ", "how many of ", "when did ", "which the ")))
def test_nothing_typed_breaks_it(text, opening):
    said = translate(opening + text)
    assert said is None or (said.endswith("?") and said.isprintable())


@QUICK
@given(st.lists(st.sampled_from([" ".join(key) for key in glossary()] + sorted(GRAMMAR)), min_size=1, max_size=12))
def test_no_order_of_words_breaks_it(words):
    said = translate(" ".join(["who", "is", *words]))
    assert said is None or said.endswith("?")


def test_a_text_too_long_to_ask_is_left_alone():
    assert translate("who is the " + "minister " * MAX_CHARACTERS) is None


def test_every_line_of_the_glossary_is_a_phrase_a_meaning_and_a_part():
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if line.count("\t") != 2 or line.split("\t")[2] not in PARTS] == []
    assert [line for line in lines if line.split("\t")[0] != line.split("\t")[0].casefold()] == []


def test_a_vietnamese_question_does_not_load_the_glossary():
    code = (
        "import sys; from qa.wording.english.translate import translate;"
        "assert translate('cuc truong cuc ngoai vu la ai') is None;"
        "heavy = ('numpy', 'onnxruntime', 'rich', 'qa.wording.english.gloss', 'qa.wording.english.words');"
        "print(sorted(set(heavy) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
