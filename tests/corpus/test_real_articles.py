"""The five real articles, exactly as they came."""

import re

import pytest

from corpus.read import Source, read_source
from corpus.split import split_article

DATES = {"000": "2016", "001": "2023", "002": "2018-08-12", "003": "2013-03-19", "004": "2012-08-29"}
TITLES = {
    "001": "Ngoại giao nỗ lực đồng hành cùng địa phương",
    "002": "Phó Thủ tướng Phạm Bình Minh chủ trì Hội nghị Ngoại vụ toàn quốc lần thứ 19",
    "003": "",
    "004": "Sở Ngoại vụ Tp. Hồ Chí Minh: Chuyển biến tích cực từ nhận thức đến hành động",
}
FURNITURE = {
    "000": ["TIN LIÊN QUAN", "Đoàn Cơ quan Biên phòng Thái Lan", "trụ sở Ban Thư ký APEC",
            "đã phát triển toàn diện cả ...", "các tiếng: Anh, ..."],
    "001": ["Nhỏ Bình thường Lớn", "Ngày 31/10, Bộ Ngoại giao tổ chức giao ban", "10 năm hội tụ-hội nhập",
            "tiếp tục chú trọng tăng cường"],
    "004": ["In bài này", "Email của bạn", "Các bài đã đăng", "Tình bạn “xuyên thế kỷ”", "Liên hệ quảng cáo",
            "Kỷ niệm 25 năm TG&VN"],
}  # fmt: skip
LONG_LINE, LONG_SENTENCE = 45, 8


@pytest.fixture(scope="module")
def articles(shared_corpus):
    paths = sorted(shared_corpus.glob("*.txt"))
    return {path.name[:3]: read_source(Source(path.name, path)).article for path in paths}


@pytest.fixture(scope="module")
def passages(articles):
    return {key: [passage.text for passage in split_article(article)] for key, article in articles.items()}


@pytest.mark.parametrize(("key", "date"), DATES.items())
def test_the_date_of_a_real_article_is_found_in_its_text(articles, key, date):
    assert (str(articles[key].date), articles[key].date_inferred) == (date, True)


@pytest.mark.parametrize(("key", "title"), TITLES.items())
def test_the_headline_of_a_real_article_is_its_title(articles, key, title):
    assert articles[key].title == title


@pytest.mark.parametrize(("key", "words"), [(key, words) for key, texts in FURNITURE.items() for words in texts])
def test_known_furniture_is_in_the_file_and_in_no_passage(articles, passages, key, words):
    assert words in articles[key].text
    assert not any(words in passage for passage in passages[key])


def test_a_caption_that_came_twice_is_in_the_passages_once(passages):
    caption = "Hội nghị Gặp gỡ Nhật Bản 2023 - Meet Japan 2023, tháng 11/2023"
    assert sum(passage.count(caption) for passage in passages["001"]) == 1


@pytest.mark.parametrize("key", DATES)
def test_every_sentence_of_a_long_paragraph_is_in_one_passage(shared_corpus, passages, key):
    (path,) = shared_corpus.glob(f"{key}_*.txt")
    lines = [line.strip(" |") for line in path.read_text(encoding="utf-8").split("\n")]
    long = [line for line in lines if len(line.split()) > LONG_LINE and not line.endswith(" ...")]
    pieces = [piece for line in long for piece in re.split(r"(?<=[.!?…])\s+|(?<=[.!?…][\"”’)])\s+", line)]
    whole = [piece for piece in pieces if re.search(r"[.!?…][\"”’)]*$", piece)]
    sentences = [piece for piece in whole if len(piece.split()) > LONG_SENTENCE]
    assert len(sentences) > 5
    assert [s for s in sentences if not any(s in passage for passage in passages[key])] == []


@pytest.mark.parametrize("key", DATES)
def test_a_passage_of_a_real_article_stands_where_it_says(articles, key):
    article = articles[key]
    assert all(article.text[p.start : p.end] == p.text for p in split_article(article))


def test_an_article_that_no_furniture_surrounds_loses_nothing(articles):
    assert articles["002"].dropped == articles["003"].dropped == ()
