"""The README does not drift: its scores are those of the committed runs, and every command stands in it."""

import json
import re

import pytest
import typer.main

from evals.baseline import FOLDER
from evals.cli import app


@pytest.fixture(scope="module")
def readme(root):
    return (root / "README.md").read_text(encoding="utf-8")


def committed(name):
    (path,) = FOLDER.glob(f"{name}-*.json")
    return json.loads(path.read_text(encoding="utf-8"))["scores"]


def test_the_scores_are_those_of_the_committed_runs(readme):
    sets = [committed(name) for name in ("real", "real_more", "unseen", "unseen_more", "english", "sample")]
    rows = [
        [cell.strip(" *") for cell in line.split("|")[1:-1]] for line in readme.splitlines() if line.startswith("|")
    ]
    scored = [row for row in rows if re.split(r"[: ]", row[0])[0] in sets[0]]
    assert len(scored) > 8
    for name, *told in scored:
        metric = re.split(r"[: ]", name)[0]
        assert told[: len(sets)] == [f"{scores[metric]:.3f}" for scores in sets], metric


def test_every_command_is_named(readme):
    commands = typer.main.get_command(app).commands
    assert [name for name in commands if f"qa {name}" not in readme] == []
    assert [name for name in commands["eval"].commands if f"qa eval {name}" not in readme] == []


def test_the_comparison_with_peers_is_the_one_that_was_measured(root, readme):
    measured = (root / "docs" / "peers.md").read_text(encoding="utf-8").splitlines()
    shown = readme.split("## Against peers")[1].split("\n## ")[0].splitlines()
    tables = [line for line in shown if line.startswith("|")]
    assert len(tables) > 15
    assert [line for line in tables if line not in measured] == []
    assert "docs/peers.svg" in "".join(shown)


def test_peers_md_is_what_the_committed_figures_say(root):
    rows = json.loads((root / "docs" / "peers.json").read_text(encoding="utf-8"))["systems"]
    text = (root / "docs" / "peers.md").read_text(encoding="utf-8")
    found = [figures["figures"]["real_right"] for figures in rows.values() if "real_right" in figures["figures"]]
    assert len(found) >= 2
    assert all(f" {share:.3f} " in text for share in found)


def test_the_figures_of_reader_and_retrieval_are_those_of_the_committed_output(root, readme):
    reader = (root / "docs/measured/reader.txt").read_text(encoding="utf-8")
    retrieval = (root / "docs/measured/retrieval.txt").read_text(encoding="utf-8")
    shown = re.findall(r"(?:EM|F1) (\d\d\.\d)", "".join(line for line in readme.splitlines() if "(n 2," in line))
    assert len(shown) >= 8
    assert [figure for figure in shown if f" {figure}" not in reader] == []
    table = readme.split("Finding the passage among")[1].split("`python -m")[0]
    ranks = re.findall(r"\.\d{3}", table)
    assert len(ranks) == 28
    assert [rank for rank in ranks if f"mrr@10 0{rank}" not in retrieval] == []
