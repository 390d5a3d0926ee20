"""Articles: files on disk → `Article` → `Passage`."""

from pathlib import Path

from corpus.offline import stay_offline

stay_offline()


def sample_folder() -> Path:
    """The sample corpus: short articles written for this project."""
    return Path(__file__).parent / "sample"
