"""While generation follows generation, whoever opens the index or reads all of it finds one that is whole."""

import subprocess
import sys

import pytest

from index.search import Index
from index.store import check_current, current_generation

ROUNDS, BUILDS = 400, 300
BUILDER = """
import sys
import numpy as np
from pathlib import Path
from index.build import build_index

class Constant:
    name, dimension, fingerprint = "shipped", 4, "0" * 64

    def encode(self, texts, *, kind):
        return np.tile(np.array([1, 0, 0, 0], dtype=np.float32), (len(texts), 1))

corpus, directory = Path(sys.argv[1]), Path(sys.argv[2])
for number in range(int(sys.argv[3])):
    (corpus / "a.txt").write_text(f"Cục Ngoại vụ họp lần thứ {number}.\\n" * (1 + number % 7), encoding="utf-8")
    build_index([corpus], directory, Constant(), rebuild=number % 5 == 0)
    print(number, flush=True)
"""


@pytest.fixture
def building(tmp_path, root):
    """A folder in which another process builds one generation after the other, and that process."""
    (tmp_path / "corpus").mkdir()
    directory = tmp_path / "index"
    command = [sys.executable, "-c", BUILDER, str(tmp_path / "corpus"), str(directory), str(BUILDS)]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "0\n"
        yield directory, process
        process.kill()


def opened(directory):
    """Open, and look at every part: each is of the same generation."""
    index = Index.open(directory)
    assert index.vectors.size == index.manifest.passages == len(index.database.articles_by_passage())
    assert len(list(index.database.articles())) == index.manifest.articles
    index.database.close()
    return index.manifest.created


def test_no_opening_fails_while_generations_follow_one_another(building):
    directory, process = building
    names = set()
    for _ in range(ROUNDS):
        opened(directory)
        check_current(directory)
        names.add(current_generation(directory)[0].name)
        if process.poll() is not None:
            break
    assert process.poll() in (None, 0)
    assert len(names) > 5


def test_no_command_that_reads_fails_while_generations_follow_one_another(building, qa):
    directory, process = building
    commands = (
        ("status",), ("verify",), ("search", "Ngoại vụ", "--mode", "lexical"), ("cite", "--quote", "Cục Ngoại vụ họp"),
    )  # fmt: skip
    for round_ in range(60):
        ran = qa(*commands[round_ % len(commands)], "--index", directory, QA_LANG="en")
        # A source changes between being indexed and being verified: that is what verifying finds.
        assert (ran.code in (0, 4), ran.err if ran.code == 1 else "") == (True, ""), (commands[round_ % 4], ran)
        if process.poll() is not None:
            break


def test_the_doctor_finds_no_index_damaged_while_generations_follow_one_another(building):
    from corpus.errors import StoreError
    from qa.commands.doctor import _index

    directory, process = building
    for _ in range(60):
        try:
            _index(directory, None)
        except StoreError as error:
            assert "another model" in error.en  # noqa: PT017 - the stub is no shipped encoder
        if process.poll() is not None:
            break
