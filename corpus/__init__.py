"""Articles: files on disk → `Article` → `Passage`."""

from pathlib import Path


def sample_folder() -> Path:
    """The sample corpus: short articles written for this project."""
    return Path(__file__).parent / "sample"
