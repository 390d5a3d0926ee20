"""What an answer of each kind looks like: what is cut off a span, and which span is not believed."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.text import fold, syllables
from qa.question.asked import Asked
from qa.question.parse import parse_question
from qa.reading.spans import Span
from qa.reading.trim import cut, widened
from qa.vietnamese.people import is_name
from qa.vietnamese.places import COUNTRIES, MERGED, PROVINCES, UNCHANGED

QUICK = settings(max_examples=150)
VETO = 10


def asked(question: str) -> Asked:
    return Asked(parse_question(question))


def span(text: str, start: int = 0) -> Span:
    return Span(start, start + len(text), text, 1.0)


@pytest.fixture(scope="session")
def speaks(fact_of, against):
    """Return what speaks against a text as the answer to a question, by kind and count; `after` follows it."""

    def ask(question: str, text: str, after: str = "", sentence: str | None = None) -> dict[str, float]:
        whole = text + after if sentence is None else sentence
        start = whole.index(text)
        return against(question, fact_of(whole, start, start + len(text)), "kind", "count")

    return ask


@pytest.fixture(scope="session")
def cost_of(speaks):
    """Return how much speaks against it, all in all."""
    return lambda *arguments, **rest: sum(speaks(*arguments, **rest).values())


@pytest.fixture(scope="session")
def is_wrong(speaks):
    """Tell whether something speaks against it that no reader outweighs."""
    return lambda *arguments, **rest: max(speaks(*arguments, **rest).values(), default=0) >= VETO


def widened_to(question: str, text: str, found: str) -> str:
    start = text.index(found)
    made = widened(span(found, start), text, asked(question))
    assert text[made.start : made.end] == made.text
    return made.text


@QUICK
@given(
    titles=st.lists(st.sampled_from(["ông", "Ông", "bà", "đồng chí", "GS.", "TS", "PGS. ", "ngài"]), max_size=3),
    name=st.sampled_from(["Nguyễn Hoàng Long", "Đỗ Thị Ánh", "Y Vinh"]),
    start=st.integers(0, 99),
)
def test_who_gets_the_name_without_a_title_and_with_its_offsets(titles, name, start):
    text = " ".join([*titles, name])
    found = cut(span(text, start), asked("Ai là Cục trưởng?"))
    assert (found.text, found.start, found.end) == (name, start + len(text) - len(name), start + len(text))


@pytest.mark.parametrize("text", ["bà con nông dân", "anh hùng lao động", "chị em phụ nữ", "ông", "Nguyễn Văn Anh"])
def test_words_that_are_no_title_of_a_name_stay(text):
    assert cut(span(text), asked("Ai là Cục trưởng?")).text == text


@pytest.mark.parametrize(
    ("question", "text", "kept"),
    [
        ("Ai chủ trì hội nghị?", "Thứ trưởng Bộ Ngoại giao Hồ Xuân Sơn", "Hồ Xuân Sơn"),
        ("Ai chủ trì hội nghị?", "Phó Thủ tướng, Bộ trưởng Phạm Bình Minh", "Phạm Bình Minh"),
        ("Ai chủ trì hội nghị?", "Bộ Ngoại giao và UBND TP.HCM", "Bộ Ngoại giao và UBND TP.HCM"),
        ("Ai từng sang thăm?", "Tổng thống Chile", "Tổng thống Chile"),
        ("Sự kiện diễn ra khi nào?", "Đà Nẵng, 17/3/2023", "17/3/2023"),
        ("Sự kiện diễn ra khi nào?", "(3/10/2023)", "3/10/2023"),
        ("Sự kiện diễn ra khi nào?", "từ ngày 18 đến ngày 23/12/2023", "từ ngày 18 đến ngày 23/12/2023"),
        ("Sự kiện diễn ra khi nào?", "đầu năm 2013", "đầu năm 2013"),
        ("Những tỉnh nào có di sản?", "Bắc Giang và Phú Thọ có hai di sản được công nhận", "Bắc Giang và Phú Thọ"),
        ("Cắm mốc đã xong với nước nào?", "Lào và hiện đang tích cực phân giới", "Lào"),
        ("Mở rộng hợp tác với những nước nào?", "Mỹ, Pháp và một số nước châu Âu khác nữa", None),
        ("Tổ chức ở những địa phương nào?", "Bình Định (7/7), Bình Dương (9/9) và Hà Nội", None),
        ("Dành cho những nước nào?", "Hoa Kỳ, Israel, Xứ Lạ và cả một số nơi khác", None),
        ("Đưa khách về đâu?", "Hải Dương, nhãn lồng của Hưng Yên", "Hải Dương"),
        ("Cục ký mấy thỏa thuận?", "ký kết 9 Thỏa thuận hợp tác với các Hiệp hội", "9 Thỏa thuận hợp tác"),
        (
            "Thu hút bao nhiêu vốn trong nước?",
            "đạt 139,4% kế hoạch. Đồng thời, hút hơn 21 nghìn tỷ đồng",
            "hơn 21 nghìn tỷ đồng",
        ),
        ("Có bao nhiêu đoàn?", "khoảng 5.800 đoàn ra và 8.700 đoàn vào", None),
        ("Còn mấy Phòng Ngoại vụ?", "48 Sở Ngoại vụ và 15 Phòng Ngoại vụ", "15 Phòng Ngoại vụ"),
        ("Còn mấy Phòng Ngoại vụ?", "48 Sở Ngoại vụ và 15", None),
        ("Kim ngạch nhập khẩu là bao nhiêu?", "148 triệu USD, nhập khẩu đạt 57 triệu USD", "57 triệu USD"),
        ("Hàn Quốc đầu tư bao nhiêu?", "7,5 tỷ USD và Đài Loan với 6,1 tỷ USD", "7,5 tỷ USD"),
        ("Có bao nhiêu đoàn?", "47 đoàn. Trong đó có 12 đoàn Lào", None),
        ("Có bao nhiêu đoàn?", "không dưới 100 đoàn", None),
        ("Có bao nhiêu đoàn?", "ít hơn 100 đoàn", None),
        ("Có bao nhiêu đoàn?", "chưa đến 100 đoàn", None),
        ("Được bao nhiêu tiền?", "$500.000", None),
        ("Có bao nhiêu tỉnh?", "63 tỉnh, thành phố", None),
        ("Họp ở tỉnh nào?", "Long An. Hội nghị lần thứ 3 họp tại Vĩnh Long", "Long An"),
        ("Họp ở đâu?", "Nhật Bản, thành phố Osaka", None),
        ("Festival diễn ra khi nào?", "ngày 10 tháng 5 năm 2018 - Hội từ ngày 27/4/2018", "ngày 27/4/2018"),
        ("Nghị quyết số bao nhiêu?", "Nghị quyết 22-NQ/TW", None),
        ("Đây là lần thứ mấy?", "kỳ Hội nghị thứ 4", None),
        ("Chủ đề của hội nghị là gì?", "ông Nguyễn Hoàng Long", None),
    ],
)
def test_a_span_is_cut_to_what_was_asked(question, text, kept):
    assert cut(span(text), asked(question)).text == (kept or text)


@QUICK
@given(
    text=st.text(max_size=60),
    question=st.sampled_from(["Ai?", "Bao nhiêu đoàn?", "Khi nào?", "Ở đâu?", "Tỉnh nào?", "Nước nào?", "Vì sao?"]),
    start=st.integers(0, 9),
)
def test_a_cut_span_still_stands_at_its_offsets(text, question, start):
    found = cut(span(text, start), asked(question))
    assert text[found.start - start : found.end - start] == found.text


@pytest.mark.parametrize(
    ("question", "good", "bad"),
    [
        ("Có bao nhiêu Sở Ngoại vụ?", "48 Sở", "các Sở Ngoại vụ"),
        ("Có bao nhiêu Sở Ngoại vụ?", "48 Sở", "lần thứ 30"),
        ("Có bao nhiêu Sở Ngoại vụ?", "48 Sở", "tháng 6/2012"),
        ("Tăng bao nhiêu phần trăm?", "34,82%", "gần 558 triệu USD"),
        ("Thu hút được bao nhiêu vốn?", "gần 558 triệu USD", "34,82%"),
        ("co bao nhieu di san", "hai di sản", "di sản"),
        ("Họp khi nào?", "12/8/2018", "Nguyễn Hoàng Long"),
        ("Họp khi nào?", "sáng thứ Hai", "hội trường"),
        ("Họp vào ngày nào?", "ngày 12/8", "năm 2018"),
        ("Ai là Cục trưởng?", "Nguyễn Hoàng Long", "cán bộ lão thành"),
        ("Ai là Cục trưởng?", "Nguyễn Hoàng Long", "Cục Ngoại vụ"),
        ("Họp ở đâu?", "Hà Nội", "hội trường"),
        ("Họp ở đâu?", "Hà Nội", "Lê Hoài Trung"),
        ("Họp ở đâu?", "Hà Nội", "Cục trưởng Cục Ngoại vụ"),
        ("Họp ở đâu?", "trụ sở Ban Thư ký APEC", "Phó Chủ tịch UBND"),
        ("Họp trọn ngày nào?", "ngày 12/8", "3 phiên làm việc"),
        ("Họp khi nào?", "lúc 8 giờ", "5.800 đoàn"),
        ("Thị trưởng Manila tên là gì?", "Alfredo Lim", "Đoàn Thủ hiến vùng Yangon đánh dấu bước phát triển mới"),
        ("Đây là lần thứ mấy?", "lần thứ tư", "hơn 450 đại biểu"),
        ("Đây là lần thứ mấy?", "thứ 4", "63"),
        ("Tỉnh nào đăng cai?", "Bắc Ninh", "Australia"),
        ("Ký với nước nào?", "Lào", "Bắc Ninh"),
    ],
)
def test_a_span_of_another_kind_costs_more(cost_of, question, good, bad):
    assert cost_of(question, good) < cost_of(question, bad)


@pytest.mark.parametrize(
    ("question", "answer", "sentence"),
    [
        ("Lâm Đồng thu hút bao nhiêu vốn FDI?", "558 triệu USD", None),
        ("Hội đồng nhân dân cấp bao nhiêu vốn?", "3 triệu USD", None),
        ("Kinh phí của đề án đó là bao nhiêu tiền?", "21 tỷ đồng", None),
        ("Du lịch đạt doanh thu bao nhiêu tỷ đồng?", "1.200 tỷ đồng", None),
        ("Hải quan thu bao nhiêu tỷ đồng?", "1.200 tỷ đồng", None),
        ("Có mấy tỉnh đã ký?", "Ba tỉnh", "Ba tỉnh đã ký 12 thỏa thuận."),
        ("Số dự án tăng bao nhiêu so với năm trước?", "25 dự án", None),
        ("Anh có biết ai là Cục trưởng không ạ?", "Nguyễn Hoàng Long", None),
        ("Nhật Bản viện trợ không hoàn lại bao nhiêu tỷ yên?", "1,2 tỷ yên", None),
        ("Hội nghị là lần thứ mấy?", "19", "Hội nghị lần 19 họp tại Hà Nội."),
        ("Bắc Giang xếp thứ mấy?", "hạng 10", None),
        ("Đây là lần thứ mấy?", "lần đầu tiên", None),
        ("Lễ diễn ra khi nào?", "mùng 5 Tết", None),
        ("Lễ diễn ra khi nào?", "30.4", None),
        ("Lễ diễn ra lúc nào?", "14:00", None),
        ("Vì sao khách giảm?", "Dịch Covid-19", "Dịch Covid-19 khiến khách giảm mạnh."),
        ("Ai là các Phó Cục trưởng?", "Nguyễn Như Hiếu, Trần Văn Bình và Lê Thị Hoa", None),
        ("Đoàn tỉnh Lào Cai đã đi thăm ở đâu?", "Lào và Thái Lan", None),
        ("Quảng Ninh nằm trong tam giác tăng trưởng nào?", "Hà Nội, Hải Phòng, Quảng Ninh", None),
    ],
)
def test_what_an_officer_may_well_ask_is_not_vetoed(speaks, question, answer, sentence):
    assert speaks(question, answer, sentence=sentence) == {}


def test_by_is_not_because(speaks):
    question = "Vì sao đoàn có 18 người?"
    assert "no reason" in speaks(question, "Bí thư dẫn đầu", sentence="Đoàn 18 người do Bí thư dẫn đầu.")
    assert speaks(question, "thiếu vé", sentence="Đoàn có 18 người do thiếu vé.") == {}


def test_what_is_counted_may_stand_after_the_number(speaks, cost_of, is_wrong):
    assert speaks("Đón bao nhiêu đoàn?", "47", " đoàn khách") == {}
    assert 0 < cost_of("Đón bao nhiêu đoàn?", "10", " buổi tiệc") < VETO
    assert is_wrong("Đón bao nhiêu đoàn?", "10", " thỏa thuận")


def test_a_duration_may_be_a_date(is_wrong):
    assert not is_wrong("Kéo dài bao nhiêu năm?", "năm 2013")


@QUICK
@given(st.text(max_size=20))
def test_a_question_of_no_kind_takes_any_span(speaks, text):
    found = speaks("Chủ đề là gì?", text, sentence=f"Chủ đề: {text}")
    assert found.keys() <= ({"echo"} if is_echo(text) else set())


def is_echo(text: str) -> bool:
    return bool(syllables(text)) and set(map(fold, syllables(text))) <= {"chu", "de", "la", "gi"}


@pytest.mark.parametrize(
    ("question", "sentence", "text"),
    [
        ("Chủ đề của hội nghị là gì?", "Hội nghị bàn về hợp tác cấp địa phương.", "hợp tác cấp địa phương"),
        ("Kinh phí của hội nghị là bao nhiêu tiền?", "Hội nghị họp ba phiên.", "ba phiên"),
        ("Ông Hiếu được bổ nhiệm ngày nào?", "Ông Hiếu phát biểu ngày 3/12/2021.", "3/12/2021"),
        ("Khu công nghiệp có diện tích bao nhiêu?", "Khu công nghiệp có 120 dự án.", "120"),
        ("Ông Hiếu bao nhiêu tuổi?", "Ông Hiếu dự 52 hội nghị.", "52"),
    ],
)
def test_what_is_asked_of_something_must_be_spoken_of(is_wrong, question, sentence, text):
    assert is_wrong(question, text, sentence=sentence)


@pytest.mark.parametrize(
    ("question", "sentence", "text"),
    [
        ("Chủ đề của hội nghị là gì?", "Chủ đề là hợp tác.", "hợp tác"),
        ("Kinh phí của hội nghị là bao nhiêu tiền?", "Hội nghị chi 2 tỷ đồng.", "2 tỷ đồng"),
        ("Ông Hiếu được bổ nhiệm ngày nào?", "Ông Hiếu nhậm chức ngày 3/12/2021.", "3/12/2021"),
        ("Khu công nghiệp có diện tích bao nhiêu?", "Khu công nghiệp rộng 120 ha.", "120 ha"),
        ("Ông Hiếu bao nhiêu tuổi?", "Ông Hiếu nay đã 52 tuổi.", "52 tuổi"),
    ],
)
def test_what_is_spoken_of_is_an_answer(speaks, question, sentence, text):
    assert speaks(question, text, sentence=sentence) == {}


def test_why_needs_a_word_of_reason_in_the_sentence(speaks):
    assert speaks("Vì sao họp trực tuyến?", "tiết kiệm", sentence="Họp trực tuyến nhằm tiết kiệm.") == {}
    assert "no reason" in speaks("Vì sao họp trực tuyến?", "64 tỉnh", sentence="Hội nghị trực tuyến có 64 tỉnh dự.")


def test_what_is_not_so_is_answered_by_a_sentence_that_denies(speaks, is_wrong):
    asked_for = "Những tỉnh nào chưa có Sở Ngoại vụ?"
    assert speaks(asked_for, "Bắc Kạn", sentence="Bắc Kạn chưa lập Sở Ngoại vụ.") == {}
    assert is_wrong(asked_for, "Bắc Giang", sentence="Bắc Giang đã lập Sở Ngoại vụ.")
    assert speaks("Hàng không mở bao nhiêu đường bay?", "12 đường bay", sentence="Mở 12 đường bay.") == {}
    assert speaks("Tỉnh nào đã có Sở chưa?", "Bắc Giang", sentence="Bắc Giang đã lập Sở.") == {}


def test_places_joined_with_one_asked_about_are_no_answer_but_to_which_places(speaks, is_wrong):
    assert is_wrong("Di sản của Phú Thọ tên là gì?", "Bắc Giang và Phú Thọ")
    assert is_wrong("Gặp gỡ Đại sứ Israel diễn ra ở đâu?", "Hoa Kỳ, Israel và Italy")
    assert speaks("Phú Thọ và những tỉnh nào có di sản?", "Bắc Giang và Phú Thọ") == {}


def test_the_words_of_the_question_are_no_answer_unless_it_gives_the_choice(speaks, is_wrong):
    assert is_wrong("Hội nghị Ngoại vụ bàn gì?", "Hội nghị Ngoại vụ")
    assert is_wrong("hoi nghi ngoai vu ban gi", "Hội nghị Ngoại vụ")
    assert speaks("Hội nghị Ngoại vụ bàn gì?", "Hội nghị Ngoại vụ toàn quốc") == {}
    assert speaks("Hà Nội hay Đà Nẵng đăng cai?", "Đà Nẵng") == {}


@pytest.mark.parametrize("text", ["4/8/2023", "4/8", "ngày 4/8/2023"])
def test_a_date_counts_nothing_but_time(is_wrong, text):
    assert is_wrong("Có bao nhiêu doanh nghiệp dự?", text, " doanh nghiệp")
    assert not is_wrong("Hội nghị họp bao nhiêu ngày?", text)


@QUICK
@given(day=st.integers(1, 28), month=st.integers(1, 12), year=st.integers(1990, 2030))
def test_a_month_of_a_year_is_not_a_day(speaks, cost_of, day, month, year):
    assert 0 < cost_of("Họp vào hôm nào?", f"tháng {month}/{year}") < VETO
    assert speaks("Họp vào hôm nào?", f"{day}/{month}") == {}
    assert speaks("Họp vào hôm nào?", f"{day}/{month}/{year}") == {}
    assert speaks("Họp khi nào?", f"tháng {month}/{year}") == {}


def test_a_resolution_is_named_with_its_number():
    text = "Chính phủ có Nghị quyết 38 về hội nhập; theo Quyết định số 272/QĐ-TTg."
    assert widened_to("Nghị quyết nào về hội nhập?", text, "38") == "Nghị quyết 38"
    assert widened_to("Quyết định nào?", text, "272/QĐ-TTg") == "Quyết định số 272/QĐ-TTg"
    assert widened_to("Chính phủ ban hành gì?", text, "hội nhập") == "hội nhập"
    assert widened_to("Ai ra nghị quyết?", "Theo Nghị quyết Trung ương, tỉnh đón khách.", "Trung ương") == "Trung ương"
    assert widened_to("Đón bao nhiêu đoàn?", "Sau Nghị quyết, tỉnh đón 38 đoàn.", "38 đoàn") == "38 đoàn"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (
            "Ông Phong – Phó Chủ tịch phụ trách kiêm Tổng Thư ký Liên hiệp hữu nghị, trình bày tham luận.",
            "Phó Chủ tịch phụ trách kiêm Tổng Thư ký Liên hiệp hữu nghị",
        ),
        ("Theo Phó Chủ tịch Ủy ban nhân dân tỉnh Nguyễn Văn An, tỉnh đón khách.", "Phó Chủ tịch Ủy ban nhân dân tỉnh"),
        ("Phó Chủ tịch tỉnh cho biết tỉnh đón khách.", "Phó Chủ tịch tỉnh"),
        ("Ông Phong là Phó Chủ tịch Hội Hữu nghị; từ năm 2015 làm Chủ tịch.", "Phó Chủ tịch Hội Hữu nghị"),
        ("Phó Chủ tịch Hội Hữu nghị nhấn mạnh vai trò của hội.", "Phó Chủ tịch Hội Hữu nghị"),
        ("Phó Chủ tịch Nguyễn Văn An phát biểu.", "Phó Chủ tịch"),
        ("Ông Phong là Phó Chủ tịch", "Phó Chủ tịch"),
    ],
)
def test_an_office_is_given_whole_and_without_the_name(text, whole):
    assert widened_to("Ông Phong giữ chức vụ gì?", text, "Phó Chủ tịch") == whole


def test_an_office_is_given_whole_only_where_the_office_is_asked_for():
    text = "Ông Phong là Phó Chủ tịch Hội Hữu nghị, phát biểu."
    assert widened_to("Ông Phong nói gì?", text, "Phó Chủ tịch") == "Phó Chủ tịch"
    assert widened_to("Ông Phong giữ chức vụ gì?", text, "Hội") == "Hội"


@QUICK
@given(before=st.text(max_size=20), after=st.text(max_size=140), found=st.sampled_from(["Phó Chủ tịch", "38", "19"]))
@example(before="Nghị quyết ", after="", found="38")
@example(before="hội nghị lần thứ ", after="", found="19")
@example(before="", after=" kiêm Tổng Thư ký Liên hiệp, nói", found="Phó Chủ tịch")
def test_a_widened_span_still_stands_at_its_offsets(before, after, found):
    text, here = before + found + after, span(found, len(before))
    for question in ("Ông Phong giữ chức vụ gì?", "Hội nghị lần thứ mấy?", "Nghị quyết nào?"):
        made = widened(here, text, asked(question))
        assert text[made.start : made.end] == made.text
        assert made.start <= here.start
        assert here.end <= made.end


def test_a_name_is_given_whole():
    text = "Thống đốc tỉnh Hyogo Hattori Yohei ký bản ghi nhớ."
    assert widened_to("Ai là Thống đốc tỉnh Hyogo?", text, "Hattori") == "Hattori Yohei"
    assert widened_to("Ai là Thống đốc tỉnh Hyogo?", text, "Hattori Yohei") == "Hattori Yohei"


@pytest.mark.parametrize("text", ["Nguyễn Hoàng Long", "Đôn Tuấn Phong"])
def test_a_name_is_a_name(text):
    assert is_name(text)


@pytest.mark.parametrize("text", ["Hà", "Bộ Ngoại giao", "Hồ Xuân Sơn nói", "Cần Thơ"])
def test_other_words_are_no_name(text):
    assert not is_name(text)


def test_there_were_63_provinces_and_there_are_34():
    before = {name for merged in MERGED.values() for name in merged} | set(UNCHANGED)
    assert (len(before), len(MERGED) + len(UNCHANGED)) == (63, 34)
    assert before <= set(PROVINCES)
    assert not before & set(COUNTRIES)
