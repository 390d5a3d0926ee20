"""Opening what others may have put there: a plain file inside its folder, or an error, and never a wait."""

import contextlib
import os
import threading
from pathlib import Path

import pytest

from corpus import files
from corpus.files import RefusedError, is_utf8, open_regular, reason, shown

SECRET, OPEN = b"secret", b"open"
TRIES = 300


@pytest.fixture
def corpus(tmp_path):
    """A corpus `in/` with a folder in it, and beside it a folder of the same shape that nobody may read from."""
    for name, data in (("in", OPEN), ("out", SECRET)):
        (tmp_path / name / "sub").mkdir(parents=True)
        for path in ("a.txt", "sub/b.txt"):
            (tmp_path / name / path).write_bytes(data)
    return tmp_path.resolve()


@pytest.fixture(params=["descriptors", "comparing"])
def each_way(request, monkeypatch):
    """Both ways of opening below a folder: POSIX systems' own, and that of Windows."""
    monkeypatch.setattr(files, "_CAN_OPEN_BELOW", request.param == "descriptors")


def content(path, root):
    with open_regular(path, root=root) as stream:
        return stream.read()


@pytest.mark.usefixtures("each_way")
def test_a_file_below_its_root_is_opened(corpus):
    for path in ("a.txt", "sub/b.txt", "sub/../a.txt"):
        assert content(corpus / "in" / path, corpus / "in") == OPEN


@pytest.mark.usefixtures("each_way")
def test_a_root_may_be_the_file_itself_or_a_link_to_a_folder(corpus):
    (corpus / "link").symlink_to("in")
    assert content(corpus / "in" / "a.txt", corpus / "in" / "a.txt") == OPEN
    assert content(corpus / "link" / "sub" / "b.txt", corpus / "link") == OPEN


@pytest.mark.usefixtures("each_way")
def test_a_link_that_stays_inside_is_followed(corpus):
    (corpus / "in" / "file.txt").symlink_to("sub/b.txt")
    (corpus / "in" / "folder").symlink_to("sub")
    (corpus / "in" / "sub" / "up").symlink_to("..")
    for path in ("file.txt", "folder/b.txt", "sub/up/a.txt"):
        assert content(corpus / "in" / path, corpus / "in") == OPEN


@pytest.mark.usefixtures("each_way")
def test_no_link_leads_out(corpus):
    (corpus / "in" / "file.txt").symlink_to(corpus / "out" / "a.txt")
    (corpus / "in" / "folder").symlink_to(corpus / "out" / "sub")
    (corpus / "in" / "chain.txt").symlink_to("file.txt")
    for path in ("file.txt", "folder/b.txt", "chain.txt", "../out/a.txt"):
        with pytest.raises(RefusedError, match="leads out"):
            open_regular(corpus / "in" / path, root=corpus / "in")


def test_a_single_file_that_became_a_link_is_not_followed(corpus):
    path = corpus / "in" / "a.txt"
    path.unlink()
    path.symlink_to(corpus / "out" / "a.txt")
    with pytest.raises(RefusedError, match="leads out"):
        open_regular(path, root=path)


def test_what_is_no_plain_file_is_refused_at_once(corpus):
    """A pipe has no writer here: a reader that waits for one would never come back."""
    os.mkfifo(corpus / "in" / "pipe.txt")
    (corpus / "in" / "loop.txt").symlink_to("loop.txt")
    for path in ("in/pipe.txt", "in/sub", "in/loop.txt", "in/nothing.txt", "in/a.txt/b.txt", "in/\0.txt"):
        for root in (None, corpus / "in"):
            with pytest.raises(OSError, match=r"."):
                open_regular(corpus / path, root=root)
    for device in ("/dev/zero", "/dev/tty", "/dev/full"):
        with pytest.raises(OSError, match=r"."):
            open_regular(Path(device))


def swap(path, others, stop):
    """Put others in the place of a path again and again, each by one rename, and then the path's own."""
    own = path.with_name(path.name + ".own")
    path.rename(own)
    own_copy = path.with_name(path.name + ".copy")
    while not stop.is_set():
        for number, make in enumerate((*others, None)):
            aside = path.with_name(f"{path.name}.{number}")
            if make is None:
                os.link(own, own_copy) if own.is_file() else own_copy.symlink_to(own)
                aside = own_copy
            else:
                make(aside)
            os.replace(aside, path)


@pytest.mark.usefixtures("each_way")
@pytest.mark.parametrize("kind", ["a file", "a folder on the way"])
def test_nothing_from_outside_is_ever_read_while_somebody_swaps_names(corpus, kind):
    if kind == "a file":
        path, target = corpus / "in" / "a.txt", corpus / "in" / "a.txt"
        others = [lambda p: p.symlink_to(corpus / "out" / "a.txt"), os.mkfifo]
    else:
        path, target = corpus / "in" / "sub" / "b.txt", corpus / "in" / "sub"
        others = [lambda p: p.symlink_to(corpus / "out" / "sub")]
    stop = threading.Event()
    swapping = threading.Thread(target=swap, args=(target, others, stop))
    swapping.start()
    seen = set()
    try:
        for _ in range(TRIES):
            try:
                seen.add(content(path, corpus / "in"))
            except OSError:
                seen.add(None)
    finally:
        stop.set()
        swapping.join()
    assert SECRET not in seen
    assert None in seen


@pytest.mark.usefixtures("each_way")
@pytest.mark.parametrize("kind", ["a link", "a pipe", "another file"])
def test_what_is_put_there_between_looking_and_opening_is_not_read(corpus, monkeypatch, kind):
    path = corpus / "in" / "a.txt"

    def swapped(*arguments, real=os.open, **keywords):
        if Path(arguments[0]).name == "a.txt" and not path.with_name("moved").exists():
            path.rename(path.with_name("moved"))
            if kind == "a link":
                path.symlink_to(corpus / "out" / "a.txt")
            elif kind == "a pipe":
                os.mkfifo(path)
            else:
                path.write_bytes(OPEN)
        return real(*arguments, **keywords)

    monkeypatch.setattr(os, "open", swapped)
    if kind == "another file" and files._CAN_OPEN_BELOW:
        assert content(path, corpus / "in") == OPEN
    else:
        with pytest.raises(OSError, match=r"."):
            open_regular(path, root=corpus / "in")


@pytest.mark.usefixtures("each_way")
def test_no_descriptor_is_left_open(corpus):
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("counting descriptors needs /proc")
    os.mkfifo(corpus / "in" / "pipe.txt")
    before = len(os.listdir("/proc/self/fd"))
    for path in ("a.txt", "sub/b.txt", "pipe.txt", "sub", "nothing.txt", "a.txt/b"):
        with contextlib.suppress(OSError):
            open_regular(corpus / "in" / path, root=corpus / "in").close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_name_that_is_not_utf8_is_shown_with_its_bytes():
    path = Path(os.fsdecode(b"kho/b\xff.txt"))
    assert (shown(path), is_utf8(path), is_utf8("bài.txt")) == ("kho/b\\xff.txt", False, True)


def test_every_reason_is_said_in_both_languages():
    for number in (*files._REASONS, 5):
        vi, en = reason(OSError(number, "Input/output error"))
        assert vi
        assert en
    assert reason(PermissionError(13, "Permission denied")) == ("không có quyền đọc", "permission denied")
