"""Folding with a way back, syllables, sentences."""

import itertools
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.text import canonical_syllable, fold, fold_with_offsets, nfc, sentence_spans, syllables, trim

VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
LOWER = sorted({nfc(v + t) for v in VOWELS for t in TONES} | set("bcdđghklmnpqrstvx"))
LETTERS = LOWER + [c.upper() for c in LOWER]
VIETNAMESE = st.text(st.sampled_from([*LETTERS, *' .,;:!?…“”"()\n\u00a0-0123456789']), max_size=60)
LATIN = st.text(st.one_of(st.sampled_from(LETTERS), st.characters(max_codepoint=0x24F), st.just("ﬁ")), max_size=40)
ANY = st.one_of(VIETNAMESE, st.text(st.characters(exclude_categories=["Cs"]), max_size=40))


def naive_fold(text):
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@given(LATIN)
def test_folding_agrees_with_the_textbook(text):
    assert fold(text) == naive_fold(text)


@given(VIETNAMESE)
def test_composed_and_decomposed_text_fold_alike(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(VIETNAMESE)
def test_folded_vietnamese_has_no_mark_and_no_capital_left(text):
    assert all(ord(c) < 128 or not c.isalpha() for c in fold(text))
    assert fold(text) == fold(text).lower()


@given(ANY)
def test_every_character_of_the_folded_copy_has_an_offset_in_the_text(text):
    folded = fold_with_offsets(text)
    assert folded.text == fold(text)
    assert len(folded.offsets) == len(folded.text)
    assert list(folded.offsets) == sorted(folded.offsets)
    assert all(c in fold(text[place]) for c, place in zip(folded.text, folded.offsets, strict=True))


@given(VIETNAMESE, st.text(st.sampled_from(LETTERS), min_size=1, max_size=12), VIETNAMESE)
def test_a_name_found_in_the_folded_copy_is_quoted_as_its_author_wrote_it(before, name, after):
    text = before + name + after
    start = len(fold(before))
    low, high = fold_with_offsets(text).source_span(start, start + len(fold(name)))
    assert text[low:high] == name


@given(ANY, st.data())
def test_the_source_of_a_folded_span_folds_to_something_that_holds_it(text, data):
    folded = fold_with_offsets(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    low, high = folded.source_span(start, end)
    assert 0 <= low <= high <= len(text)
    assert folded.text[start:end] in fold(text[low:high])


@pytest.mark.parametrize("pair", ["hoà hòa", "thuỷ thủy", "khoẻ khỏe", "loè lòe", "Tuý TÚY", "quý qúy"])
def test_both_places_of_a_tone_mark_are_one_term(pair):
    old, new = pair.split()
    assert canonical_syllable(old) == canonical_syllable(new)


@given(st.text(st.sampled_from(LETTERS), min_size=1, max_size=7))
def test_composed_and_decomposed_syllables_are_one_term(syllable):
    decomposed = unicodedata.normalize("NFD", syllable)
    assert canonical_syllable(decomposed) == canonical_syllable(syllable)


@pytest.mark.parametrize("pair", ["đường Dương", "ma má", "mả mã", "ban bán", "bàn bần", "tư tu", "hoà hoá", "đa da"])
def test_accents_keep_syllables_apart(pair):
    one, other = pair.split()
    assert canonical_syllable(one) != canonical_syllable(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5.800 đoàn ra", ["5.800", "đoàn", "ra"]),
        ("tăng 34,82%.", ["tăng", "34,82"]),
        ("12/8/2018", ["12", "8", "2018"]),
        ("TP.HCM – “Cục”", ["TP", "HCM", "Cục"]),
        (unicodedata.normalize("NFD", "Sở Ngoại vụ"), ["Sở", "Ngoại", "vụ"]),
        ("...", []),
        ("", []),
    ],
)
def test_syllables_leave_punctuation_out(text, expected):
    assert syllables(text) == expected


@given(ANY)
def test_syllables_hold_every_letter_and_digit_in_order(text):
    found = "".join(syllables(text)).replace(".", "").replace(",", "")
    assert found == "".join(c for c in nfc(text) if c.isalnum())


def sentences(text):
    return [text[low:high] for low, high in sentence_spans(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Hội nghị khai mạc sáng nay.", "Hơn 450 đại biểu dự."],
        ["Ông đến TP. Hồ Chí Minh.", "Bà ở lại Tp. Huế."],
        ["Tổng thống V. Putin thăm Hà Nội.", "Ông gặp bà N. T. Hoa."],
        ["GS. Trần Văn Khê và TS. Lê Hoa phát biểu.", "ThS. Nguyễn Hà vắng mặt."],
        ["Theo PGS.TS. Nguyễn Hà, việc này cần sớm làm.", "GS.TS. Lê Minh đồng ý."],
        ["“Chúng tôi sẵn sàng.”", "Ông Long nói."],
        ["Ông nói: “Đi thôi!” rồi bước ra.", "Mọi người theo sau."],
        ["(Ảnh: Quang Hòa.)", "Các đại biểu dự sự kiện."],
        ["Đón đoàn Chile, Áo, Bỉ…", "Một số đoàn ở lại."],
        ["Nông nghiệp, năng lượng,… và du lịch đều tăng.", "Vốn tăng 3.5 lần."],
        ["Ai chủ trì?", "Phó Thủ tướng!", "Thật sao?!", "Đúng."],
        ["Đón 5.800 đoàn.", "Tăng 4,26 lần."],
    ],
    ids=lambda expected: expected[0][:24],
)
def test_sentences_end_where_a_reader_ends_them(expected):
    assert sentences(" ".join(expected)) == expected


def test_a_line_that_goes_on_in_lower_case_is_one_sentence():
    text = "Các tỉnh đón khách du lịch\nvà 8.700 đoàn nước ngoài."
    assert sentences(text) == [text]


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n \n", " \n"])
def test_a_line_break_before_a_capital_ends_a_sentence(gap):
    assert sentences(f"Ghi dấu ấn đặc sắc{gap}Đánh giá về công tác này") == [
        "Ghi dấu ấn đặc sắc",
        "Đánh giá về công tác này",
    ]


def test_a_blank_line_ends_a_sentence_whatever_follows():
    assert sentences("Ghi dấu ấn\n\nvà đi tiếp") == ["Ghi dấu ấn", "và đi tiếp"]


PIECES = st.lists(
    st.sampled_from(
        [
            "TP.",
            "Hà Nội",
            "ông",
            ".",
            "…",
            "...",
            "?!",
            "”",
            "“",
            ")",
            " ",
            "  ",
            "\n",
            "\n\n",
            "V.",
            "3.5",
            "và",
            "\u00a0",
        ]
    ),
    max_size=30,
).map("".join)


@given(st.one_of(PIECES, ANY))
@example("\n\n.\n")
def test_sentences_hold_every_visible_character_once_and_in_order(text):
    spans = list(sentence_spans(text))
    assert "".join("".join(text[low:high].split()) for low, high in spans) == "".join(text.split())
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))


@given(st.one_of(PIECES, ANY))
def test_no_sentence_is_empty_or_begins_or_ends_with_white_space(text):
    assert all(text[low:high] and text[low:high] == text[low:high].strip() for low, high in sentence_spans(text))


@given(PIECES, st.data())
def test_sentences_of_a_window_hold_what_is_in_the_window(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    spans = list(sentence_spans(text, start, end))
    assert all(start <= low < high <= end for low, high in spans)
    assert "".join("".join(text[low:high].split()) for low, high in spans) == "".join(text[start:end].split())


@given(ANY, st.data())
def test_trimming_a_span_is_stripping_its_text(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    low, high = trim(text, start, end)
    assert text[low:high] == text[start:end].strip()


@pytest.mark.parametrize(
    "text", ["." * 20_000 + "x", " " * 20_000 + "x", "”" * 20_000 + "x", ".”" * 10_000 + "x"], ids=len
)
def test_a_long_run_of_one_sign_holds_nobody_up(text):
    started = time.perf_counter()
    assert list(sentence_spans(f"Mục lục{text} 5"))
    assert time.perf_counter() - started < 0.5
