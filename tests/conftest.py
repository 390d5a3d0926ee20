"""What every test may use: the program, the two corpora, the shipped encoder, and an index of the sample corpus."""

import contextvars
import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import corpus  # noqa: F401 - first of all: a test that begins with torch or onnxruntime is offline, too

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "corpus"
OURS = ("QA_INDEX", "QA_READER", "QA_LANG", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "TTY_COMPATIBLE")

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
