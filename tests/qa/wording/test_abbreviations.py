"""Abbreviations as officers type them: what is written out, what is left alone, what is searched besides."""

import doctest
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qa.wording.abbreviations
from corpus.text import canonical_syllable, is_unaccented, nfc, syllables
from qa.question.parse import kind_of
from qa.question.types import Kind
from qa.wording.abbreviations import FORMS, RULES, also, expand

QUICK = settings(max_examples=100)
SETS = Path(__file__).resolve().parents[3] / "evals" / "questions"
QUESTIONS = [
    json.loads(line)["question"]
    for name in ("real", "sample", "english")
    for line in (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
]
PIECES = [
    "SNV", "snv", "BNG", "Bộ NG", "CNV", "UBND", "HĐND", "TP.HCM", "tp hcm", "HCM", "TP", "TP.", "TW", "TƯ", "VN",
    "FDI", "ĐẦU", "đầu tư", "tổ chức", "NGO", "HN", "ĐN", "GĐ", "gd", "PGĐ", "CT", "PCT", "TTg", "CP", "BT", "TT",
    "Huế", "tỉnh", "ở", "công tác", "ngoại vụ", "là ai", "o dau", "16-NQ/TW", "(", ")", '"', ",", "2018", "chủ tịch",
    "thành phố",
]  # fmt: skip
typed = st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join)


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(qa.wording.abbreviations).failed == 0


@pytest.mark.parametrize(
    ("question", "written_out"),
    [
        ("GĐ SNV TP.HCM là ai?", "Giám đốc Sở Ngoại vụ Thành phố Hồ Chí Minh là ai?"),
        ("PGĐ SNV Tp.HCM là ai?", "Phó Giám đốc Sở Ngoại vụ Thành phố Hồ Chí Minh là ai?"),
        ("CT UBND TP. Huế là ai?", "Chủ tịch Ủy ban nhân dân thành phố Huế là ai?"),
        ("PCT HĐND tỉnh là ai?", "Phó Chủ tịch Hội đồng nhân dân tỉnh là ai?"),
        ("BT BNG là ai?", "Bộ trưởng Bộ Ngoại giao là ai?"),
        ("BT Tỉnh ủy là ai?", "Bí thư Tỉnh ủy là ai?"),
        ("Thứ trưởng Bộ NG là ai?", "Thứ trưởng Bộ Ngoại giao là ai?"),
        ("Cục trưởng CNV là ai?", "Cục trưởng Cục Ngoại vụ là ai?"),
        ("TTg CP nói gì?", "Thủ tướng Chính phủ nói gì?"),
        ("BCH TW họp khi nào?", "Ban Chấp hành Trung ương họp khi nào?"),
        ("Các CQĐD, ĐSQ và TLSQ làm gì?", "Các cơ quan đại diện, Đại sứ quán và Tổng Lãnh sự quán làm gì?"),
        ("HN ngoại vụ lần thứ 19 họp ở HN?", "Hội nghị ngoại vụ lần thứ 19 họp ở Hà Nội?"),
        ("Công tác ĐN của TP.ĐN ra sao?", "Công tác đối ngoại của Thành phố Đà Nẵng ra sao?"),
        ("GĐ 2016-2020 có gì?", "giai đoạn 2016-2020 có gì?"),
        ("Quan hệ VN-Lào ra sao?", "Quan hệ Việt Nam-Lào ra sao?"),
        ("TP.HCM", "Thành phố Hồ Chí Minh"),
        ("CNV Bộ Ngoại giao làm gì?", "Cục Ngoại vụ Bộ Ngoại giao làm gì?"),
        ("CNV là gì?", "Cục Ngoại vụ là gì?"),
        ("Ai đứng đầu CNV?", "Ai đứng đầu Cục Ngoại vụ?"),
        ("ĐSQ Singapore ở đâu?", "Đại sứ quán Singapore ở đâu?"),
        ("GĐ 2016 đến 2020 có gì?", "giai đoạn 2016 đến 2020 có gì?"),
        ("TPHCM ở đâu?", "Thành phố Hồ Chí Minh ở đâu?"),
        ("tp hcm ở đâu?", "Thành phố Hồ Chí Minh ở đâu?"),
        ("thành phố HCM ở đâu?", "Thành phố Hồ Chí Minh ở đâu?"),
        ("TP.Vinh ở đâu?", "thành phố Vinh ở đâu?"),
        ("TỔ CHỨC LHQ Ở VN", "TỔ CHỨC Liên hợp quốc Ở Việt Nam"),
    ],
)
def test_what_an_officer_types_is_written_out(question, written_out):
    assert expand(question) == written_out


