"""The shipped reader is the one whose spans are known: its files are whole, its best spans those of float32.

`python tests/qa/test_canonical.py` writes `canonical.json` anew, from the shipped weights in float32 by PyTorch: run it
when other weights are shipped, and look at what changed. A processor whose int8 sums go wrong shows here.
"""

import json
from pathlib import Path

import pytest

from corpus.article import Passage
from index.encoder import CHECKSUMS
from index.store import hash_file
from qa.reading.onnx import SHIPPED_FOLDER

KEPT = Path(__file__).with_name("canonical.json")
COMMAND = "python tests/qa/test_canonical.py"
TOLERANCE = 1.0
CARD = "README.md"
ROWS = json.loads(KEPT.read_text(encoding="utf-8"))


def read(reader, row):
    (spans,) = reader.read(row["question"], [Passage("-", 0, len(row["text"]), row["text"], row["context"])])
    return spans[0]


def test_every_shipped_file_is_the_one_that_its_sum_names():
    lines = (SHIPPED_FOLDER / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    named = dict(reversed(line.split("  ", 1)) for line in lines)
    there = {path.relative_to(SHIPPED_FOLDER).as_posix() for path in SHIPPED_FOLDER.rglob("*") if path.is_file()}
    assert there - {CHECKSUMS, CARD} == set(named)
    assert {name: hash_file(SHIPPED_FOLDER / name) for name in named} == named


@pytest.mark.parametrize("row", [row for row in ROWS if row["answer"]], ids=lambda row: row["question"])
def test_the_best_span_is_that_of_float32(reader, row):
    span = read(reader, row)
    assert span.text == row["answer"], COMMAND
    assert span.score == pytest.approx(row["score"], abs=TOLERANCE), COMMAND


@pytest.mark.parametrize("row", [row for row in ROWS if not row["answer"]], ids=lambda row: row["question"])
def test_a_passage_without_the_answer_scores_below_no_answer(reader, row):
    assert row["score"] < 0, COMMAND
    assert read(reader, row).score == pytest.approx(row["score"], abs=2 * TOLERANCE), COMMAND


def refresh():
    """Write what float32 says of the kept passages; whether one holds an answer is ours to say, and stays."""
    import tempfile

    from index.training.restore import main as restore
    from qa.reading.load import load_reader

    with tempfile.TemporaryDirectory() as folder:
        restore(SHIPPED_FOLDER, Path(folder))
        reader = load_reader(folder)
    for row in ROWS:
        span = read(reader, row)
        row["answer"], row["score"] = span.text if row["answer"] else "", round(span.score, 2)
        print(f"{row['score']:7.2f}  {span.text}")  # noqa: T201
    KEPT.write_text(json.dumps(ROWS, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    refresh()
