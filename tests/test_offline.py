"""Nothing leaves the computer, and nothing is written beside index, runs and what was asked for.

Three ways to watch a process: Python's own audit events (everywhere), the calls of the system (`strace`), and a
network namespace without interfaces. After each, the folders that stand for home and temporary files are looked at.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.offline import SWITCHES, WANTED, is_hub_name

HERE = Path(__file__).resolve().parent / "offline"
FOLDERS = ("corpus", "index", "qa", "evals")
SECONDS = 600
LIFE = 40  # onnxruntime looks a host up after some 25 s
MADE = {".qa", ".qa-runs", "articles", "batch.jsonl", "set.jsonl", "timeline.svg", "page.html", "plain", "model"}
CALLS = "trace=%network,openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,symlink,link"


@pytest.fixture
def world(tmp_path, sample_corpus):
    """A folder with a home, a place for temporary files and a working directory, each with nothing of ours in it."""
    for name in ("home", "tmp", "work"):
        (tmp_path / name).mkdir()
    shutil.copytree(sample_corpus, tmp_path / "work" / "articles")
    return tmp_path


def hostile(world, root):
    """An environment that asks for all that is not to be, and for nothing else."""
    home = world / "home"
    places = {"XDG_CACHE_HOME": ".cache", "XDG_CONFIG_HOME": ".config", "XDG_DATA_HOME": ".share", "HF_HOME": "hf",
              "MPLCONFIGDIR": "mpl", "TORCHINDUCTOR_CACHE_DIR": "torch"}  # fmt: skip
    return {
        **dict.fromkeys(SWITCHES, "0"),
        **{name: str(home / folder) for name, folder in places.items()},
        "HOME": str(home), "USERPROFILE": str(home), "TMPDIR": str(world / "tmp"), "TEMP": str(world / "tmp"),
        "PATH": os.environ["PATH"], "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""), "PYTHONPATH": str(root),
        "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "HF_TOKEN": "hf_secret",
    }  # fmt: skip


def run(world, environment, *command, before=()):
    done = subprocess.run(
        [*before, sys.executable, *command], cwd=world / "work", env=environment, capture_output=True, timeout=SECONDS
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]


def audited(world, root, *command):
    """Run Python and return what its audit events say."""
    log = world / "audit.log"
    watch = {"WATCH_LOG": str(log), "WATCH_INSIDE": str(world), "PYTHONPATH": os.pathsep.join((str(HERE), str(root)))}
    run(world, {**hostile(world, root), **watch}, *command)
    return log.read_text().splitlines()


def traced(world, root, *command):
    """Run Python and return the system calls that reach out, or change a file outside."""
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    log = world / "strace.log"
    run(
        world, hostile(world, root), *command, before=("strace", "-f", "-y", "-qq", "-s", "400", "-e", CALLS, "-o", log)
    )
    return [line for line in log.read_text(errors="replace").splitlines() if is_bad_call(line, world)]


def in_namespace(world, root, *command):
    """Run Python where there is no network; what is written where is seen afterwards."""
    before = ("unshare", "-rn")
    if not shutil.which("unshare") or subprocess.run([*before, "true"], capture_output=True).returncode:
        pytest.skip("no network namespace can be made here")
    run(world, hostile(world, root), *command, before=before)
    return []


def is_bad_call(line, world):
    """Tell whether a line of strace is a network call that is not local, or a file changed outside the world."""
    name = re.match(r"\d+ +(\w+)\(", line)
    if not name or " = -1 " in line or "resumed>" in line:
        return bool(name) and name[1] == "connect" and "AF_UNIX" not in line
    if name[1] in ("socket", "connect", "bind", "sendto", "sendmsg"):
        return not re.search(r"AF_UNIX|<(UNIX|socket:\[)|NULL, 0\)", line) or "AF_INET" in line
    if name[1] in ("open", "openat", "creat"):
        is_writing = name[1] == "creat" or re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", line)
    else:
        is_writing = name[1] in ("mkdir", "mkdirat", "unlink", "unlinkat", "symlink", "link") or "rename" in name[1]
    return bool(is_writing) and not any(is_own(path, world) for path in paths_of(line))


def paths_of(line):
    """Return the paths in a call, those relative to a folder put behind it; the last is what it changes."""
    found = re.findall(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"([^"]*)"', line)
    return [os.path.join(folder, path) for folder, path in found][-1:]


def is_own(path, world):
    # A semaphore is memory, not a file: /dev/shm holds its name for as long as it takes to open it.
    return path.startswith((f"{world}/", "/dev/null", "/dev/shm/sem.", "/proc/self/")) or not path.startswith("/")


def left(world):
    """Return what a run left that nobody asked for: anything at home or among the temporary files."""
    found = [path for name in ("home", "tmp") for path in (world / name).rglob("*")]
    return [*found, *(path for path in (world / "work").iterdir() if path.name not in MADE)]


SEND = "import socket\ntry: socket.getaddrinfo('example.org', 80)\nexcept OSError: pass\n"
WRITE = "import os; open(os.path.expanduser('~/.trace'), 'w').close()"


@pytest.mark.parametrize("watch", [audited, traced])
def test_the_watch_sees_a_process_that_looks_up_a_host(watch, world, root):
    assert watch(world, root, "-c", SEND)


@pytest.mark.parametrize("watch", [audited, traced])
def test_the_watch_sees_a_file_written_outside(watch, world, root, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "file"
    assert watch(world, root, "-c", f"open({str(outside)!r}, 'w').close()")


@pytest.mark.parametrize("watch", [audited, traced, in_namespace])
def test_what_is_left_at_home_is_seen(watch, world, root):
    watch(world, root, "-c", WRITE)
    assert [path.name for path in left(world)] == [".trace"]


def test_no_command_reaches_out_or_writes_outside(world, root):
    assert audited(world, root, HERE / "everything.py", "articles", "0") == []
    assert left(world) == []


@pytest.mark.slow
@pytest.mark.parametrize("watch", [audited, traced, in_namespace])
def test_no_process_does_that_uses_everything_and_lives_on(watch, world, root):
    pytest.importorskip("onnx")
    assert watch(world, root, HERE / "everything.py", "articles", str(LIFE)) == []
    assert left(world) == []


# The switches

FIRST_IMPORT = """
import importlib, json, os, sys
switches, names, hostile = json.loads(sys.argv[1]), json.loads(sys.argv[2]), dict(os.environ)
WATCHED = {"onnxruntime", "torch", "transformers", "sentence_transformers", "huggingface_hub", "matplotlib", "sklearn",
           "onnx", "ir_measures"}