@pytest.mark.parametrize(
    ("question", "written_out"),
    [
        ("snv tphcm o dau", "So Ngoai vu Thanh pho Ho Chi Minh o dau"),
        ("chu tich ubnd tinh la ai", "chu tich Uy ban nhan dan tinh la ai"),
        ("ct ubnd tp hue la ai", "Chu tich Uy ban nhan dan thanh pho hue la ai"),
        ("gd snv long an la ai", "Giam doc So Ngoai vu long an la ai"),
        ("von fdi vao tinh la bao nhieu", "von dau tu truc tiep nuoc ngoai vao tinh la bao nhieu"),
    ],
)
def test_a_question_without_accents_stays_without(question, written_out):
    assert expand(question) == written_out


def test_a_question_without_accents_is_still_understood():
    assert kind_of(expand("tru so SNV TPHCM o dau")) is Kind.WHERE


@pytest.mark.parametrize(
    "question",
    [
        "Nghị quyết 16-NQ/TW nói gì?",
        "Nghị quyết số 22 - NQ/TW ban hành ngày nào?",
        "nghi quyet 16 nq tw",
        "Quyết định 12/2020/QĐ-TTg là gì?",
        "Chỉ thị 25-CT/TW nói gì?",
        "Công văn 1234/UBND-TH ngày nào?",
        "Thông tư 05/2022/TT-BNG là gì?",
        'Ai viết "SNV là cánh tay nối dài của BNG"?',
        "Ai viết “SNV và UBND”?",
        "Trang snv.tphcm.gov.vn có gì?",
        "Gửi thư cho bng@snv.vn thế nào?",
        "Báo TG&VN ra đời năm nào?",
        "ASEAN, UNESCO và APEC họp ở đâu?",
    ],
)
def test_numbers_of_documents_quotations_and_addresses_stay(question):
    assert expand(question) == question


@pytest.mark.parametrize(
    "question",
    [
        "CT là gì?",
        "Ông Nguyễn Văn TT là ai?",
        "TT Huế có gì?",
        "Đoàn ĐN gồm ai?",
        "HN là gì?",
        "GĐ là gì?",
        "Cán bộ CNV được bao nhiêu?",
        "Hội nghị lần thứ tư họp ở đâu?",
        "HỘI NGHỊ LẦN THỨ TƯ HỌP Ở ĐÂU?",
        "ngõ ngo nào?",
        "Sở NV ở đâu?",
        "Công ty VNPT và VND là gì?",
        "How much FDI did VN get?",
        "Sở Ngoại vụ (SNV) làm gì?",
        "VN-Index hôm nay ra sao?",
        "Báo VN Express ở đâu?",
        "Xem kênh HCM TV ở đâu?",
        "FDI World Dental Federation là gì?",
        "CNV nhà máy lương bao nhiêu?",
        "GĐ 2020 là ai?",
    ],
)
def test_what_may_mean_something_else_or_is_explained_already_stays(question):
    assert expand(question) == question


@pytest.mark.parametrize(
    ("question", "written_out"),
    [
        ("vốn đầu tư FDI", "vốn đầu tư trực tiếp nước ngoài"),
        ("tổ chức NGO", "tổ chức phi chính phủ"),
        ("trụ sở SNV", "trụ sở Sở Ngoại vụ"),
        ("cán bộ BNG", "cán bộ Bộ Ngoại giao"),
    ],
)
def test_a_beginning_just_said_is_not_said_twice_but_a_single_word_is(question, written_out):
    assert expand(question) == written_out


def test_uncle_ho_is_no_city():
    assert expand("Tư tưởng HCM là gì?") == "Tư tưởng Hồ Chí Minh là gì?"
    assert also("Chủ tịch Hồ Chí Minh là ai?") == ()


@pytest.mark.parametrize("question", QUESTIONS)
def test_expanding_again_changes_nothing_more(question):
    assert expand(expand(question)) == expand(question)


@QUICK
@given(typed)
def test_expanding_twice_is_expanding_once(question):
    assert expand(expand(question)) == expand(question)


