"""Wherever writing fails, or the power does, the old index stands or the new one; and the bench can tell if not."""

import hashlib
import os
import tempfile
from pathlib import Path

import pytest

from corpus.errors import StoreError
from evals.bench.faults import disk
from evals.bench.faults.__main__ import run_writer
from evals.bench.faults.steps import Steps
from evals.bench.faults.trials import FORKS, Trial, quick_folder
from evals.bench.faults.writers import INDEX, WRITERS, build, one_changed
from index import build as building
from index import files, generation
from index.build import FileLock

FIRST, UPDATE, REPORT = (
    next(writer for writer in WRITERS if writer.name.endswith(name))
    for name in ("first build", "an article changed", "report")
)
UNSYNCED, NAMES_ONLY = (model.name for model in disk.MODELS[:2])


@pytest.fixture
def trial():
    """Make a trial of a writer."""
    with tempfile.TemporaryDirectory(dir=quick_folder()) as folder:
        yield lambda writer: Trial(writer, Path(folder) / "trial")


def outcomes(trial, *faults, every=1):
    """Run the cases of these faults, or every so many of them."""
    return (run() for case, run in [run for run in trial.cases() if run[0].fault in faults][::every])


def bad(found):
    return [f"{o.case}: {o.ended}, {o.stands} {o.lost} {o.wrong} {o.traceback}" for o in found if not o.is_good]


def test_a_disk_that_is_full_at_any_step_is_an_error_and_the_old_index_stands(trial):
    found = list(outcomes(trial(UPDATE), "ENOSPC"))
    assert {outcome.ended for outcome in found} == {"told", "said done"}
    assert bad(found) == []


@pytest.mark.parametrize("writer", [FIRST, UPDATE], ids=lambda writer: writer.name)
def test_a_power_cut_at_any_step_leaves_the_old_index_or_the_new(trial, writer):
    found = list(outcomes(trial(writer), UNSYNCED, NAMES_ONLY))
    assert {outcome.stands for outcome in found} == {"old", "new"}
    assert bad(found) == []


def test_a_write_that_is_short_or_a_lie_loses_nothing(trial):
    found = list(outcomes(trial(UPDATE), "short write: all but a byte", "a write that lies", "EINTR", every=3))
    assert {outcome.ended for outcome in found} == {"told", "said done"}
    assert bad(found) == []


@pytest.mark.skipif(not FORKS, reason="processes are not forked here")
def test_a_build_killed_at_a_step_loses_nothing(trial):
    found = list(outcomes(trial(UPDATE), "killed before", "killed half-way", every=9))
    assert {outcome.ended for outcome in found} == {"stopped"}
    assert bad(found) == []


def test_files_that_may_be_no_longer_than_they_are_are_an_error_if_they_should_be(trial):
    found = list(outcomes(trial(UPDATE), "no file longer than (bytes)", every=4))
    assert bad(found) == []


@pytest.mark.slow
def test_many_faults_of_every_kind_lose_nothing_of_any_writer():
    found = [o for number in range(len(WRITERS)) for o in run_writer(number, most=80, seed=1, only="", signals=0)]
    assert len(found) > 400
    assert bad(found) == []


@pytest.mark.slow
def test_the_program_killed_at_any_moment_loses_nothing():
    found = run_writer(len(WRITERS), most=None, seed=0, only="", signals=4)
    assert {outcome.case.fault for outcome in found} == {"killed by a signal"}
    assert bad(found) == []


# The bench


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
def test_what_the_bench_takes_the_disk_to_hold_is_what_is_there(trial, writer):
    tried = trial(writer)
    tried.reset()
    simulated = disk.Disk(tried.place)
    with Steps(tried.place) as steps:
        writer.write(tried.world)
    found = {str(path.relative_to(tried.place)): None if path.is_dir() else path.read_bytes()
             for path in tried.place.rglob("*")}  # fmt: skip
    assert simulated.apply(steps.done).after(disk.NOW) == found


def test_a_stream_takes_the_same_steps_as_the_calls_below_it(tmp_path):
    path = tmp_path / "a.txt"
    with Steps(tmp_path) as steps:
        path.write_text("một hai", encoding="utf-8")
        with path.open("a", encoding="utf-8") as stream:
            stream.write(" ba")
        with path.open("rb+") as stream:
            stream.truncate(5)
    assert [step.call for step in steps.taken] == ["open", "write", "close"] * 2 + ["open", "ftruncate", "close"]
    assert path.read_bytes() == "một hai ba".encode()[:5]
    assert not steps.left_open()


