"""The documents do not drift: tables are those of the committed figures, examples and names those of the program."""

import importlib.util
import json
import re
import shlex

import pytest
import typer.main

from evals.bench.table import SHORT, read_all, table
from evals.cli import app
from evals.reference import page
from evals.score import METRICS
from tests.index.crafted import CASES

OURS = ("README.md", "CONTRIBUTING.md", "docs/answers.md", "docs/cli.md", "docs/evaluation.md", "docs/models.md",
        "docs/quality.md")  # fmt: skip
CHECKED = (*OURS, "docs/security.md", "qa/model/README.md", "index/model/README.md")
WIDTH = 120
FOLDERS = ("corpus", "index", "qa", "evals", "tests", "docs")
SURE = re.compile(r"(tin cậy +)\d+(?=%)|(\"confidence\": )[\d.]+")  # differs a little from one processor to the next


@pytest.fixture(scope="module")
def read(root):
    """Return the text of a document."""
    return lambda name: (root / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", OURS)
def test_no_line_is_wider_than_a_screen(name, read):
    assert [line for line in read(name).splitlines() if len(line) > WIDTH] == []


@pytest.mark.parametrize(("name", "metrics"), [("README.md", SHORT), ("docs/quality.md", METRICS)])
def test_the_scores_are_those_of_the_committed_runs(name, metrics, root, read):
    """`python -m evals.bench.table` prints the README's table, with `--all` the other."""
    baselines = read_all(root / "evals" / "baselines")
    assert len(baselines) > 5
    assert "\n".join(table(baselines, metrics)) in read(name)


def test_the_command_line_is_described_as_it_is(read):
    assert read("docs/cli.md") == page()


def test_every_command_is_named_in_the_readme(read):
    commands = typer.main.get_command(app).commands
    readme = read("README.md")
    assert [name for name in commands if f"qa {name}" not in readme] == []
    assert [name for name in commands["eval"].commands if f"qa eval {name}" not in readme] == []


@pytest.mark.parametrize("name", CHECKED)
def test_every_link_leads_to_a_file(name, root, read):
    links = re.findall(r"\]\(([^)#:]+)\)", read(name))
    assert [link for link in links if not (root / name).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("name", CHECKED)
def test_every_file_named_is_there(name, root, read):
    """In a row of several only the first has its folder in front."""
    wrong = []
    for line in read(name).splitlines():
        folder = root
        for told in re.findall(r"`([\w./-]+(?:\.\w+|/))`", line):
            if told.split("/")[0] in FOLDERS:
                folder = (root / told).parent
                wrong += [told] * (not (root / told).exists())
            elif folder != root and told.endswith(".py"):
                wrong += [told] * (not (folder / told).exists())
    assert wrong == []


@pytest.mark.parametrize("name", CHECKED)
def test_every_module_and_target_named_can_be_run(name, root, read):
    modules = set(re.findall(r"python -m ((?:index|qa|evals)[\w.]*)", read(name)))
    assert [module for module in modules if importlib.util.find_spec(module) is None] == []
    targets = set(re.findall(r"(?:`|^ {4})make ([a-z-]+)", read(name), flags=re.M))
    makefile = read("Makefile")
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, flags=re.M)] == []


def test_every_option_named_beside_a_command_is_one(read):
    described = dict(re.findall(r"^## (qa[\w ]*)\n(.*?)(?=^## |\Z)", page(), flags=re.M | re.S))
    wrong = []
    for name in OURS:
        for command, rest in re.findall(r"(qa (?:eval )?[a-z]+)( [^`\n]*)", read(name)):
            if command in described:
                options = re.findall(r"(?<= )--?[a-z][\w-]*", rest.split(" # ")[0])
                wrong += [f"{command} {option}" for option in options if option not in described[command]]
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["README.md", "docs/answers.md"])
def test_an_example_is_what_the_program_prints(name, read, qa, sample_index):
    """White space apart, since a terminal breaks lines; "…" on a line of its own stands for lines left out."""
    examples = list(examples_of(read(name)))
    assert len(examples) > 1
    wrong = []
    for command, shown in examples:
        done = qa(*shlex.split(command)[1:], "--index", sample_index)
        printed = " ".join(SURE.sub(r"\1\2", done.err + done.out).split())
        parts = [" ".join(SURE.sub(r"\1\2", part).split()) for part in re.split(r"^ *…$", shown, flags=re.M)]
        if not re.fullmatch(".*".join(map(re.escape, parts)), printed):
            wrong.append((command, printed))
    assert wrong == []


def examples_of(text):
    """Yield the `qa` commands shown with what they print."""
    for block in re.findall(r"(?:^ {4}.*\n|^\n(?= {4}))+", text, flags=re.M):
        yield from re.findall(r"^ {4}\$ (qa .*)\n((?:(?! {4}\$ ).*\n?)*)", block, flags=re.M)


def test_the_promises_name_as_many_crafted_indexes_as_there_are(read):
    for name in ("README.md", "docs/security.md"):
        assert f"{len(CASES)} crafted indexes" in read(name)


def test_peers_md_is_what_the_committed_figures_say(read):
    rows = json.loads(read("docs/peers.json"))["systems"]
    text = read("docs/peers.md")
    found = [figures["figures"]["real_right"] for figures in rows.values() if "real_right" in figures["figures"]]
    assert len(found) >= 2
    assert all(f" {share:.3f} " in text for share in found)


def test_the_figures_of_reader_and_retrieval_are_those_of_the_committed_output(read):
    reader, retrieval, quality = map(
        read, ("docs/measured/reader.txt", "docs/measured/retrieval.txt", "docs/quality.md")
    )
    rows = [line for line in quality.splitlines() if "(n " in line]
    shown = re.findall(r"(?:EM|F1) (\d\d\.\d)", "".join(rows))
    assert len(shown) == 12
    assert [figure for figure in shown if f" {figure}" not in reader] == []
    ranks = re.findall(r"\.\d{3}", quality.split("Finding the passage among")[1].split("`python -m")[0])
    assert len(ranks) == 28
    assert [rank for rank in ranks if f"mrr@10 0{rank}" not in retrieval] == []