@QUICK
@given(
    st.lists(
        st.sampled_from(["hội", "nghị", "tư", "ngõ", "Chủ", "tịch", "hoà", "hòa", "ở", "HỌP", "  ", ",", "(", "7"])
    )
)
def test_text_without_abbreviations_is_unchanged_byte_for_byte(words):
    text = " ".join(words)
    assert expand(text) == text
    assert expand(unicodedata.normalize("NFD", text)) == unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    "question", [q for q in QUESTIONS if not any(len(w) > 1 and w.isupper() for w in syllables(q))]
)
def test_a_question_without_capitals_in_a_row_is_unchanged_unless_it_has_a_known_one_in_lower_case(question):
    if not any(word.casefold() in {"ubnd", "tphcm", "fdi", "tp"} for word in syllables(question)):
        assert expand(question) == question


@QUICK
@given(typed)
def test_decomposed_text_means_the_same(question):
    decomposed = unicodedata.normalize("NFD", question)
    assert nfc(expand(decomposed)) == expand(question)
    assert also(decomposed) == also(question)


@QUICK
@given(typed)
def test_an_unaccented_question_with_a_word_of_its_own_stays_unaccented(question):
    if is_unaccented(question):
        assert is_unaccented(expand(f"cho hoi {question}"))


@pytest.mark.parametrize(
    ("question", "forms"),
    [
        ("Giám đốc SNV Tp.HCM là ai?", ("TPHCM", "TP. Hồ Chí Minh", "Sở Ngoại vụ")),
        ("Giám đốc Sở Ngoại vụ Thành phố Hồ Chí Minh là ai?", ("TP.HCM", "TPHCM", "SNV")),
        ("so ngoai vu long an o dau", ("Sở Ngoại vụ", "SNV")),
        ("Vốn FDI là bao nhiêu?", ("đầu tư trực tiếp nước ngoài",)),
        ("Vốn đầu tư trực tiếp nước ngoài là bao nhiêu?", ("FDI",)),
        ("Vì sao LHQ họp?", ("Liên hợp quốc", "Liên hiệp quốc")),
        ('Ai viết "SNV"?', ()),
        ("Nghị quyết 16-NQ/TW nói gì?", ()),
        ("Vì sao có hội nghị?", ()),
        ("Cục trưởng CNV là ai?", ("Cục Ngoại vụ",)),
        ("TP.HCM có gì?", ("TPHCM", "TP. Hồ Chí Minh")),
        ("TP. Hồ Chí Minh có gì?", ("TP.HCM", "TPHCM")),
        ("Liên hợp quốc họp ở đâu?", ("Liên hiệp quốc", "LHQ")),
        ("Sơ ngoài vu là gì?", ()),
        ("How much FDI was there?", ()),
    ],
)
def test_other_forms_are_searched_besides(question, forms):
    assert also(question) == forms


@QUICK
@given(typed)
def test_every_other_form_brings_a_new_syllable(question):
    known = {canonical_syllable(word) for word in syllables(question)}
    for form in also(question):
        new = {canonical_syllable(word) for word in syllables(form)} - known
        assert new
        known |= new


def test_what_stands_in_the_forms_is_what_a_rule_writes_out():
    written_out = {rule.full for rule in RULES}
    assert [group for group in FORMS if written_out.isdisjoint(group)] == []


@QUICK
@given(typed)
def test_a_text_that_a_rule_matches_is_seen_to_have_a_short_form(question):
    if any(rule.pattern.search(nfc(question)) for rule in RULES):
        assert qa.wording.abbreviations._may_have_any(nfc(question))


@pytest.mark.parametrize("question", ["TPHN", "tp.đn", "thành phố HN", "BCHTƯ", "T.Ư", "t.ư", "TƯ", "Bo NG", "NGOs"])
def test_rarer_spellings_are_seen_too(question):
    assert any(rule.pattern.search(question) for rule in RULES)
    assert qa.wording.abbreviations._may_have_any(question)


def test_what_the_question_says_of_a_form_does_not_count_again():
    pairs = {tuple(map(canonical_syllable, pair)) for pair in [("hồ", "chí"), ("chí", "minh")]}
    assert qa.wording.abbreviations._without("TP. Hồ Chí Minh", pairs) == "TP. Hồ"
    assert qa.wording.abbreviations._without("Hồ Chí Minh City", pairs) == "Minh City"
    assert qa.wording.abbreviations._without("SNV", pairs) == "SNV"
