"""Page furniture: a made-up page for each rule, and what no rule may take."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.furniture import split_furniture

PARAGRAPH = (
    "Trong năm qua, Sở Ngoại vụ đã phối hợp với các sở, ngành và địa phương đón {} đoàn khách quốc tế đến thăm, "
    "làm việc, tìm hiểu cơ hội hợp tác và đầu tư trong nhiều lĩnh vực như nông nghiệp, du lịch, giáo dục, y tế, "
    "năng lượng tái tạo và chuyển đổi số trên địa bàn tỉnh."
)
FIRST, SECOND = PARAGRAPH.format("mười hai"), PARAGRAPH.format("hai mươi")
SHORT = "Sở Ngoại vụ hôm {} đã tiếp đoàn khách quốc tế đến từ nhiều nước trong khu vực."


def dropped(*lines):
    text = "\n".join(lines)
    return [(entry.rule, text[entry.start : entry.end]) for entry in split_furniture(text)[1]]


def kept(*lines):
    text = "\n".join(lines)
    return [text[line.start : line.end] for line in split_furniture(text)[0]]


@pytest.mark.parametrize("heading", ["TIN LIÊN QUAN | |", "Xem thêm:", "[ Các bài mới ]", "Có thể bạn quan tâm"])
def test_a_list_of_related_news_is_dropped_with_its_heading(heading):
    page = [heading, "Ngoại giao đổi mới tư duy toàn diện | |", "Thứ trưởng tiếp đoàn Thái Lan |", FIRST, SECOND]
    assert [rule for rule, _ in dropped(*page)] == ["related"] * 3
    assert kept(*page) == [FIRST, SECOND]


def test_a_list_of_related_news_ends_at_the_first_sentence():
    sentence = "Đoàn gồm mười hai người."
    assert kept(FIRST, "Tin liên quan", "Một tít khác", sentence) == [FIRST, sentence]


@pytest.mark.parametrize("button", ["Nhỏ Bình thường Lớn", "Chia sẻ", "A+", "Bình luận", "Zalo", "Về đầu trang"])
def test_a_button_is_dropped(button):
    assert dropped(FIRST, button, SECOND) == [("widget", button)]


def test_a_comment_form_is_dropped_with_the_menus_below_it():
    form = [
        "In bài này Gửi bài viết",
        "Ý kiến của bạn",
        "Tên của bạn:  ",
        "Nội dung:  ",
        "Tình bạn “xuyên thế kỷ”",
        "Giới thiệu",
    ]
    assert kept(FIRST, SECOND, *form) == [FIRST, SECOND]
    assert {rule for rule, _ in dropped(FIRST, SECOND, *form)} == {"comment-form"}


def test_a_form_above_a_paragraph_takes_nothing_of_the_article():
    assert kept("Tiêu đề bài", "Ý kiến của bạn", FIRST, SECOND)[-2:] == [FIRST, SECOND]


@pytest.mark.parametrize("ruler", ["***", "--- | --- |", "* * *", "……"])
def test_a_line_without_a_word_is_dropped(ruler):
    assert [rule for rule, _ in dropped(FIRST, ruler, SECOND)] == ["ruler"]


def test_the_cut_first_words_of_another_article_in_a_table_cell_are_dropped():
    teaser = "Lãnh đạo Bộ gặp mặt cán bộ lão thành Ngày 16/8, Thứ trưởng đã có cuộc gặp ..."
    assert dropped(FIRST, SECOND, f"{teaser} |") == [("teaser", teaser)]


def test_a_line_cut_short_outside_a_table_stays():
    assert kept(FIRST, "Và còn nhiều hơn thế nữa ...") == [FIRST, "Và còn nhiều hơn thế nữa ..."]


def test_a_tail_of_headlines_each_twice_is_dropped_with_its_teasers():
    one, other, teaser = (
        "Giao ban với các cơ quan ngoại vụ",
        "Sở Ngoại vụ Phú Thọ: 10 năm hội tụ",
        "Ngày 31/10, Bộ họp giao ban.",
    )
    tail = [one, "", one, "", teaser, "", other, "", other]
    assert kept(FIRST, SECOND, *tail) == [FIRST, SECOND]
    assert {rule for rule, _ in dropped(FIRST, SECOND, *tail)} == {"doubled-headlines"}


def test_a_caption_said_twice_stays_once():
    caption = "Các đại biểu tại Hội nghị. (Ảnh: Tuấn Anh)"
    assert dropped(FIRST, caption, caption, SECOND) == [("repeated", caption)]
    assert kept(FIRST, caption, caption, SECOND) == [FIRST, caption, SECOND]


def test_a_title_repeated_in_capitals_stays_once():
    assert kept("Sở Ngoại vụ tiếp khách", "SỞ NGOẠI VỤ TIẾP KHÁCH", FIRST) == ["Sở Ngoại vụ tiếp khách", FIRST]


def test_a_page_of_nothing_but_furniture_keeps_all():
    page = ["Chia sẻ", "***", "Zalo"]
    assert (kept(*page), dropped(*page)) == (page, [])


def test_cell_marks_are_no_part_of_a_line():
    assert kept("| Ảnh: Quang Hòa | |", FIRST) == ["Ảnh: Quang Hòa", FIRST]


@pytest.mark.parametrize("space", ["\u00a0", "\u3000", "\u2003"], ids=ascii)
def test_white_space_of_any_kind_before_a_line_is_no_part_of_it(space):
    assert kept(f"{space} Kỷ niệm 25 năm", FIRST) == ["Kỷ niệm 25 năm", FIRST]


def test_two_names_that_differ_in_an_accent_are_no_repetition():
    names = ["Ông Nguyễn Văn Hùng", "Ông Nguyễn Văn Hưng", "Bà Lê Thị Hoa", "Bà Lê Thị Hòa"]
    assert kept(FIRST, *names, SECOND) == [FIRST, *names, SECOND]


@pytest.mark.parametrize("button", ["In bài này", "Gửi bài viết", "In bài này Gửi bài viết"])
def test_a_print_button_above_short_paragraphs_takes_none_of_them(button):
    sentences = [SHORT.format(day) for day in ("qua", "kia", "nay")]
    assert kept("Tiếp khách quốc tế", button, *sentences) == ["Tiếp khách quốc tế", *sentences]


@pytest.mark.parametrize(
    "opening", ["Nội dung: hội nghị bàn ba việc lớn.", "Tiêu đề: tham luận của tỉnh.", "Họ và tên ông là Nguyễn Hà."]
)
def test_a_sentence_that_begins_like_a_field_of_a_form_takes_no_article_with_it(opening):
    page = ["Tiếp khách quốc tế", SHORT.format("qua"), opening, SHORT.format("nay"), SHORT.format("kia")]
    assert kept(*page) == page


def test_the_opinion_of_an_office_is_no_form():
    heading = "Ý kiến của Ban Đối ngoại Trung ương"
    assert kept(FIRST, heading, "Nhiều nội dung đã được bàn") == [FIRST, heading, "Nhiều nội dung đã được bàn"]


@pytest.mark.parametrize(
    "lines", [["Một tít khác"] * 4_000, [" " * 20_000 + "x"], ["x" + "| " * 20_000 + "x"]], ids=len
)
def test_a_long_page_holds_nobody_up(lines):
    started = time.perf_counter()
    split_furniture("\n".join([FIRST, *lines, SECOND]))
    assert time.perf_counter() - started < 0.5


FURNITURE = [
    "TIN LIÊN QUAN | |", "Xem thêm", "Nhỏ Bình thường Lớn", "Chia sẻ", "In bài này Gửi bài viết", "Ý kiến của bạn",
    "Nội dung:", "***", "| --- |", "", "   ", "Thứ trưởng tiếp Đoàn Thái Lan |", "Sở Ngoại vụ Phú Thọ: 10 năm",
    "Sở Ngoại vụ Phú Thọ: 10 năm", "Ngày 16/8, Thứ trưởng đã có cuộc gặp ... |", "Ảnh: Quang Hòa", "Ảnh: Quang Hòa",
    "Ngày 31/10, Bộ họp giao ban.", "Khánh Nguyễn",
]  # fmt: skip
ARTICLE = [PARAGRAPH.format(number) for number in ("ba", "bốn", "năm", "sáu")]
ARTICLE[1] = ARTICLE[1].removesuffix(".") + "… |"
ARTICLE[2] = f"“{ARTICLE[2]}”"


@st.composite
def pages(draw):
    """The article's paragraphs in their order, with furniture strewn between them."""
    page = []
    for paragraph in ARTICLE:
        page += [*draw(st.lists(st.sampled_from(FURNITURE), max_size=6)), paragraph]
    return "\n".join(page + draw(st.lists(st.sampled_from(FURNITURE), max_size=8)))


@given(pages())
def test_a_paragraph_of_the_article_is_never_dropped(text):
    lines, _ = split_furniture(text)
    left = [line.text for line in lines]
    assert [paragraph for paragraph in left if len(paragraph.split()) > 45] == [p.removesuffix(" |") for p in ARTICLE]


@given(pages())
def test_every_line_is_kept_or_dropped_and_said_why(text):
    lines, dropped = split_furniture(text)
    spans = sorted([(line.start, line.end) for line in lines] + [(entry.start, entry.end) for entry in dropped])
    assert [text[low:high] for low, high in spans] == [bare for line in text.split("\n") if (bare := line.strip(" |"))]
    assert all(entry.rule for entry in dropped)


@given(pages(), st.integers(0, 300))
def test_what_stands_before_the_body_is_neither_kept_nor_dropped(text, start):
    lines, dropped = split_furniture(text, start)
    assert all(entry.start >= start for entry in [*lines, *dropped])


@given(st.text(st.sampled_from("aá |\n.…*\u00a0\tX"), max_size=60))
def test_a_line_says_where_it_stands(text):
    assert all(text[line.start : line.end] == line.text for line in split_furniture(text)[0])