late, met = [], set()

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in WATCHED:
            met.add(name.split(".")[0])
            unset = [key for key in switches if os.environ[key] != switches[key]]
            late.extend(f"{now} imports {name}, {key} is not set" for key in unset)
            raise ImportError(name)

sys.meta_path.insert(0, Watch())
for now in names:
    for name in [name for name in sys.modules if name.split(".")[0] in ("corpus", "index", "qa", "evals")]:
        del sys.modules[name]
    os.environ.update(hostile)
    try:
        importlib.import_module(now)
    except ImportError as error:
        if str(error).split(".")[0] not in WATCHED:
            raise
    late.extend(f"after {now}: {key} is not set" for key in switches if os.environ[key] != switches[key])
print(json.dumps([late, sorted(met)]))
"""


def test_whichever_module_comes_first_the_switches_are_set_before_any_package(world, root):
    sources = sorted(path for folder in FOLDERS for path in (root / folder).rglob("*.py"))
    names = [".".join(path.relative_to(root).with_suffix("").parts) for path in sources if path.stem != "__init__"]
    names += FOLDERS
    done = subprocess.run(
        [sys.executable, "-c", FIRST_IMPORT, json.dumps(SWITCHES), json.dumps(names)],
        cwd=root, env=hostile(world, root), capture_output=True, check=True,
    )  # fmt: skip
    late, met = json.loads(done.stdout)
    assert late == []
    assert "torch" in met


def test_every_switch_is_read_by_a_package_that_is_installed():
    """A name that was misspelt, or given up by a later release, would switch nothing off."""
    site = Path(next(p for p in sys.path if p.endswith("site-packages")))
    unread = set(SWITCHES)
    for package in ("onnxruntime", "huggingface_hub", "transformers", "matplotlib", "torch/_dynamo", "torch/_inductor"):
        for path in (site / package).rglob("*"):
            if unread and path.suffix in (".py", ".so", ".pyd", ".dylib") and path.is_file():
                data = path.read_bytes()
                unread -= {name for name in unread if name.encode() in data}
    assert unread == set()


# Names of models


def test_only_owner_and_name_is_a_hubs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    paths = ["models/mine", "/a/b", "./a", "../a", "~/a", "a", "a/b/c", "C:\\a\\b", "a/", "/a", "", "shipped", "a b/c"]
    assert [name for name in paths if is_hub_name(name)] == []
    assert is_hub_name("intfloat/multilingual-e5-small")


def test_nothing_that_is_code_or_a_pickle_is_fetched():
    from huggingface_hub.utils import filter_repo_objects

    dangerous = ["modeling_x.py", "pytorch_model.bin", "1_Dense/pytorch_model.bin", "a.pkl", "a.pt", "a.ckpt", "a.so"]
    assert list(filter_repo_objects([*dangerous, "config.json"], allow_patterns=list(WANTED))) == ["config.json"]
