"""What every test may use: the program, the two corpora, the shipped encoder, and an index of the sample corpus."""

import contextvars
import io
import re
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import corpus  # noqa: F401 - first of all: a test that begins with torch or onnxruntime is offline, too

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "corpus"
OURS = ("QA_INDEX", "QA_READER", "QA_LANG", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "TTY_COMPATIBLE")

# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt), and symbols that are drawn as nothing.
IGNORED = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\u2800\ufffc\U00013441\U00013442\U00016fe4\U0001d159"
)
UNSEEN = re.compile(f"[{IGNORED}]")

settings.register_profile(
    "house", max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: needs torch or many seconds; leave out with -m 'not slow'")


@pytest.fixture(scope="session")
def root():
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def unseen():
    """List the characters of printed text that act, or are there without being seen, or pile up; but line feeds."""

    def find(text):
        found, marks = [], 3
        for c in text:
            kind = unicodedata.category(c)
            marks = marks + 1 if kind in ("Mn", "Me") else 3 if kind[0] in "CZ" else 0
            is_space = kind[0] == "Z" and c != " "
            if c != "\n" and ((marks > 3 and kind[0] == "M") or kind[0] == "C" or is_space or UNSEEN.match(c)):
                found.append(c)
        return found

    return find


@pytest.fixture(scope="session")
def sample_corpus():
    """The articles that come with the project."""
    return ROOT / "corpus" / "sample"


@pytest.fixture(scope="session")
def shared_corpus():
    """The five real articles, which are not ours to copy: absent on other machines."""
    if not SHARED.is_dir():
        pytest.skip(f"the real articles are not here: {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def encoder():
    """The shipped encoder, loaded once."""
    from index.encoder import load_encoder

    return load_encoder()


@pytest.fixture(scope="session")
def sample_index(sample_corpus, encoder, tmp_path_factory):
    """The folder of an index of the sample corpus. Read it; copy it to change it."""
    from index.build import build_index

    directory = tmp_path_factory.mktemp("sample") / "index"
    build_index([sample_corpus], directory, encoder)
    return directory


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run of the program left: its exit code and what it wrote."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def ran():
    """The class of what a run of the program left."""
    return Ran


@pytest.fixture(scope="session")
def own_variables():
    """The environment variables that the program heeds."""
    return OURS


@pytest.fixture(scope="session")
def qa():
    """Run the program in this process: `qa("status", "--index", path, QA_LANG="en")`."""

    def run(*arguments, **environment):
        from evals import cli

        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
        with pytest.MonkeyPatch.context() as patch:
            for name in OURS:
                patch.delenv(name, raising=False)
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["qa", *map(str, arguments)])
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            try:
                contextvars.copy_context().run(cli.main)
                code = 0
            except SystemExit as stop:
                code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        texts = []
        for stream in (out, err):
            stream.flush()
            texts.append(stream.buffer.getvalue().decode())
        return Ran(code, *texts)

    return run
