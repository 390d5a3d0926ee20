"""Runs every command on crafted indexes in one process and tells what came of it, a JSON object a line.

A process of its own, since a crafted index may hang it or kill it: whoever started it knows by the last line which.
"""

import contextvars
import functools
import hashlib
import io
import json
import os
import shutil
import stat
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from tests.index.crafted import CASES, Victim, make_outside

MEMORY, LARGEST_FILE = 8 * 2**30, 2 * 2**40
HASHED = 2**20
OWN = {"checked.json", "checked.json.part"}  # what a command that reads may write in the folder of the index
QUESTION = "Ai là Cục trưởng Cục Ngoại vụ năm 2018?"
QUOTE = "ông Nguyễn Hoàng Long, Cục trưởng Cục Ngoại vụ"


def reading(place: Path, citation: str) -> dict[str, tuple[str, ...]]:
    """The commands that only read, by name; those that need not open the index for their answer come last."""
    return {
        "ask": ("ask", QUESTION), "ask as of": ("ask", QUESTION, "--as-of", "2016", "--format", "json"),
        "ask batch": ("ask", "--batch", str(place / "batch.jsonl")),
        "search": ("search", "Cục Ngoại vụ"), "search lexical": ("search", "Cục Ngoại vụ", "--mode", "lexical"),
        "search dense": ("search", "Cục Ngoại vụ", "--mode", "dense", "--format", "md"),
        "search filtered": ("search", "Cục Ngoại vụ", "--since", "2017", "--source", "báo"),
        "cite": ("cite", citation), "quote": ("cite", "--quote", QUOTE),
        "export": ("cite", citation, "--export", "bibtex"), "verify": ("verify",),
        "timeline": ("timeline", "Cục trưởng Cục Ngoại vụ"), "status": ("status",),
        "status as JSON": ("status", "--format", "json"), "doctor": ("doctor",),
        "eval run": ("eval", "run", str(place / "set.jsonl"), "--out", str(place / "runs")),
    }  # fmt: skip


def building(place: Path) -> dict[str, tuple[str, ...]]:
    """The commands that may write the index anew."""
    same, other = str(place / "corpus"), str(place / "other")
    return {
        "index": ("index", same), "index another": ("index", other), "index below": ("index", f"{same}/below"),
        "rebuild": ("index", same, "--rebuild"), "rebuild another": ("index", other, "--rebuild"),
        "replace": ("index", other, "--replace"),
    }  # fmt: skip


def remember_models() -> None:
    """Load each model once, not for every command, and now: what that leaves behind is no crafted index's doing."""
    import index.encoder
    import index.store

    hash_files, hash_file = index.encoder.hash_files, index.store.hash_file
    known: dict[str, str] = {}

    def hash_once(paths: Any, *, extra: str = "") -> str:
        key = repr((list(paths), extra))
        known[key] = known.get(key) or hash_files(paths, extra=extra)
        return known[key]

    index.encoder.open_session = functools.cache(index.encoder.open_session)
    index.encoder.open_tokenizer = functools.cache(index.encoder.open_tokenizer)
    index.encoder.hash_files = hash_once
    index.store.hash_file = functools.cache(hash_file)
    from qa.reading.onnx import Reader

    for model in (index.encoder.load_encoder(), Reader()):
        model.warm()  # type: ignore[attr-defined]


def run(*arguments: str, language: str) -> dict[str, Any]:
    """Run the program here."""
    from evals import cli

    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    kept = sys.stdout, sys.stderr, sys.argv
    sys.stdout, sys.stderr, sys.argv = out, err, ["qa", *arguments]
    os.environ["QA_LANG"] = language
    began = time.perf_counter()
    broken = ""
    try:
        contextvars.copy_context().run(cli.main)
        code: object = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:
        code, broken = None, traceback.format_exc()
    finally:
        sys.stdout, sys.stderr, sys.argv = kept
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    seconds = round(time.perf_counter() - began, 3)
    return {"code": code, "out": texts[0][-2000:], "err": texts[1][-4000:], "broken": broken, "seconds": seconds,
            "lines": texts[1].count("\n")}  # fmt: skip


def state(*folders: Path) -> dict[str, tuple[object, ...]]:
    """What stands in folders: of everything its kind, size, time and inode, and of what is short its content."""
    found: dict[str, tuple[object, ...]] = {}
    for folder in folders:
        for above, below, names in os.walk(folder):
            for path in (Path(above) / name for name in (*below, *names) if name not in OWN):
                seen = path.lstat()
                is_short = stat.S_ISREG(seen.st_mode) and seen.st_size < HASHED
                content = hashlib.sha256(path.read_bytes()).hexdigest() if is_short else ""
                found[str(path)] = (seen.st_mode, seen.st_size, seen.st_mtime_ns, seen.st_ino, content)
    return found


def tell(**row: object) -> None:
    """Say something to whoever started this."""
    sys.__stdout__.write(json.dumps(row) + "\n")  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]


def prepare(name: str, good: Path, place: Path) -> Victim:
    """Make a crafted index of this name, and what lies around it."""
    shutil.rmtree(place / "case", ignore_errors=True)
    (place / "case").mkdir()
    for empty in ("here", "temporary"):
        (place / "case" / empty).mkdir()
    make_outside(place / "case" / "outside", good, place / "corpus")
    victim = Victim(shutil.copytree(good, place / "case" / "index"), place / "case" / "outside")
    CASES[name].make(victim)
    os.chdir(place / "case" / "here")
    return victim


def examine(name: str, wanted: list[str], good: Path, place: Path, citation: str) -> None:
    """Run every wanted command on a crafted index; the ones that build each have a fresh one."""
    around = [place / "corpus", place / "other", *(place / "case" / n for n in ("outside", "here", "temporary"))]
    tell(case=name, command="make")
    victim = prepare(name, good, place)
    for number, (label, arguments) in enumerate((reading(place, citation) | building(place)).items()):
        if label not in wanted:
            continue
        tell(case=name, command=label)
        is_building = label in building(place)
        if is_building:
            victim = prepare(name, good, place)
        watched = around if is_building else [victim.directory, *around]
        before = state(*watched)
        language = ("vi", "en")[(number + len(name)) % 2]
        done = run(*arguments, "--index", str(victim.directory), language=language)
        after = state(*watched)
        touched = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
        tell(case=name, command=label, done=True, touched=touched, language=language, **done)


def main() -> None:
    """Read what to do from the file named, and do it."""
    import resource

    task = json.loads(Path(sys.argv[1]).read_bytes())
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    place = Path(task["place"])
    remember_models()
    os.environ["TMPDIR"] = str(place / "case" / "temporary")
    for name, commands in task["cases"].items():
        examine(name, commands, Path(task["good"]), place, task["citation"])


if __name__ == "__main__":
    main()
