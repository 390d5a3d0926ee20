"""The YAML at the head of a file: plain values or a problem that names its line."""

import resource
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import PartialDate
from corpus.front_matter import LIMITS, MAX_CHARACTERS, FrontMatter, front_matter_end, parse_front_matter


def page(*lines):
    return "\n".join(["---", *lines, "---", "", "Bài viết.", ""])


def read(text):
    found, problems = parse_front_matter(text, where="bài.md")
    assert problems == []
    return found


def parsed(*lines):
    return read(page(*lines))


def problem(*lines):
    (found,) = parse_front_matter(page(*lines), where="bài.md")[1]
    return found


def test_every_field_is_taken():
    found = parsed(
        'title: "Khai mạc: Hội nghị 19"', "date: 2018-08-12", "source: Bản tin", "url: https://example.org/a?b=c#d",
        "author: Thuỳ Linh",
    )  # fmt: skip
    assert (found.title, found.date, found.source, found.url, found.author) == (
        "Khai mạc: Hội nghị 19", PartialDate(2018, 8, 12), "Bản tin", "https://example.org/a?b=c#d", "Thuỳ Linh",
    )  # fmt: skip


def test_the_body_begins_after_the_closing_line():
    text = page("title: a")
    assert text[read(text).end :].strip() == "Bài viết."


@pytest.mark.parametrize(
    "text", ["Bài viết.", "", "\n---\ntitle: a\n---\n", "----\ntitle: a\n----\n", "---\ntitle: a\nBài viết."]
)
def test_a_text_that_does_not_open_with_closed_front_matter_has_none(text):
    assert read(text) == FrontMatter()


def test_front_matter_may_close_with_three_dots():
    assert read("---\ntitle: a\n...\nBài.").title == "a"


def test_empty_front_matter_says_nothing():
    assert parsed() == FrontMatter(end=len("---\n---"))


def test_fields_that_nobody_asked_for_are_left_out():
    assert parsed("tags: [a, b]", "title: a").title == "a"


def test_a_title_over_several_lines_is_one_line():
    assert parsed("title: >", "  Hội nghị", "  Ngoại vụ").title == "Hội nghị Ngoại vụ"


def test_a_title_that_is_a_number_or_a_date_is_its_text():
    assert parsed("title: 2018").title == "2018"
    assert parsed("title: 2018-08-12").title == "2018-08-12"


@pytest.mark.parametrize(
    ("written", "when"),
    [("2018-08-12", "2018-08-12"), ("2018-08", "2018-08"), ("2018", "2018"), ("12/8/2018", "2018-08-12"),
     ("8/2018", "2018-08"), ("'2018-08-12'", "2018-08-12"), ("2018-08-12 09:05:00", "2018-08-12"),
     ("2018-08-12T09:05:00+07:00", "2018-08-12")],
)  # fmt: skip
def test_a_date_may_be_written_in_many_ways(written, when):
    assert str(parsed(f"date: {written}").date) == when


@pytest.mark.parametrize("written", ["", "''", "~"])
def test_a_date_left_blank_is_no_date(written):
    assert parsed(f"date: {written}").date is None


@pytest.mark.parametrize(
    "written",
    ["hôm qua", "2018-02-30", "31/2/2018", "2018-13-01", "1850-01-01", "0018-08-12", "[2018]", "{a: 1}", "true"],
)
def test_a_bad_date_is_a_problem_that_names_its_line(written):
    error = problem("title: a", "source: b", f"date: {written}")
    assert "bài.md:4:" in error.en
    assert "bài.md:4:" in error.vi


@pytest.mark.parametrize("key", ["title", "source", "url", "author"])
@pytest.mark.parametrize("value", ["[a, b]", "{a: b}", "!!set {a}"])
def test_a_list_where_a_text_belongs_is_a_problem_that_names_its_line(key, value):
    assert "bài.md:3:" in problem("date: 2018", f"{key}: {value}").en


@pytest.mark.parametrize(
    "line",
    [
        "title: 'a",
        "title: [a",
        "title: *nobody",
        "\ttitle: a",
        "title: @a",
    ],
)
def test_bad_yaml_is_a_problem_that_names_a_line_of_the_front_matter(line):
    error = problem("source: b", line)
    assert any(f"bài.md:{number}:" in error.en for number in (3, 4))


def test_a_control_character_is_a_problem_that_names_its_line():
    assert "bài.md:4:" in problem("source: b", "author: c", "title: a\x07b").en


@pytest.mark.parametrize("line", ["- a", "một câu văn", "42", "# Tiêu đề", "“Một câu văn.", "Thời gian là: [7 giờ"])
def test_text_between_two_rulers_is_the_article(line):
    assert parsed(line) == FrontMatter()


def test_a_line_that_belongs_to_no_field_is_a_problem_and_costs_no_field():
    for lines, number in ((["một câu văn", "title: a"], 2), (["tags: [a]", "một câu văn", "title: a"], 3)):
        found, problems = parse_front_matter(page(*lines), where="bài.md")
        assert [f"bài.md:{number}:" in said for said in (problems[0].vi, problems[0].en)] == [True, True]
        assert found.title == "a"


def test_a_field_that_cannot_be_read_costs_no_other():
    lines = ["date: hôm qua", "title: a", "author: [b", "source: c", "url: &x"]
    found, problems = parse_front_matter(page(*lines), where="bài.md")
    assert (found.title, found.source, found.date, found.author) == ("a", "c", None, None)
    assert [problem.en.split(": ")[0] for problem in problems] == ["bài.md:2", "bài.md:4"]


