import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import canonical_syllable, fold, unaccent
from qa.wording.accents import TOKEN, lacks_accents, restore


def nowhere(term: str) -> int:
    return 0


@pytest.mark.parametrize(
    "meant",
    [
        "cục trưởng cục ngoại vụ là ai",
        "hội nghị ngoại vụ toàn quốc lần thứ 19 diễn ra ở đâu",
        "ai là bộ trưởng bộ ngoại giao năm 2018",
        "có bao nhiêu đoàn khách quốc tế đến thành phố hồ chí minh",
        "thứ trưởng nào chủ trì hội nghị trực tuyến",
        "vì sao các địa phương cần hội nhập quốc tế",
    ],
)
def test_a_question_typed_without_accents_gets_them_back(meant: str) -> None:
    assert restore(unaccent(meant), nowhere) == meant


def test_what_was_typed_with_its_accents_comes_back_as_it_was() -> None:
    typed = "Ai là Cục trưởng Cục Ngoại vụ năm 2018?"
    assert restore(typed, nowhere) == typed


def test_a_typed_accent_counts_where_the_rest_has_none() -> None:
    assert "đường" in restore("chu tich phuong duong minh va con đường moi la ai", nowhere)


def test_capitals_numbers_and_marks_stay() -> None:
    assert (
        restore("Ai la CUC TRUONG Cuc Ngoai vu (2018-2020)?", nowhere) == "Ai là CỤC TRƯỞNG Cục Ngoại vụ (2018-2020)?"
    )


def test_a_name_that_the_corpus_holds_is_spelt_as_it_spells_it() -> None:
    known = {canonical_syllable("Khuê")}
    alone = restore("ong nguyen van khue la ai", lambda term: int(term in known))
    assert alone == "ông nguyễn văn khuê là ai"


def test_english_words_that_are_no_syllables_stay() -> None:
    assert restore("Meet Japan to chuc o dau", nowhere).startswith("Meet Japan ")


@given(st.text(alphabet=st.sampled_from("abcdeghiklmnopqrstuvxy ,.?12AĐđêăôơư\u0301\u0300"), max_size=60))
def test_only_diacritics_ever_change(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert fold(restore(text, nowhere)) == fold(text)


@given(
    st.lists(
        st.sampled_from(
            ["cuc", "truong", "ngoai", "vu", "la", "ai", "năm", "hội", "nghị", "2018", ",", "bao", "nhieu"]
        ),
        max_size=12,
    )
)
def test_a_syllable_with_an_accent_is_never_touched(words: list[str]) -> None:
    typed = " ".join(words)
    for before, after in zip(TOKEN.findall(typed), TOKEN.findall(restore(typed, nowhere)), strict=True):
        if fold(before) != before:
            assert canonical_syllable(after) == canonical_syllable(before)


def test_what_has_accents_enough_is_told_from_what_lacks_them() -> None:
    assert lacks_accents("cuc truong cuc ngoai vu la ai")
    assert not lacks_accents("Cục trưởng Cục Ngoại vụ là ai?")
    assert not lacks_accents("2018?")


@pytest.mark.parametrize(
    "typed",
    [
        "QD 123/QD-BNG noi ve gi",
        "SARS-CoV-2 la gi",
        "A380 bay khi nào",
        "Ông Do Kwon ra sao",
        "hoà binh ở Thuý Loan ra sao",
    ],
)
def test_numbers_of_documents_names_and_typed_accents_stay(typed: str) -> None:
    kept = {"123/QD-BNG", "SARS-CoV-2", "A380", "Do Kwon", "hoà", "Thuý"}
    assert all(part in restore(typed, nowhere) for part in kept if part in typed)


def test_what_is_quoted_stays() -> None:
    assert '"cuc truong cuc ngoai vu"' in restore('ai noi "cuc truong cuc ngoai vu" o Ha Noi', nowhere)
