import pytest

from corpus.errors import InputError
from qa.question.parse import MAX_CHARACTERS
from qa.question.types import Kind
from qa.wording.former_names import to_tell
from qa.wording.reword import reword
from qa.wording.understand import understand


def nowhere(term: str) -> int:
    return 0


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Ai là Cục trưởng Cục Ngoại vụ năm 2018?", "Ai là Cục trưởng Cục Ngoại vụ năm 2018?"),
        ("ai la cuc truong cuc ngoai vu nam 2018", "ai là cục trưởng cục ngoại vụ năm 2018"),
        ("GĐ SNV TP.HCM là ai?", "Giám đốc Sở Ngoại vụ Thành phố Hồ Chí Minh là ai?"),
    ],
)
def test_a_question_is_read_in_full_words_with_its_accents(typed: str, read: str) -> None:
    assert reword(typed, nowhere) == read


def test_an_english_question_is_read_in_vietnamese() -> None:
    question = understand("Who was the Minister of Foreign Affairs in 2018?", None, nowhere)
    assert "Bộ trưởng" in question.text
    assert (question.kind, question.as_of) == (Kind.WHO, "2018")
    assert question.typed == "Who was the Minister of Foreign Affairs in 2018?"


def test_the_officer_is_told_only_what_was_understood_otherwise_than_typed() -> None:
    assert understand("Ai là Cục trưởng Cục Ngoại vụ?", None, nowhere).read_as is None
    assert understand("ai la cuc truong cuc ngoai vu", None, nowhere).read_as == "ai là cục trưởng cục ngoại vụ"


def test_todays_province_is_searched_under_its_former_names_too() -> None:
    question = understand("Chủ tịch UBND tỉnh Phú Thọ là ai?", None, nowhere)
    assert {"Vĩnh Phúc", "Hòa Bình"} <= set(question.also)
    assert [merger.present for merger in question.mergers] == ["Phú Thọ"]


def test_a_question_about_a_time_before_the_merger_means_the_province_of_then() -> None:
    assert not understand("Chủ tịch UBND tỉnh Phú Thọ là ai?", "2018", nowhere).mergers


def test_writing_out_never_makes_a_question_too_long_to_ask() -> None:
    typed = "UBND " * 199
    assert len(reword(typed.strip(), nowhere)) <= MAX_CHARACTERS


def test_what_is_no_question_is_refused_before_anything_is_reworded() -> None:
    with pytest.raises(InputError):
        understand("  ", None, nowhere)


def test_a_question_keeps_its_kind_whatever_its_accents_become() -> None:
    assert understand("may doan khach den Ha Noi", None, nowhere).kind is Kind.HOW_MANY


def test_english_beyond_the_glossary_stays_as_typed() -> None:
    typed = "Why do quarks exhibit asymptotic freedom at shorter wavelengths?"
    assert reword(typed, nowhere) == typed


def test_a_question_in_capitals_is_read_in_small_letters() -> None:
    assert reword("AI LÀ CỤC TRƯỞNG CỤC NGOẠI VỤ NĂM 2018?", nowhere) == "Ai là cục trưởng cục ngoại vụ năm 2018?"


def test_a_merger_is_told_where_an_answer_goes_by_it_or_there_is_none() -> None:
    mergers = understand("Chủ tịch UBND tỉnh Phú Thọ là ai?", None, nowhere).mergers
    assert to_tell(mergers, []) == mergers
    assert to_tell(mergers, ["Chủ tịch UBND tỉnh Vĩnh Phúc đến dự."]) == mergers
    assert to_tell(mergers, ["Chủ tịch UBND tỉnh Phú Thọ đến dự."]) == ()
