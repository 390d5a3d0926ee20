"""Which folders a build reads: those that were named. An index may come from anywhere, and says only what it has."""

import json
import shutil

import numpy as np
import pytest

from corpus.errors import StoreError
from index.build import LOCK, build_index
from index.collect import find_sources
from index.search import Index
from index.store import CURRENT, DATABASE, MANIFEST, hash_file
from qa.citing.citation import cite
from qa.citing.verify import verify_sources
from tests.index.crafted import Victim, seal, sql

ONE = "Cục Ngoại vụ họp tại Hà Nội.\n"
TWO = "Sở Ngoại vụ Huế tiếp khách Nhật Bản.\n"


class Constant:
    """An encoder that costs nothing."""

    name, dimension, fingerprint = "constant", 4, "0" * 64

    def encode(self, texts, *, kind):
        return np.tile(np.array([1, 0, 0, 0], dtype=np.float32), (len(texts), 1))


@pytest.fixture
def place(tmp_path):
    """Articles in two folders, one of which holds another."""
    for name, text in (("one/a.txt", ONE), ("one/below/b.txt", TWO), ("two/c.txt", ONE + TWO)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def listed(monkeypatch):
    """The folders that were listed."""
    folders = []
    monkeypatch.setattr("index.collect.find_sources", lambda path: folders.append(str(path)) or find_sources(path))
    return folders


def build(place, *names, **options):
    return build_index([place / name for name in names], place / "index", Constant(), **options)


def ids(place):
    return [stored.article.id for stored in Index.open(place / "index").database.articles()]


@pytest.mark.parametrize("rebuild", [False, True])
@pytest.mark.parametrize("rules", [{}, {"rules": 0}], ids=["same rules", "other rules"])
@pytest.mark.parametrize("others", [["/"], ["/dev", "/proc"], [".."]], ids=str)
def test_only_folders_that_are_named_are_listed(place, listed, others, rules, rebuild):
    build(place, "one")
    listed.clear()
    seal(Victim(place / "index", place), roots=[*others, str(place / "one")], **rules)
    build(place, "two", rebuild=rebuild)
    assert listed == [str(place / "two")]


@pytest.mark.parametrize("rebuild", [False, True])
@pytest.mark.parametrize("rules", [{}, {"rules": 0}], ids=["same rules", "other rules"])
def test_the_articles_of_a_folder_not_named_stay(place, listed, rules, rebuild):
    build(place, "one")
    listed.clear()
    seal(Victim(place / "index", place), **rules)
    build(place, "two", rebuild=rebuild)
    assert listed == [str(place / "two")]
    assert ids(place) == ["a.txt", "below/b.txt", "c.txt"]
    assert roots(place) == (str(place / "one"), str(place / "two"))


def roots(place):
    return Index.open(place / "index").manifest.roots


@pytest.mark.parametrize("rebuild", [False, True])
@pytest.mark.parametrize("named", ["one/below", "one/below/b.txt"])
def test_a_part_of_a_folder_is_brought_up_to_date_alone(place, listed, named, rebuild):
    build(place, "one")
    (place / "one" / "below" / "b.txt").write_text(TWO * 2, encoding="utf-8")
    (place / "one" / "new.txt").write_text(TWO, encoding="utf-8")
    listed.clear()
    report = build(place, named, rebuild=rebuild)
    assert listed == [str(place / named)]
    assert ids(place) == ["a.txt", "below/b.txt"]
    assert Index.open(place / "index").database.article("below/b.txt").article.text == TWO * 2
    assert (report.problems, report.removed) == ([], 0)
    assert roots(place) == (str(place / "one"),)


def test_what_was_removed_from_a_part_of_a_folder_is_forgotten(place):
    build(place, "one")
    shutil.rmtree(place / "one" / "below")
    (place / "one" / "below").mkdir()
    assert build(place, "one/below").removed == 1
    assert ids(place) == ["a.txt"]


def test_a_folder_named_together_with_one_inside_is_read_once(place):
    build(place, "one", "one/below", "one")
    assert build(place, "one/below", "one", "one/below/b.txt").problems == []
    assert ids(place) == ["a.txt", "below/b.txt"]


def test_a_link_out_of_the_part_that_was_named_stays_as_it_was(place):
    (place / "one" / "below" / "link.txt").symlink_to(place / "one" / "a.txt")
    build(place, "one")
    before = ids(place)
    build(place, "one/below")
    assert ids(place) == before == ["a.txt", "below/b.txt", "below/link.txt"]


def test_building_anew_forgets_what_is_gone_and_says_what_changed_in_a_folder_not_named(place):
    build(place, "one", "two")
    (place / "one" / "a.txt").write_text(TWO * 3, encoding="utf-8")
    (place / "one" / "below" / "b.txt").unlink()
    (problem,) = build(place, "two", rebuild=True).problems
    assert str(place / "one" / "a.txt") in problem.en
    assert ids(place) == ["c.txt"]
    assert build(place, "one", "two", rebuild=True).problems == []
    assert Index.open(place / "index").database.article("a.txt").article.text == TWO * 3


@pytest.mark.parametrize("rebuild", [False, True])
def test_what_an_index_says_of_a_file_gets_no_other_file_in(place, rebuild):
    """Root and path are both the index's word; only bytes that it knows already are read again."""
    build(place, "one")
    (place / "secret.txt").write_text("Mật khẩu là 123456.\n", encoding="utf-8")
    victim = Victim(place / "index", place)
    sql(("UPDATE article SET path = ?, root = ? WHERE id = 'a.txt'", (str(place / "secret.txt"), str(place))))(victim)
    seal(victim, rules=0, roots=[str(place), str(place / "one")])
    report = build(place, "two", rebuild=rebuild)
    assert [s for s in Index.open(place / "index").database.articles() if "Mật" in s.article.text] == []
    assert any("secret.txt" in problem.en for problem in report.problems)


def test_a_folder_of_the_users_that_is_named_like_a_generation_is_left_alone(place):
    mine = place / "index" / "gen-000123" / "thesis.docx"
    mine.parent.mkdir(parents=True)
    mine.write_text("của tôi", encoding="utf-8")
    for _ in range(2):
        build(place, "one", rebuild=True)
    assert mine.read_text(encoding="utf-8") == "của tôi"
    assert ids(place) == ["a.txt", "below/b.txt"]


def test_a_pointer_that_is_a_folder_is_said_so_and_fills_no_disk(place):
    build(place, "one")
    (place / "index" / CURRENT).unlink()
    (place / "index" / CURRENT).mkdir()
    for _ in range(3):
        with pytest.raises(StoreError, match="cannot be written"):
            build(place, "one", rebuild=True)
    assert len(list((place / "index").glob("gen-*"))) == 1


def test_articles_beside_an_index_are_read_and_what_is_the_indexs_own_is_not(place):
    shutil.copytree(place / "one", place / "index")
    for _ in range(2):
        assert build(place, "index", "index/below").problems == []
        assert ids(place) == ["a.txt", "below/b.txt"]


@pytest.mark.parametrize(
    "forged",
    ["text = replace(text, 'Hà Nội', 'Sài Gò')", "title = 'Báo giả'", "source = 'Nhân Dân'", "date = '2021-05-05'"],
)
def test_what_an_index_says_otherwise_than_the_file_is_found_by_verify(place, forged):
    build(place, "one")
    victim = Victim(place / "index", place)
    sql((f"UPDATE article SET {forged} WHERE id = 'a.txt'", ()))(victim)
    seal(victim)
    assert [(f.article, f.what) for f in verify_sources(Index.open(place / "index"))] == [("a.txt", "changed")]


def test_a_sentence_that_no_file_has_is_not_said_to_be_checked(place):
    """The words quoted stand there; those around them are the index's own."""
    build(place, "one")
    victim = Victim(place / "index", place)
    sql(("UPDATE article SET text = replace(text, 'Hà Nội', 'Sài Gò') WHERE id = 'a.txt'", ()))(victim)
    seal(victim)
    article = Index.open(place / "index").database.article("a.txt").article
    assert not cite(article, 0, len("Cục Ngoại vụ")).verified
    assert cite(Index.open(place / "index").database.article("below/b.txt").article, 0, 3).verified


def test_an_index_of_fewer_articles_than_it_says_is_never_said_to_be_in_order(place):
    build(place, "one")
    victim = Victim(place / "index", place)
    sql(("DELETE FROM article", ()), ("DELETE FROM passage", ()))(victim)
    seal(victim)
    with pytest.raises(StoreError):
        list(verify_sources(Index.open(place / "index")))


def test_building_a_damaged_index_anew_says_which_folders_it_has_to_be_told_again(place):
    build(place, "one", "two")
    generation = place / "index" / (place / "index" / CURRENT).read_text().split()[0]
    (generation / DATABASE).write_bytes(b"x")
    report = build(place, "two", rebuild=True)
    assert [str(place / "one") in problem.vi for problem in report.problems] == [True]
    assert ids(place) == ["c.txt"]


@pytest.mark.parametrize("rules", [{}, {"rules": 0}], ids=["same rules", "other rules"])
def test_a_file_that_is_no_article_is_not_read_because_an_index_says_so(place, rules):
    build(place, "one")
    (place / "secret").write_text("Mật khẩu là 123456.\n", encoding="utf-8")
    (place / "secret.txt").write_text("Mật khẩu là 123456.\n", encoding="utf-8")
    for name in ("secret", "secret.txt"):
        victim = Victim(place / "index", place)
        sql(("UPDATE article SET path = ? WHERE id = 'a.txt'", (str(place / name),)))(victim)
        seal(victim, **rules)
        for rebuild in (False, True):
            build(place, "two", rebuild=rebuild)
            database = Index.open(place / "index").database
            assert [s for s in database.articles() if "Mật" in s.article.text] == []


@pytest.mark.parametrize("link", ["symlink_to", "hardlink_to"])
def test_a_lock_that_is_a_file_of_somebody_elses_is_not_touched(place, link):
    build(place, "one")
    other = place / "precious"
    other.write_text("của người khác", encoding="utf-8")
    (place / "index" / LOCK).unlink()
    getattr(place / "index" / LOCK, link)(other)
    with pytest.raises(Exception, match="lock"):
        build(place, "one")
    assert other.read_text(encoding="utf-8") == "của người khác"


def test_unfinished_vectors_that_are_a_file_of_somebody_elses_are_not_touched(place):
    build(place, "one")
    other = place / "precious"
    other.write_text("của người khác", encoding="utf-8")
    (place / "index" / f"embedded-{'0' * 16}.part").hardlink_to(other)
    (place / "one" / "a.txt").write_text(TWO * 3, encoding="utf-8")
    build(place, "one")
    assert other.read_text(encoding="utf-8") == "của người khác"


def test_the_checksums_that_a_crafter_puts_right_are_right(place):
    build(place, "one")
    seal(Victim(place / "index", place), created="bây giờ")
    generation = place / "index" / (place / "index" / CURRENT).read_text().split()[0]
    assert json.loads((generation / MANIFEST).read_bytes())["created"] == "bây giờ"
    assert (place / "index" / CURRENT).read_text().split()[1] == hash_file(generation / MANIFEST)
    assert Index.open(place / "index").manifest.created == "bây giờ"
