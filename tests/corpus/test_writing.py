"""A file of the user's is replaced whole or not at all, and stays the file it was."""

import errno
import os
import stat

import pytest

from corpus.files import append_whole, replace_whole

FULL = "/dev/full"
posix_only = pytest.mark.skipif(os.name == "nt", reason="permissions and special files are other things there")


@pytest.fixture
def full(monkeypatch):
    """A disk that takes three bytes and then no more."""
    write, left = os.write, [3]

    def some(descriptor, data):
        if not left[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken = write(descriptor, data[: left[0]])
        left[0] -= taken
        return taken

    monkeypatch.setattr(os, "write", some)


def test_a_new_file_holds_what_was_written(tmp_path):
    replace_whole(tmp_path / "a.html", b"one")
    replace_whole(tmp_path / "a.html", b"another")
    assert (tmp_path / "a.html").read_bytes() == b"another"
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_on_a_full_disk_the_old_file_stands_and_nothing_else(tmp_path, full):
    (tmp_path / "a.html").write_bytes(b"old")
    with pytest.raises(OSError, match="No space"):
        replace_whole(tmp_path / "a.html", b"another")
    assert (tmp_path / "a.html").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_adding_to_a_file_on_a_full_disk_is_an_error(tmp_path, full):
    with pytest.raises(OSError, match="No space"):
        append_whole(tmp_path / "a.jsonl", b"another")


def test_a_name_as_long_as_names_may_be_can_be_written(tmp_path):
    path = tmp_path / f"{'đ' * 125}.html"
    replace_whole(path, b"x")
    assert path.read_bytes() == b"x"


@posix_only
def test_a_link_is_followed_and_stays_a_link(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "a.html").symlink_to(tmp_path / "there" / "b.html")
    for data in (b"one", b"two"):
        replace_whole(tmp_path / "a.html", data)
    assert (tmp_path / "a.html").is_symlink()
    assert (tmp_path / "there" / "b.html").read_bytes() == b"two"


@posix_only
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666])
def test_a_file_keeps_its_permissions(tmp_path, mode):
    (tmp_path / "a.html").write_bytes(b"old")
    (tmp_path / "a.html").chmod(mode)
    replace_whole(tmp_path / "a.html", b"new")
    assert stat.S_IMODE((tmp_path / "a.html").stat().st_mode) == mode


@posix_only
def test_what_is_no_plain_file_is_written_to_and_not_replaced(tmp_path):
    (tmp_path / "null").symlink_to(os.devnull)
    replace_whole(tmp_path / "null", b"gone")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


@pytest.mark.skipif(not os.path.exists(FULL), reason="no such device here")
def test_a_device_that_is_full_is_an_error(tmp_path):
    (tmp_path / "full").symlink_to(FULL)
    with pytest.raises(OSError, match="No space"):
        replace_whole(tmp_path / "full", b"gone")