def test_a_title_with_a_colon_in_it_is_that_title():
    assert parsed("title: Hội nghị ngành nước: ba việc").title == "Hội nghị ngành nước: ba việc"


def test_a_comment_is_no_part_of_a_value():
    assert parsed("title: Khu C# mới # nháp", "source: # chưa rõ").title == "Khu C# mới"


def test_the_name_of_a_field_may_have_capitals_or_quotation_marks_and_all_may_be_indented():
    assert parsed("Title: a", "'source': b", "DATE: 2018").source == "b"
    assert parsed("  title: a", "  tags:", "    title: b", "  date: 2018").title == "a"


def test_a_field_inside_another_is_not_taken_for_one():
    assert parsed("title: a", "image:", "  title: b", "  url: c") == FrontMatter(
        len(page("title: a", "image:", "  title: b", "  url: c")) - 12, "a"
    )


@pytest.mark.parametrize(
    "value",
    ['!!int ""', '!!float ""', "!!bool x", "!!timestamp x", "!!python/name:os.system x", "0x" + "f" * 2900, "no"],
    ids=lambda v: v[:16],
)
def test_a_value_is_its_text_whatever_its_tag_says(value):
    head = read(f"---\ntitle: {value}\n---\nbody")
    assert head.title == value.split(" ", 1)[-1].strip('"')


def test_deep_nesting_is_a_problem():
    assert "bài.md:" in problem("title: " + "[" * 1_500).en


def test_a_list_that_holds_itself_is_a_problem():
    assert "bài.md:" in problem("date: &a [*a]").en


ALIASES = "[" + ",".join(["*x{}"] * 9) + "]"
MERGES = "{{<<: [" + ",".join(["*x{}"] * 9) + "]}}"


def bomb(first, more, last):
    lines = [f"x0: &x0 {first}", *(f"x{i}: &x{i} " + more.format(*[i - 1] * 9) for i in range(1, 10)), f"{last}: *x9"]
    return page(*lines)


@pytest.mark.parametrize(
    "text",
    [
        bomb("[ha]", ALIASES, "title"),
        bomb("[ha]", ALIASES, "date"),
        bomb("[ha]", ALIASES, "tags"),
        bomb("{a: b}", MERGES, "tags"),
    ],
    ids=["aliases in the title", "aliases in the date", "aliases elsewhere", "merged mappings"],
)
def test_aliases_of_aliases_are_never_multiplied_out(text, root):
    """Nine to the ninth power would be 387 million values: the reader gets two seconds of processor and 1 GB."""

    def small():
        resource.setrlimit(resource.RLIMIT_CPU, (2, 2))
        resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))

    code = (
        "import sys\nfrom corpus.front_matter import parse_front_matter\n"
        "parse_front_matter(sys.stdin.read(), where='x')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=text, text=True, cwd=root, capture_output=True, preexec_fn=small
    )
    assert done.returncode == 0, done.stderr[-300:]


def test_front_matter_as_long_as_allowed_is_read():
    assert parsed("title: a", "x: " + "y" * (MAX_CHARACTERS - 100)).title == "a"


def test_front_matter_longer_than_allowed_is_the_body_and_is_said_to_be():
    text = page("title: a", "x: " + "y" * MAX_CHARACTERS)
    found, (problem,) = parse_front_matter(text, where="bài.md")
    assert found == FrontMatter()
    assert "bài.md:1:" in problem.en
    assert str(MAX_CHARACTERS) in problem.en


def test_a_long_article_that_opens_with_a_ruler_has_no_front_matter():
    assert read("---\nMột câu văn.\n" + "Câu nữa.\n" * MAX_CHARACTERS + "---\n") == FrontMatter()


@pytest.mark.parametrize("key", LIMITS)
@pytest.mark.parametrize("written", ["{}", '"{}"', ">\n  {}"])
def test_a_field_longer_than_any_is_a_problem_that_names_its_line_and_the_limit(key, written):
    others = [f"{other}: 2018" for other in LIMITS if other != key]
    for length in (LIMITS[key] + 1, 60_000):
        found, (problem,) = parse_front_matter(page(*others, f"{key}: {written.format('a' * length)}"), where="bài.md")
        assert "bài.md:6:" in problem.en
        assert all(str(LIMITS[key]) in said for said in (problem.vi, problem.en))
        assert not getattr(found, key)
        assert all(str(getattr(found, other)) == "2018" for other in LIMITS if other != key)


def test_a_field_as_long_as_allowed_is_taken():
    for key in ("title", "source", "url", "author"):
        assert len(getattr(parsed(f"{key}: {'a' * LIMITS[key]}"), key)) == LIMITS[key]


YAML_SIGNS = st.lists(
    st.sampled_from(
        ["title", "date", "source", ": ", ":", "\n", "- ", "[", "]", "{", "}", "'", '"', "&a ", "*a", "!!int ", "|",
         ">", "#", "2018-08-12", "2018-99-99", "0x1", "~", "<<", "? ", "\t", "  ", "...", "---", "\\", "%", "@", "é"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(YAML_SIGNS)
def test_whatever_stands_there_it_is_read_or_it_is_a_problem(head):
    text = f"---\n{head}\n---\nBài viết."
    found, problems = parse_front_matter(text, where="bài.md")
    assert found.end in (0, front_matter_end(text))
    assert all(problem.en.startswith("bài.md:") for problem in problems)
