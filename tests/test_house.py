"""The rules of the house that a machine can keep."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("corpus", "index", "qa", "evals")
SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in SOURCES]
ABOVE = {
    "corpus": {"index", "qa", "evals", "tests"},
    "index": {"qa", "evals", "tests"},
    "qa": {"evals", "tests"},
    "evals": {"tests"},
}
FORBIDDEN_KEYWORDS = {"shell", "allow_pickle"}

# The rooms of qa/, each of which may import those before it. `citing` stands beside them and knows corpus and index
# only; `training` makes what they read. What is shown is the commands' business.
ROOMS = (
    "vietnamese", "question", "wording", "reading", "ranking", "result", "answer", "opening", "timeline", "show",
    "commands", "cli",
)  # fmt: skip
SHOWING = {"commands", "cli", "show"}

every_source = pytest.mark.parametrize("name", NAMES)


@cache
def tree(name):
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


def imported(name):
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def test_the_four_folders_have_sources():
    assert {name.split("/")[0] for name in NAMES} == set(FOLDERS)


@every_source
def test_imports_go_one_way_only(name):
    above = ABOVE[name.split("/")[0]]
    assert [module for module in imported(name) if module.split(".")[0] in above] == []


def room(module):
    """Return the room of a module of qa, or the file that is a room of its own."""
    return module.split(".")[1] if module.count(".") else ""


def test_a_room_imports_only_rooms_below_it():
    wrong = []
    for name in NAMES:
        here = room(name.removesuffix(".py").replace("/", "."))
        if not name.startswith("qa/") or here in ("", "__init__", "training"):
            continue
        for module in {module for module in imported_whole(name) if module.startswith("qa.")}:
            there = room(module)
            if there == here:
                continue
            if (
                here == "citing"
                or (there != "citing" and ROOMS.index(there) > ROOMS.index(here))
                or (there == "show" and here not in SHOWING)
            ):
                wrong.append((name, module))
    assert wrong == []


MODULES = {name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): name for name in NAMES}


def imported_whole(name):
    """Yield what is imported; a module out of its package (`from qa.ranking import kind`) by its whole name."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.ImportFrom) and node.module:
            wholes = {alias: f"{node.module}.{alias}" for alias in (alias.name for alias in node.names)}
            yield from (whole if whole in MODULES else node.module for whole in wholes.values())
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_no_module_is_imported_by_what_it_imports():
    """No circle, of any length, within the four folders; what is imported to name a type counts, too."""
    needs = {module: {m for m in imported_whole(name) if m in MODULES} - {module} for module, name in MODULES.items()}
    while free := {module for module, needed in needs.items() if not needed}:
        needs = {module: needed - free for module, needed in needs.items() if module not in free}
    assert needs == {}


@every_source
def test_nothing_unpickles(name):
    modules = {module.split(".")[0] for module in imported(name)}
    assert modules & {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal"} == set()


@every_source
def test_nothing_runs_text_as_code_or_as_a_command(name):
    calls = [node for node in ast.walk(tree(name)) if isinstance(node, ast.Call)]
    names = [node.func.id for node in calls if isinstance(node.func, ast.Name)]
    dotted = [ast.unparse(node.func) for node in calls if isinstance(node.func, ast.Attribute)]
    assert set(names) & {"eval", "exec", "compile", "__import__"} == set()
    assert set(dotted) & {"os.system", "os.popen", "yaml.load", "yaml.unsafe_load", "yaml.full_load"} == set()


@every_source
def test_no_call_asks_for_a_shell_or_for_pickles(name):
    asked = [
        f"line {node.lineno}: {keyword.arg}"
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in FORBIDDEN_KEYWORDS
        and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
    ]
    assert asked == []


@every_source
def test_torch_loads_weights_only(name):
    calls = [
        node for node in ast.walk(tree(name)) if isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.load"
    ]
    safe = [{k.arg: ast.unparse(k.value) for k in node.keywords}.get("weights_only") for node in calls]
    assert safe == ["True"] * len(calls)


@every_source
def test_every_module_says_what_it_does(name):
    if (ROOT / name).read_text(encoding="utf-8").strip():
        assert ast.get_docstring(tree(name))


@every_source
def test_no_module_is_a_drawer_for_odds_and_ends(name):
    assert Path(name).stem not in {"utils", "util", "helpers", "misc", "common"}


def loaded_after(statement):
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("statement", "left_out"),
    [
        (
            "import qa.answer, index.search, qa.reading.load",
            {"torch", "transformers", "sentence_transformers", "matplotlib"},
        ),
        ("import qa.timeline.build, qa.show.timeline, qa.show.plot", {"torch", "transformers", "rich", "matplotlib"}),
        ("from qa import open_answerer", {"numpy", "faiss", "onnxruntime", "rich", "torch"}),
        ("import index.build, index.encoder", {"torch", "transformers", "sentence_transformers"}),
        ("import qa.cli", {"numpy", "faiss", "onnxruntime", "rich", "torch", "yaml", "rapidfuzz", "tokenizers"}),
        ("import evals.cli", {"numpy", "matplotlib"}),
        ("import corpus.read, corpus.split", {"numpy", "torch", "rich"}),
    ],
)
def test_an_import_leaves_out_what_it_does_not_need(statement, left_out):
    assert loaded_after(statement) & left_out == set()
