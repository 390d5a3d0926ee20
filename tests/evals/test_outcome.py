"""What counts as right, where an answer was lost, and what a record remembers."""

import json
from dataclasses import replace

import pytest
from hypothesis import given as having
from hypothesis import strategies as st

from corpus.article import Article, Passage
from evals.metrics import holds, normalise
from evals.outcome import DEPTH, Cited, Given, Miss, Record, is_relevant, judge
from evals.questions import EvalQuestion
from index.search import Hit
from qa.citing.citation import Citation
from qa.question.parse import parse_question
from qa.ranking.candidates import Candidate, Group
from qa.ranking.fact import Sentences
from qa.ranking.time import Fit
from qa.reading.spans import Span
from qa.result import Answer, Result, Status

TEXT = "Ông Nguyễn Hoàng Long nói."
NAME = "Nguyễn Hoàng Long"
ASKED = EvalQuestion("q-1", "Ai là Cục trưởng?", (NAME,), ("a.md",), "who", None, True, "")
UNANSWERABLE = replace(ASKED, answers=(), articles=(), answerable=False)


@pytest.fixture
def answer(tmp_path):
    """Return a function that makes an answer with one citation of a real file."""

    def make(text=NAME, article="a.md", start=4, *, sentence=TEXT, verified=True):
        path = tmp_path / article
        path.write_text(TEXT, encoding="utf-8")
        citation = Citation(
            article, str(path), "", None, None, False, start, start + len(text), text, sentence, 0, "0" * 64, verified
        )
        return Answer(text, 0.9, None, (citation,))

    return make


def hit(text=TEXT, article="a.md", start=0) -> Hit:
    return Hit(0, Passage(article, start, start + len(text), text, ""), 1.0, None, None)


def candidate(text=NAME, article="a.md") -> Candidate:
    span, found = Span(4, 4 + len(text), text, 1.0), hit()
    fact = Sentences(Article(article, "", "", TEXT, ()), found.passage).fact(span.start, span.end)
    return Candidate(span, found, fact, Fit.SAME)


def result(*answers: Answer, hits=(), candidates=(), confidence=0.9) -> Result:
    status = Status.ANSWERED if answers else Status.NOT_STATED
    ranked = tuple(Group((found,), confidence) for found in candidates)
    return Result(
        parse_question(ASKED.question), status, answers, (), tuple(hits), tuple(candidates), ranked, (), {"total": 5.0}
    )


def judged(question: EvalQuestion, outcome: Result) -> Record:
    return judge(question, outcome, hits=outcome.hits, relevant=())


# Right and wrong


def test_a_gold_answer_from_a_gold_article_is_right(answer):
    assert judged(ASKED, result(answer())).is_right


def test_a_gold_answer_from_another_article_is_wrong(answer):
    assert not judged(ASKED, result(answer(article="b.md"))).is_right


def test_another_answer_from_a_gold_article_is_wrong(answer):
    assert not judged(ASKED, result(answer(text="Ông", start=0))).is_right


def test_an_answer_with_its_title_is_right_and_no_exact_match(answer):
    record = judged(ASKED, result(answer(text=f"Ông {NAME}", start=0)))
    assert (record.is_right, record.exact, record.f1 < 1) == (True, 0.0, True)


def test_a_question_that_got_no_answer_is_wrong_and_scores_nothing():
    record = judged(ASKED, result())
    assert (record.is_right, record.exact, record.f1, record.top) == (False, 0.0, 0.0, "")


def test_a_second_answer_that_is_right_is_remembered_and_the_question_is_still_wrong(answer):
    record = judged(ASKED, result(answer(text="Ông", start=0), answer()))
    assert (record.is_right, [shown.is_right for shown in record.answers]) == (False, [False, True])


def test_saying_no_to_an_unanswerable_question_is_right():
    assert judged(UNANSWERABLE, result()).is_right


def test_answering_an_unanswerable_question_is_wrong_whatever_is_answered(answer):
    record = judged(UNANSWERABLE, result(answer()))
    assert (record.is_right, record.miss) == (False, Miss.INVENTED)


def test_the_best_answer_before_refusing_is_judged_too():
    record = judged(ASKED, result(candidates=[candidate()], confidence=0.2))
    assert (record.is_right, record.is_best_right, record.confidence) == (False, True, 0.2)


def test_nothing_seen_is_no_confidence():
    record = judged(ASKED, result())
    assert (record.is_best_right, record.confidence) == (False, 0.0)


# Where it was lost


def test_a_gold_passage_that_was_not_read_is_lost_in_retrieval(answer):
    assert judged(ASKED, result(answer("Ông", start=0), hits=[hit("Mùa nhãn ở Sơn La.")])).miss is Miss.RETRIEVAL


def test_the_gold_answer_in_a_passage_of_another_article_is_no_gold_passage():
    assert judged(ASKED, result(hits=[hit(article="b.md")])).miss is Miss.RETRIEVAL


def test_a_gold_passage_read_without_the_answer_being_seen_is_lost_in_reading():
    outcome = result(hits=[hit()], candidates=[candidate("Ông"), candidate(NAME, "b.md")])
    assert judged(ASKED, outcome).miss is Miss.READING


@pytest.mark.parametrize("is_refused", [True, False])
def test_an_answer_seen_and_not_chosen_is_lost_in_selection(answer, is_refused):
    answers = () if is_refused else (answer(text="Ông", start=0),)
    outcome = result(*answers, hits=[hit()], candidates=[candidate("Ông"), candidate()])
    assert judged(ASKED, outcome).miss is Miss.SELECTION


def test_a_right_answer_is_no_miss_however_little_was_found(answer):
    assert judged(ASKED, result(answer())).miss is Miss.NONE


