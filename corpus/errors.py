"""Every error the system raises on purpose; each says what is wrong, where, and what to do, in two languages.

QaError                      exit code 1
├── CorpusError              a source cannot be read
│   └── FolderError          a folder cannot be listed
├── StoreError               the index is missing, damaged, or made by something else
├── ModelError               an encoder or a reader cannot be loaded
└── InputError               a question, citation or option that cannot be used (exit code 2)
"""

from pathlib import Path


class QaError(Exception):
    """Base of the tree: a Vietnamese and an English message, and the exit code the command line gives it."""

    exit_code = 1

    def __init__(self, vi: str, en: str) -> None:
        """Keep both messages; `str(error)` is the English one."""
        super().__init__(en)
        self.vi = vi
        self.en = en

    def in_language(self, language: str) -> str:
        """Return the message in `language` (`vi` or `en`)."""
        return self.vi if language == "vi" else self.en


class CorpusError(QaError):
    """A file or folder cannot be read as an article."""


class FolderError(CorpusError):
    """A folder cannot be listed; what lies below `folder` is unknown."""

    def __init__(self, vi: str, en: str, folder: Path) -> None:
        """Keep both messages and the folder."""
        super().__init__(vi, en)
        self.folder = folder


class StoreError(QaError):
    """The index cannot be used as it is."""


class ModelError(QaError):
    """A model's files are missing, damaged or of another kind."""


def lost(path: Path) -> ModelError:
    """Say that a file which is part of this program is missing or damaged, and how to have it back."""
    return ModelError(
        f"{path}: tệp thiếu hoặc bị hỏng. Hãy lấy lại kho mã và cài lại (`make install`).",
        f"{path}: the file is missing or damaged. Fetch the repository again and reinstall (`make install`).",
    )


class InputError(QaError):
    """What the user typed cannot be used."""

    exit_code = 2


def unwritable(path: Path, error: OSError) -> InputError:
    """Say that a file or folder cannot be made where the user wants it."""
    reason = error.strerror or type(error).__name__
    return InputError(f"{path}: không ghi được ({reason}).", f"{path}: cannot be written ({reason}).")
