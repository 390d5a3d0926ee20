"""Provinces before and after the merger of 1 July 2025, as an officer names them."""

import doctest
import gzip
import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qa.wording.former_names
from corpus.text import canonical_syllable, syllables, unaccent
from qa.question.types import Merger, Window
from qa.vietnamese.places import MERGED, UNCHANGED
from qa.wording.former_names import former_names, is_of_former, merged_into, mergers

QUICK = settings(max_examples=100)
GAZETTEER = Path(__file__).resolve().parents[4] / "shared" / "data" / "gazetteer"
PHU_THO = Merger("Phú Thọ", ("Vĩnh Phúc", "Hòa Bình"))
present = st.sampled_from(sorted(MERGED))
every_merged = pytest.mark.parametrize("name", sorted(MERGED))


def spelt(name):
    return tuple(map(canonical_syllable, syllables(name)))


def gazetteer(name):
    if not GAZETTEER.is_dir():
        pytest.skip("the gazetteer is not here")
    return json.loads(gzip.decompress((GAZETTEER / name).read_bytes()))


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(qa.wording.former_names).failed == 0


def test_the_34_are_those_of_the_gazetteer():
    there = gazetteer("provinces-34-after-2025-07.json.gz")
    names = {spelt(p["FullName"].removeprefix("Tỉnh ").removeprefix("Thành phố ")) for p in there}
    assert {spelt(name) for name in (*MERGED, *UNCHANGED)} == names
    assert len(names) == 34


def test_the_63_are_those_of_the_gazetteer():
    there = {spelt(p["name"]) for p in gazetteer("provinces-63-before-2025-07.json.gz").values()}
    here = [*(old for names in MERGED.values() for old in names), *UNCHANGED]
    assert {spelt("Thừa Thiên Huế" if name == "Huế" else name) for name in here} == there
    assert len(here) == 63


def test_every_former_province_but_those_that_kept_their_name_was_merged_into_one():
    there = [p["name"] for p in gazetteer("provinces-63-before-2025-07.json.gz").values()]
    kept = {spelt(name) for name in (*MERGED, *UNCHANGED, "Thừa Thiên Huế")}
    assert [name for name in there if (merged_into(name) is None) != (spelt(name) in kept)] == []


@pytest.mark.parametrize(
    ("name", "into"),
    [
        ("Vĩnh Phúc", "Phú Thọ"),
        ("vinh phuc", "Phú Thọ"),
        ("Hoà Bình", "Phú Thọ"),
        ("Bà Rịa – Vũng Tàu", "Hồ Chí Minh"),
        ("ba ria vung tau", "Hồ Chí Minh"),
        ("Vũng Tàu", "Hồ Chí Minh"),
        ("Bắc Cạn", "Thái Nguyên"),
        ("Phú Thọ", None),
        ("TP.HCM", None),
        ("Hà Nội", None),
        ("Paris", None),
        ("", None),
    ],
)
def test_a_former_province_became_part_of_another(name, into):
    assert merged_into(name) == into


@pytest.mark.parametrize(
    "question",
    [
        "Chủ tịch UBND tỉnh Phú Thọ là ai?",
        "chủ tịch ubnd tỉnh phú thọ là ai",
        "chu tich ubnd tinh phu tho la ai",
        "CHỦ TỊCH UBND TỈNH PHÚ THỌ LÀ AI?",
        "Phu Tho có gì mới?",
        "Chủ tịch UBND tỉnh Phú Thọ hiện nay là ai?",
        "Chủ tịch UBND tỉnh Phú Thọ năm 2026 là ai?",
        "Chủ tịch UBND tỉnh Phú Thọ năm 2025 là ai?",
        "Từ năm 2020 đến năm 2026 Phú Thọ đón bao nhiêu đoàn?",
    ],
)
def test_a_question_about_todays_phu_tho_means_the_former_three(question):
    assert former_names(question) == ("Vĩnh Phúc", "Hòa Bình")


@pytest.mark.parametrize(
    "question",
    [
        "Chủ tịch UBND tỉnh Phú Thọ năm 2023 là ai?",
        "Trước năm 2025 ai là Chủ tịch UBND tỉnh Phú Thọ?",
        "6 tháng đầu năm 2025 Phú Thọ thu hút bao nhiêu vốn?",
        "Chủ tịch UBND tỉnh Phú Thọ cũ là ai?",
        "Trước khi sáp nhập, Chủ tịch UBND tỉnh Phú Thọ là ai?",
        "truoc khi sap nhap ai la chu tich ubnd tinh phu tho",
        "Phú Thọ và Vĩnh Phúc ký gì với nhau?",
    ],
)
def test_a_question_about_the_old_borders_means_the_old_province(question):
    assert former_names(question) == ()