# Citations


@pytest.mark.parametrize(("start", "is_verbatim"), [(4, True), (5, False), (3, False), (900, False)])
def test_a_quote_is_verbatim_where_it_stands_and_nowhere_else(answer, start, is_verbatim):
    (shown,) = judged(ASKED, result(answer(start=start))).answers
    assert shown.citations[0].is_verbatim is is_verbatim


@pytest.mark.parametrize("verified", [True, False])
def test_what_the_system_says_of_its_citation_is_not_asked(answer, verified):
    (shown,) = judged(ASKED, result(answer(text="Nguyễn Hoàng Lam", verified=verified))).answers
    assert not shown.citations[0].is_verbatim


def test_a_citation_of_a_file_that_is_gone_is_not_verbatim(answer, tmp_path):
    given = answer()
    (tmp_path / "a.md").unlink()
    assert not judged(ASKED, result(given)).answers[0].citations[0].is_verbatim


def test_a_citation_is_good_if_article_quote_and_sentence_are(answer):
    assert judged(ASKED, result(answer())).answers[0].citations[0].is_good
    assert not judged(ASKED, result(answer(article="b.md"))).answers[0].citations[0].is_good
    assert not judged(ASKED, result(answer(sentence="Ông Nguyễn Lam nói."))).answers[0].citations[0].is_good


# Token for token


@pytest.mark.parametrize(
    ("text", "sought", "is_held"),
    [
        ("48 Sở Ngoại vụ", "4", False),
        ("48 Sở Ngoại vụ", "48", True),
        ("Sở Ngoại vụ (48)", "48", True),
        ("Lan và Hoa", "an", False),
        ("Khánh Hoà", "khánh hòa", True),
        ("một hai ba", "một ba", False),
        ("một hai", "một hai ba", False),
        ("một", "", False),
        ("", "một", False),
        ("một", "“”", False),
    ],
)
def test_an_answer_is_held_token_for_token_in_order(text, sought, is_held):
    assert holds(text, sought) is is_held


tokens = st.lists(st.sampled_from(["4", "48", "an", "lan", "Sở", "hoà"]), max_size=6)


@having(tokens, tokens, tokens)
def test_whatever_stands_between_two_texts_is_held_by_them_together(before, sought, after):
    assert holds(" ".join([*before, *sought, *after]), " ".join(sought)) is bool(sought)


@having(tokens, tokens)
def test_holding_is_what_a_search_in_padded_tokens_finds(text, sought):
    padded = " {} ".format(" ".join(normalise(" ".join(text))))
    wanted = " {} ".format(" ".join(normalise(" ".join(sought))))
    assert holds(" ".join(text), " ".join(sought)) is (bool(sought) and wanted in padded)


def test_a_passage_is_relevant_if_it_is_of_a_gold_article_and_holds_a_gold_answer():
    found = hit("Cả nước có 48 Sở.").passage
    assert is_relevant(found, replace(ASKED, answers=("43", "48 Sở")))
    assert not is_relevant(found, replace(ASKED, answers=("4",)))
    assert not is_relevant(found, replace(ASKED, answers=("48",), articles=("b.md",)))


# Errors


@pytest.mark.parametrize(
    "changed", [{"question": "a" * 5000}, {"question": "?!"}, {"as_of": "?"}], ids=["long", "empty", "as_of"]
)
def test_a_question_that_cannot_be_asked_leaves_a_record_that_counts_as_wrong(asker, changed):
    record, milliseconds = asker.ask(replace(ASKED, **changed))
    assert (record.miss, record.is_right, record.answers, record.ranking) == (Miss.ERROR, False, (), ())
    assert record.error
    assert milliseconds is None


def test_an_error_at_an_unanswerable_question_is_no_refusal(asker):
    record, _ = asker.ask(replace(UNANSWERABLE, question="?!"))
    assert (record.is_right, record.miss) == (False, Miss.ERROR)


def test_a_question_in_broken_text_does_not_stop_the_run(asker):
    record, _ = asker.ask(replace(ASKED, question="Ai là \ud800 Cục trưởng?"))
    assert record.id == ASKED.id


def test_a_question_asked_names_every_gold_passage_and_ranks_twenty(asker):
    question = replace(ASKED, question="Ai là Cục trưởng Cục Ngoại vụ năm 2018?", articles=_articles(asker))
    record, milliseconds = asker.ask(question)
    held = {
        f"{passage.article}#{passage.start}"
        for article in question.articles
        for passage, _ in asker.index.database.passages_of(article)
        if NAME in passage.text
    }
    assert set(record.relevant) == held != set()
    assert len(record.ranking) == len(set(record.ranking)) == DEPTH
    assert milliseconds > 0


def _articles(asker):
    return tuple(stored.article.id for stored in asker.index.database.articles())


# As JSON

texts = st.text(st.sampled_from("aĐ\x1b\n\u2028\U0001f600#@"), max_size=5)
shares = st.integers(0, 10**6).map(lambda n: n / 10**6)
citeds = st.builds(
    Cited, texts, st.integers(0), st.integers(0), texts, texts, st.booleans(), st.booleans(), st.booleans()
)
givens = st.builds(Given, texts, shares, st.booleans(), st.lists(citeds, max_size=2).map(tuple))
several = st.lists(texts, max_size=2).map(tuple)
records = st.builds(
    Record, texts, texts, texts, st.booleans(), several, texts, st.lists(givens, max_size=2).map(tuple), several,
    several, shares, shares, shares, st.booleans(), st.sampled_from(Miss), st.none() | texts,
)  # fmt: skip


@having(records)
def test_a_record_survives_json(record):
    assert Record.from_json(json.loads(json.dumps(record.to_json(), ensure_ascii=False))) == record
