"""What every test may use: the two corpora, the shipped encoder, and an index of the sample corpus."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "corpus"

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
