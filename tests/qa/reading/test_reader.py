"""Logits to spans, checked against trying every span; and the shipped reader's offsets on real passages."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Passage
from corpus.read import find_sources, read_source
from corpus.split import split_article
from qa.question.parse import MAX_CHARACTERS
from qa.reading.spans import EDGES, MAX_SPAN_TOKENS, PAIRS, decode, tidy, whole_words

QUICK = settings(max_examples=150)
QUESTION_TOKENS = 3
OPENING = {opening: closing for opening, closing in PAIRS.items() if opening != closing}


@st.composite
def scored_passages(draw, separators=" "):
    """Draw a passage of single words, one token each, behind some question tokens, with logits for all."""
    words = draw(st.lists(st.text("abcđê", min_size=1, max_size=4), min_size=1, max_size=8))
    text, spans = "", []
    for word in words:
        if text:
            text += draw(st.sampled_from(separators))
        spans.append((len(text), len(text) + len(word)))
        text += word
    start = draw(st.integers(0, 50))
    passage = Passage("a.md", start, start + len(text), text, "")
    rows = QUESTION_TOKENS + len(words)
    scale = st.sampled_from([0.5, 5.0])
    starts, ends = (np.array(draw(st.permutations(range(rows)))) * draw(scale) for _ in range(2))
    logits = np.stack([starts, ends], axis=1).astype(np.float32)
    offsets = np.array([(0, 0)] * QUESTION_TOKENS + spans, dtype=np.int64)
    return logits, offsets, np.arange(QUESTION_TOKENS, rows), passage


def every_span(logits, offsets, body, passage):
    """Return `(start, end) → score` for every span that lies on one line and is not too long."""
    nothing = float(logits[0, 0]) + float(logits[0, 1])
    found = {}
    for i, first in enumerate(body):
        for last in body[i : i + MAX_SPAN_TOKENS]:
            low, high = int(offsets[first, 0]), int(offsets[last, 1])
            if "\n" not in passage.text[low:high]:
                score = float(logits[first, 0]) + float(logits[last, 1]) - nothing
                found[passage.start + low, passage.start + high] = score
    return found


@QUICK
@given(scored_passages())
def test_the_first_span_of_a_line_is_the_best_of_all_spans(scored):
    spans, oracle = decode(*scored), every_span(*scored)
    assert oracle[spans[0].start, spans[0].end] == pytest.approx(max(oracle.values()), abs=1e-4)


@QUICK
@given(scored_passages(separators=" \n"))
def test_the_first_span_of_a_passage_is_the_best_that_keeps_to_one_line(scored):
    spans, oracle = decode(*scored), every_span(*scored)
    assert spans, "a word on its own is always a span"
    assert oracle[spans[0].start, spans[0].end] == pytest.approx(max(oracle.values()), abs=1e-4)


def test_better_ends_on_the_next_line_do_not_hide_the_span_on_this_one():
    passage = Passage("a.md", 0, 7, "a\nb c d", "")
    offsets = np.array([(0, 0), (0, 1), (2, 3), (4, 5), (6, 7)], dtype=np.int64)
    logits = np.array([(0, 0), (9, 1), (0, 2), (0, 3), (0, 4)], dtype=np.float32)
    assert decode(logits, offsets, np.arange(1, 5), passage)[0].text == "a"


@QUICK
@given(scored_passages(separators=" \n"))
def test_a_span_scores_its_logits_less_those_of_no_answer(scored):
    oracle = every_span(*scored)
    assert all(span.score == pytest.approx(oracle[span.start, span.end], abs=1e-4) for span in decode(*scored))


@QUICK
@given(scored_passages(separators=" \n"))
def test_spans_of_a_passage_do_not_overlap(scored):
    spans = sorted(decode(*scored), key=lambda span: span.start)
    assert all(left.end <= right.start for left, right in itertools.pairwise(spans))


@QUICK
@given(scored_passages(separators=" \n"))
def test_no_span_runs_over_a_line_break(scored):
    assert not any("\n" in span.text for span in decode(*scored))


@QUICK
@given(scored_passages(separators=" \n"))
def test_a_span_is_the_text_at_its_offsets(scored):
    *_, passage = scored
    for span in decode(*scored):
        assert passage.text[span.start - passage.start : span.end - passage.start] == span.text != ""


@QUICK
@given(scored_passages())
def test_spans_come_best_first(scored):
    scores = [span.score for span in decode(*scored)]
    assert scores == sorted(scores, reverse=True)


def test_a_passage_without_tokens_has_no_span():
    logits, offsets = np.zeros((3, 2), np.float32), np.zeros((3, 2), np.int64)
    assert decode(logits, offsets, np.arange(0), Passage("a.md", 0, 0, "", "")) == []


untidy = st.text('ab Đ\t,.-*|()[]“”‘’"', max_size=14)


@st.composite
def stretches(draw):
    text = draw(untidy)
    start = draw(st.integers(0, len(text)))
    return text, start, draw(st.integers(start, len(text)))


def has_lonely_edge(text: str) -> bool:
    """Tell whether the first or the last character is a bracket or quotation mark without its partner inside."""
    lonely: set[int] = set()
    for opening, closing in OPENING.items():
        waiting: list[int] = []
        for place, character in enumerate(text):
            if character == opening:
                waiting.append(place)
            elif character == closing:
                if waiting:
                    waiting.pop()
                else:
                    lonely.add(place)
        lonely.update(waiting)
    if text.count('"') == 1:
        lonely.add(text.index('"'))
    return bool(lonely & {0, len(text) - 1})


@QUICK
@given(stretches())
def test_tidying_never_leaves_the_span(stretch):
    text, start, end = stretch
    low, high = tidy(text, start, end)
    assert start <= low <= high <= end


@QUICK
@given(stretches())
def test_a_tidy_span_begins_and_ends_with_no_stray_punctuation(stretch):
    text, start, end = stretch
    tidied = text[slice(*tidy(text, start, end))]
    assert tidied == tidied.strip(EDGES)


@settings(max_examples=400)
@given(stretches())
def test_a_tidy_span_has_no_lonely_bracket_or_quotation_mark_at_its_ends(stretch):
    text, start, end = stretch
    assert not has_lonely_edge(text[slice(*tidy(text, start, end))])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("“Gặp gỡ Israel", "Gặp gỡ Israel"),
        ("Gặp gỡ Israel”", "Gặp gỡ Israel"),
        ("(Nguyễn Hoàng Long", "Nguyễn Hoàng Long"),
        ("Nguyễn Hoàng Long)", "Nguyễn Hoàng Long"),
        ('"Gặp gỡ Israel', "Gặp gỡ Israel"),
        ("Sở Ngoại vụ (", "Sở Ngoại vụ"),
        (") Sở Ngoại vụ", "Sở Ngoại vụ"),
        (" 48 Sở Ngoại vụ, ", "48 Sở Ngoại vụ"),
    ],
)
def test_a_mark_that_lost_its_partner_is_dropped(before, after):
    assert before[slice(*tidy(before, 0, len(before)))] == after


@pytest.mark.parametrize(
    "text", ["“Gặp gỡ Israel”", '"Gặp gỡ" và "Hội nghị"', "(a) và (b)", "Cục Ngoại vụ (Bộ Ngoại giao)", "TP. Huế"]
)
def test_a_span_whose_marks_all_have_partners_is_left_alone(text):
    assert tidy(text, 0, len(text)) == (0, len(text))


@QUICK
@given(stretches())
def test_tidying_twice_changes_nothing_more(stretch):
    text, start, end = stretch
    once = tidy(text, start, end)
    assert tidy(text, *once) == once


@pytest.fixture(scope="module")
def passages(sample_corpus):
    articles = [read_source(source).article for source in find_sources(sample_corpus)[0][-3:]]
    return articles, [passage for article in articles for passage in split_article(article)]


def test_the_shipped_reader_quotes_the_article_at_its_offsets(reader, passages):
    articles, read = passages
    texts = {article.id: article.text for article in articles}
    found = reader.read("Ai là Cục trưởng Cục Ngoại vụ?", read)
    assert any(found)
    for passage, spans in zip(read, found, strict=True):
        assert all(passage.start <= span.start < span.end <= passage.end for span in spans)
        assert all(texts[passage.article][span.start : span.end] == span.text for span in spans)


def test_the_longest_question_that_is_allowed_can_be_read(reader, passages):
    """A thousand characters of codes and marks are more tokens than the network takes in all."""
    question = ("Q7k-Z9%w/" * MAX_CHARACTERS)[:MAX_CHARACTERS]
    assert len(reader.read(question, passages[1][:1])) == 1


def test_an_answer_never_begins_or_ends_inside_a_word():
    text = "Bộ trưởng Bùi Thanh Sơn dự họp."
    low, high = whole_words(text, text.index("ùi"), text.index("ơn"))
    assert text[low:high] == "Bùi Thanh Sơn"


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("họp ngày 4/8/2023 ở Huế", "4/8", "4/8/2023"),
        ("có 143 dự án", "43 dự án", "143 dự án"),
        ("đạt 51,53 tỷ", "53 tỷ", "51,53 tỷ"),
        ("tăng 34,82% so với", "34", "34,82%"),
        ("năm 2018.", "2018", "2018"),
    ],
)
def test_an_answer_never_begins_or_ends_inside_a_number(text, found, whole):
    start = text.index(found)
    low, high = whole_words(text, start, start + len(found))
    assert text[low:high] == whole


@QUICK
@given(
    number=st.from_regex(r"\d{1,3}(?:[/.,]\d{1,3}){0,2}", fullmatch=True),
    before=st.sampled_from(["", "ngày ", "(", "gần ", "2018, "]),
    after=st.sampled_from(["", " đoàn", ".", ", 5", "; rồi", ")"]),
    data=st.data(),
)
def test_any_part_of_a_number_becomes_the_whole_number(number, before, after, data):
    digits = [place for place, character in enumerate(number) if character.isdecimal()]
    first = data.draw(st.sampled_from(digits))
    last = data.draw(st.sampled_from([place for place in digits if place >= first]))
    text = before + number + after
    low, high = whole_words(text, len(before) + first, len(before) + last + 1)
    assert text[low:high] == number


@QUICK
@given(st.text("a1 /.,%“”()", max_size=14), st.data())
def test_whole_words_loses_nothing_of_a_tidy_span_and_stays_in_the_text(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    low, high = whole_words(text, start, end)
    tidied = tidy(text, start, end)
    assert 0 <= low <= tidied[0] <= tidied[1] <= high <= len(text)


@pytest.mark.parametrize(
    ("text", "first", "last", "kept"),
    [
        ("chọn “Nông nghiệp cao”; với Nhật chọn “Thu hút đầu tư”.", "Nông", "đầu tư", "Nông nghiệp cao"),
        ("họp (tại Huế) và (tại Đà Nẵng) sau đó", "tại", "Đà Nẵng", "tại Huế"),
        ("chọn “Nông nghiệp cao”; với Nhật chọn “Thu hút đầu tư”.", "“Nông", "đầu tư”", None),
        ("Cục Ngoại vụ (Bộ Ngoại giao) và Sở (tỉnh)", "Cục", "(tỉnh)", None),
    ],
)
def test_an_answer_ends_with_the_quotation_or_bracket_it_began_in(text, first, last, kept):
    start, end = text.index(first), text.rindex(last) + len(last)
    assert text[slice(*tidy(text, start, end))] == (kept or text[start:end])
