"""An index is its owner's alone, and one that may not be read is not called damaged."""

import os
import shutil
import stat
import subprocess
import sys

import pytest

from corpus.errors import StoreError
from index.build import build_index
from index.search import Index
from index.store import CURRENT, MANIFEST

ONE = "Cục Ngoại vụ họp tại Hà Nội.\n"
NOBODY = 65534
REFUSALS = """
import os, sys
sys.path.insert(0, {root!r})
import index.search, index.store, qa.commands.doctor
os.setgroups([]); os.setgid({nobody}); os.setuid({nobody})
from pathlib import Path
from corpus.errors import StoreError
place = Path({place!r})
opens = (index.search.Index.open, index.store.check_current, index.store.current_generation)
for use in (*opens, lambda place: qa.commands.doctor._index(place, None)):
    try:
        use(place)
    except StoreError as error:
        print(error.en)
    else:
        print("nothing said")
"""


@pytest.fixture
def built(tmp_path, encoder):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(ONE, encoding="utf-8")
    return build_at(tmp_path, encoder)


def build_at(place, encoder):
    build_index([place / "corpus"], place / "index", encoder)
    return place / "index"


def modes(directory):
    found = {path.name: path.lstat().st_mode for path in (directory, *directory.rglob("*"))}
    return {name: stat.S_IMODE(mode) for name, mode in found.items() if stat.S_ISREG(mode) or stat.S_ISDIR(mode)}


@pytest.mark.skipif(os.name != "posix", reason="rights of another kind")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277, 0o377])
def test_whatever_the_umask_an_index_is_its_owners_alone(tmp_path, encoder, umask):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(ONE, encoding="utf-8")
    before = os.umask(umask)
    try:
        for _ in range(2):
            directory = build_at(tmp_path, encoder)
            found = modes(directory)
            files = {name: mode for name, mode in found.items() if name != "index" and not name.startswith("gen-")}
            assert set(files.values()) == {0o600}, files
            assert {mode for name, mode in found.items() if name not in files} == {0o700}
    finally:
        os.umask(before)


@pytest.mark.parametrize("place", [".", CURRENT, "gen-000001", f"gen-000001/{MANIFEST}", "gen-000001/vectors.f32"])
def test_an_index_of_somebody_else_is_told_from_a_damaged_one(built, tmp_path, root, place):
    if not hasattr(os, "setuid") or os.getuid():
        pytest.skip("only root can become somebody else")
    for path in (built, *built.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    (built / place).chmod(0)
    moved = root.parent.joinpath(f"rights-{os.getpid()}") if not reachable(tmp_path) else built
    if moved != built:
        shutil.copytree(built, moved)
        (moved / place).chmod(0)
    try:
        code = REFUSALS.format(root=str(root), nobody=NOBODY, place=str(moved))
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    finally:
        if moved != built:
            shutil.rmtree(moved)
    assert "damaged" not in told
    lines = told.splitlines()
    wanted = 4 if place != "gen-000001/vectors.f32" else 3  # the manifest alone can be read
    assert sum("you may not read" in line for line in lines) == wanted, lines


def reachable(path):
    """Tell whether others may go down to a folder."""
    return all(above.stat().st_mode & stat.S_IXOTH for above in (path, *path.parents))


@pytest.mark.parametrize("error", [24, 5, 12, 116], ids=["too many files", "bad disk", "no memory", "gone server"])
def test_a_machine_that_fails_is_told_from_a_damaged_index(built, monkeypatch, error):
    def fail(*_, **__):
        raise OSError(error, os.strerror(error))

    for name in ("index.store.open_regular", "index.files.open_regular"):
        with monkeypatch.context() as patch:
            patch.setattr(name, fail)
            with pytest.raises(StoreError, match="cannot be read") as caught:
                Index.open(built)
            assert os.strerror(error) in caught.value.vi