REPLACE = files.replace_file


def careless(path, pieces, *, synced=False):
    """Write a file as one used to: each piece at one go, and what comes of it is not looked at."""
    data = b"".join(pieces)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    os.write(descriptor, data)
    if synced:
        os.fsync(descriptor)
    os.close(descriptor)
    return len(data), hashlib.sha256(data).hexdigest()


def renamed_before_it_is_synced(path, data):
    aside = path.with_name(f"{path.name}.part")
    careless(aside, [data])
    files.rename(aside, path)
    with aside.parent.joinpath(path.name).open("rb+") as stream:
        os.fsync(stream.fileno())


def old_one_deleted_first(path, data):
    name = data.decode().split()[0]
    generation._clear(path.parent, lambda other: other != name)
    REPLACE(path, data)


def leaking(path, pieces):
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    data = b"".join(pieces)
    files.write_whole(descriptor, memoryview(data))
    os.fsync(descriptor)
    os.close(descriptor)
    return len(data), hashlib.sha256(data).hexdigest()


def nothing(*_):
    return None


MUTANTS = {
    "written without fsync": ({"write_file": careless}, UPDATE, NAMES_ONLY),
    "a short write ignored": ({"write_file": lambda *a: careless(*a, synced=True)}, UPDATE, "short write: half"),
    "a file left open": ({"write_file": leaking}, UPDATE, "EIO"),
    "renamed before it is synced": ({"replace_file": renamed_before_it_is_synced}, UPDATE, NAMES_ONLY),
    "the old one deleted first": ({"replace_file": old_one_deleted_first}, UPDATE, "killed, written again"),
    "names never synced": ({"sync_folder": nothing}, UPDATE, UNSYNCED),
    "the way to it never synced": ({"sync_folder": lambda path: "gen-" in path.name and files.sync_folder(path)},
                                   FIRST, UNSYNCED),
    "a full disk left full": ({"_clear": nothing}, UPDATE, "ENOSPC"),
    "an error of the system's let through": ({"_unwritable": lambda _, error: error}, UPDATE, "ENOSPC"),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mistake_planted_in_the_writing_is_found(trial, monkeypatch, name):
    planted, writer, fault = MUTANTS[name]
    fault = "power cut: some of each is left" if fault == "killed, written again" else fault
    for where, mistake in planted.items():
        for module in (building, generation, files) if writer is UPDATE else (building, generation):
            if hasattr(module, where):
                monkeypatch.setattr(module, where, mistake)
    assert any(not outcome.is_good for outcome in outcomes(trial(writer), fault))


def test_a_report_written_in_place_is_found(trial, monkeypatch):
    monkeypatch.setattr("evals.run.replace_whole", lambda path, data: path.write_bytes(data))
    assert any(not outcome.is_good for outcome in outcomes(trial(REPORT), "ENOSPC"))


# What the bench cannot reach


def test_a_lock_that_cannot_be_let_go_of_loses_no_word_of_what_was_built(tmp_path, monkeypatch):
    one_changed(tmp_path)

    class Stuck(FileLock):
        def release(self, force=False):
            super().release(force)
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(building, "FileLock", Stuck)
    build(tmp_path)


def test_remains_that_cannot_be_removed_are_passed_by(tmp_path, monkeypatch):
    one_changed(tmp_path)
    monkeypatch.setattr(generation, "forget", nothing)
    (tmp_path / INDEX / "gen-000002.part").write_text("a file, not a folder", encoding="utf-8")
    build(tmp_path)
    assert (tmp_path / INDEX / "CURRENT").read_text(encoding="utf-8").startswith("gen-000003 ")


def test_when_the_disk_does_not_say_that_it_keeps_the_new_index_nobody_says_that_the_old_one_stands(
    tmp_path, monkeypatch
):
    one_changed(tmp_path)
    rename = files.rename

    def unconfirmed(old, new):
        rename(old, new)
        if new.name == "CURRENT":
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(files, "rename", unconfirmed)
    with pytest.raises(StoreError, match="did not confirm"):
        build(tmp_path)
    assert len(list(Path(tmp_path / INDEX).glob("gen-*"))) == 2
