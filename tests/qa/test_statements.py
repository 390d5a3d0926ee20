import json
import lzma
import random
from pathlib import Path

import pytest

from index.training.examples import Example, Span
from index.training.pairs import is_held_out_news
from qa.training.statements import news_questions, without_answer, without_sentences

BODY = (
    "Sáng 12/8, Bộ trưởng Bộ Ngoại giao Phạm Văn Khánh đã chủ trì hội nghị về hợp tác quốc tế của các địa phương. "
    "Trong sáu tháng đầu năm, các tỉnh đã đón 47 đoàn khách quốc tế đến tìm hiểu cơ hội đầu tư và hợp tác. "
    "Hội nghị hữu nghị tiếp theo sẽ được tổ chức tại Hà Nội vào năm 2019 với sự tham dự của nhiều đại biểu. "
    "Ngoại giao nhân dân cũng được các đại biểu nhắc tới nhiều lần trong phần thảo luận của hội nghị lần này."
)


SAID = (
    "Bộ trưởng khẳng định các địa phương sẽ tiếp tục mở rộng hợp tác với các đối tác nước ngoài. "
    "Các tỉnh đã tổ chức nhiều hội nghị hữu nghị nhằm quảng bá tiềm năng đầu tư của mình với bạn bè. "
    "Theo đó, lãnh đạo tỉnh cam kết sẽ hỗ trợ các doanh nghiệp nước ngoài trong suốt quá trình đầu tư. "
)
REASONS = (
    "Hội nghị lần này được dời sang tháng sau vì nhiều đại biểu quốc tế chưa kịp thu xếp lịch làm việc. "
    "Tuy nhiên, hoạt động hợp tác với các đối tác còn gặp khó khăn vì nguồn nhân lực đối ngoại tại chỗ còn mỏng. "
    "Nhiều đoàn khách quốc tế đã chọn tỉnh làm điểm đến vì hạ tầng giao thông đã được nâng cấp đồng bộ. "
    "Các địa phương đang đẩy mạnh hợp tác hữu nghị vì nhu cầu trao đổi hàng hóa qua biên giới ngày càng lớn. "
)


def asked_of(folder: Path, body: str, *, articles: int, count: int) -> list[Example]:
    """Return the questions made of a folder of articles that all say the same."""
    ids = [f"mau/{number}" for number in range(articles)]
    rows = [{"id": i, "title": "Hội nghị hợp tác", "body": body} for i in ids if not is_held_out_news(i)]
    with lzma.open(folder / "mau.jsonl.xz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return news_questions(folder, count=count, seed=1, unanswerable=0.0)


@pytest.fixture
def made(tmp_path: Path) -> list[Example]:
    return asked_of(tmp_path, BODY, articles=40, count=60)


def test_every_answer_stands_where_it_is_said_to(made: list[Example]) -> None:
    assert len(made) > 20
    assert all(e.context[a.start : a.end] == a.text for e in made for a in e.answers)


def test_a_question_never_holds_its_answer(made: list[Example]) -> None:
    assert not [e for e in made if e.answers[0].text in e.question]


def test_who_how_many_when_and_where_are_asked(made: list[Example]) -> None:
    asked = {(e.question, e.answers[0].text) for e in made}
    for word, answer in (("bao nhiêu", "47 đoàn"), ("đâu", "Hà Nội"), ("khi nào", "năm 2019")):
        assert any(word in question and answer == text for question, text in asked), word
    assert any(text in ("Phạm Văn Khánh", "Bộ trưởng Bộ Ngoại giao") for _, text in asked)


def test_what_was_said_and_what_for_are_asked_with_long_answers(tmp_path: Path) -> None:
    asked = asked_of(tmp_path, SAID * 2 + BODY, articles=60, count=80)
    assert all(e.context[a.start : a.end] == a.text for e in asked for a in e.answers)
    long = {e.question: e.answers[0].text for e in asked if len(e.answers[0].text.split()) > 6}
    assert any(q.endswith("gì?") and text.endswith("với các đối tác nước ngoài") for q, text in long.items())
    assert any(text.startswith("quảng bá tiềm năng") for text in long.values())


def test_a_statement_is_asked_about_without_the_words_that_open_its_sentence(tmp_path: Path) -> None:
    asked = asked_of(tmp_path, SAID * 2 + BODY, articles=60, count=80)
    found = {(e.question, e.answers[0].text) for e in asked if "cam kết" in e.question}
    assert found
    for question, answer in found:
        assert question.startswith("Lãnh đạo tỉnh cam kết")
        assert answer == "sẽ hỗ trợ các doanh nghiệp nước ngoài trong suốt quá trình đầu tư"


def test_why_is_asked_at_either_end_and_the_reason_answers(tmp_path: Path) -> None:
    asked = [e for e in asked_of(tmp_path, REASONS + BODY, articles=80, count=120) if "vì sao" in e.question.lower()]
    assert any(e.question.startswith("Vì sao ") for e in asked)
    assert any(e.question.endswith(" vì sao?") for e in asked)
    for example in asked:
        (answer,) = example.answers
        assert example.context[answer.start : answer.end] == answer.text
        assert example.context[: answer.start].endswith(" vì ")
        assert answer.text not in example.question
        assert "Tuy nhiên" not in example.question


def test_a_passage_without_the_sentence_that_answers_no_longer_holds_the_answer() -> None:
    example = Example("1", "Các tỉnh đã đón bao nhiêu đoàn?", BODY, (Span(BODY.index("47 đoàn"), "47 đoàn"),))
    cut = without_sentences(example)
    assert not cut.answers
    assert "47 đoàn" not in cut.context
    assert "Hà Nội" in cut.context


def test_a_question_asked_otherwise_names_what_the_passage_does_not() -> None:
    example = Example("1", "Hội nghị năm 2019 được tổ chức ở đâu?", BODY, (Span(BODY.index("Hà Nội"), "Hà Nội"),))
    others = [without_answer(example, rng=random.Random(seed)) for seed in range(30)]
    changed = [e for e in others if e.question != example.question]
    assert changed
    assert all(not e.answers and "2019" not in e.question for e in changed)