def test_the_time_asked_about_may_stand_outside_the_question():
    question = "Chủ tịch UBND tỉnh Phú Thọ là ai?"
    assert former_names(question, window=Window(date(2023, 1, 1), date(2023, 12, 31))) == ()
    assert former_names(question, window=Window(date(2026, 1, 1), date(2026, 12, 31))) == ("Vĩnh Phúc", "Hòa Bình")


@pytest.mark.parametrize(
    "question",
    [
        "Vĩnh Phúc thu hút bao nhiêu vốn?",
        "Hà Nội đón bao nhiêu đoàn?",
        "Chủ tịch Hồ Chí Minh thăm nước nào?",
        "Ông Nguyễn Khánh Hòa là ai?",
        "Vùng Đồng Tháp Mười ở đâu?",
        "tinh hinh an ninh binh thuan the nao",
        "Nhóm quốc gia lai tạp là gì?",
        "Hội nghị bàn gì?",
        "",
    ],
)
def test_what_names_no_merged_province_has_no_former_names(question):
    assert former_names(question) == ()


@every_merged
def test_every_merged_province_has_its_former_names(name):
    assert set(former_names(f"{name} có gì mới?")) == set(MERGED[name]) - {name}


@pytest.mark.parametrize("respell", [unaccent, str.lower, str.upper, lambda s: unaccent(s).lower()])
@every_merged
def test_every_way_of_typing_a_name_means_the_same(name, respell):
    assert former_names(respell(f"Sở Ngoại vụ {name} ở đâu")) == former_names(name)


@QUICK
@given(st.lists(present, max_size=3), st.sampled_from(["", " năm 2023", " năm 2026"]))
def test_decomposed_text_means_the_same(names, when):
    question = " và ".join(names) + when
    assert former_names(unicodedata.normalize("NFD", question)) == former_names(question)


@pytest.mark.parametrize("question", ["Hoà Bình và Khánh Hoà", "Hòa Bình và Khánh Hòa"])
def test_either_place_of_the_tone_mark_will_do(question):
    assert former_names(question) == ("Ninh Thuận",)


@QUICK
@given(st.text(max_size=60))
def test_any_text_gives_former_names_of_what_it_names_only(text):
    assert set(former_names(text)) <= {old for names in MERGED.values() for old in names}


@pytest.mark.parametrize(
    "sentence",
    [
        "Vĩnh Phúc thu hút 558 triệu USD.",
        "Chủ tịch UBND tỉnh Hoà Bình phát biểu.",
        "TỈNH VĨNH PHÚC HỌP BÁO",
    ],
)
def test_the_notice_applies_to_a_sentence_with_a_former_name_only(sentence):
    assert is_of_former(PHU_THO, sentence)
    assert is_of_former(PHU_THO, unicodedata.normalize("NFD", sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "Phú Thọ thu hút 558 triệu USD.",
        "Phú Thọ và Vĩnh Phúc cùng dự.",
        "Hai bên vì hòa bình và hợp tác.",
        "Quảng trường Hòa Bình có mít tinh.",
        "Ông Trần Hòa Bình phát biểu.",
        "Tỉnh thu hút 558 triệu USD.",
    ],
)
def test_the_notice_does_not_apply_otherwise(sentence):
    assert not is_of_former(PHU_THO, sentence)


def test_the_pacific_is_no_province():
    assert not is_of_former(Merger("Hưng Yên", ("Thái Bình",)), "Khu vực châu Á - Thái Bình Dương phát triển.")
    assert not is_of_former(Merger("Hồ Chí Minh", ("Bình Dương",)), "Khu vực châu Á - Thái Bình Dương phát triển.")


def test_the_notice_is_in_both_languages():
    (merger,) = mergers("Ai là Chủ tịch tỉnh Phú Thọ?")
    assert merger.notice == (
        "Phú Thọ từ 1/7/2025 gồm cả Vĩnh Phúc, Hòa Bình cũ: đã tìm cả dưới tên cũ.",
        "Since 1 July 2025 Phú Thọ includes the former Vĩnh Phúc, Hòa Bình: those names were searched too.",
    )
