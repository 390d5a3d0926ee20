"""The model cards: beside the weights, in the package, and with the figures of `docs/quality.md`."""

import tomllib

import pytest

from index.encoder import SHIPPED_FOLDER as ENCODER
from qa.reading.onnx import SHIPPED_FOLDER as READER


@pytest.fixture(params=[ENCODER, READER], ids=["encoder", "reader"])
def card(request):
    return (request.param / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def quality(root):
    return (root / "docs" / "quality.md").read_text(encoding="utf-8").splitlines()


def test_its_figures_are_those_of_the_documents(card, quality):
    """Copied rows: whoever measures again changes both."""
    scores = card.split("## Scores")[1].split("\n## ")[0].splitlines()
    rows = [line for line in scores if line.startswith("| ")]
    assert len(rows) > 4
    assert [row for row in rows if row not in quality] == []


def test_it_names_what_a_user_has_to_know(card):
    headings = [line[3:].split(",")[0] for line in card.splitlines() if line.startswith("## ")]
    assert {"Scores", "int8", "Limits", "For what"} <= set(headings)
    assert all(word in card for word in ("licence", "zero point of 128", "AVX2", "seed", "CPU cores", "python -m"))


def test_every_training_set_in_the_notice_is_in_the_readers_card(root):
    card = (READER / "README.md").read_text(encoding="utf-8")
    notice = (root / "NOTICE").read_text(encoding="utf-8")
    named = [
        name for name in ("SQuAD 1.1", "SQuADShifts", "UIT-ViQuAD 1.0", "UIT-ViQuAD 2.0", "Zalo") if name in notice
    ]
    assert len(named) == 5
    assert [name for name in named if name not in card] == []


def test_the_package_takes_them_along(root):
    data = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    assert "model/**/*" in data["index"]
    assert "model/**/*" in data["qa"]
