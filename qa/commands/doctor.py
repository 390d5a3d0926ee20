"""What is wrong with this installation, and how to mend it: one check a function, each on the real thing.

Every check imports what it needs itself, so that a package that is missing or broken is one finding among the others.
"""

import importlib.metadata
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ModelError, QaError, StoreError, lost

PACKAGES = ("numpy", "faiss-cpu", "onnxruntime", "tokenizers", "typer", "rich", "PyYAML", "filelock", "rapidfuzz")
OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, and in `mend` what to do about it (empty when all is well)."""

    name: str
    found: str
    mend: QaError | None = None


def examine(directory: Path, *, model: str | None = None) -> Iterator[Check]:
    """Run every check; a failing one never stops the next."""
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("Python", _python),
        ("packages", _packages),
        ("encoder files", _encoder_files),
        ("reader files", _reader_files),
        ("rewording files", _rewording_files),
        ("encoder", _encoder),
        ("reader", _reader),
        ("index", lambda: _index(directory, model)),
        ("index folder", lambda: _writable(directory)),
    )
    for name, check in checks:
        try:
            done = Check(name, check())
        except QaError as error:
            done = Check(name, "", error)
        except Exception as error:
            done = Check(name, "", _broken(error))
        yield done


def _broken(error: Exception) -> QaError:
    what = f"{type(error).__name__}: {error}"
    return QaError(f"{what}. Hãy cài lại (`make install`).", f"{what}. Reinstall (`make install`).")


def _python() -> str:
    if sys.version_info < OLDEST_PYTHON:
        raise QaError(
            f"Python {platform.python_version()} quá cũ. Hãy cài Python 3.11 trở lên.",
            f"Python {platform.python_version()} is too old. Install Python 3.11 or newer.",
        )
    return f"{platform.python_version()} · {platform.machine()} · {os.cpu_count()} CPU"


def _packages() -> str:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            raise QaError(
                f"Thiếu gói {name}. Hãy chạy `pip install .` trong thư mục dự án.",
                f"The package {name} is missing. Run `pip install .` in the project's folder.",
            ) from None
    return ", ".join(found)


def _encoder_files() -> str:
    from index.encoder import SHIPPED_FOLDER

    return _files(SHIPPED_FOLDER)


def _reader_files() -> str:
    from qa.reading.onnx import SHIPPED_FOLDER

    return _files(SHIPPED_FOLDER)


def _rewording_files() -> str:
    """Open what questions are reworded by: the counts that accents are put back by, the English glossary."""
    from qa.wording.accents import FILE, read_counts
    from qa.wording.english.words import GLOSSARY, read_glossary

    return f"{FILE.name} {len(read_counts(FILE).words)} · {GLOSSARY.name} {len(read_glossary(GLOSSARY))}"


def _files(folder: Path) -> str:
    from index.encoder import CHECKSUMS
    from index.store import hash_file

    try:
        lines = (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines()
        digests = {folder / name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}
    except (OSError, ValueError) as error:
        raise lost(folder / CHECKSUMS) from error
    if not digests:
        raise lost(folder / CHECKSUMS)
    for path, digest in digests.items():
        if not path.is_file() or hash_file(path) != digest:
            raise lost(path)
    return f"{len(digests)} · {sum(path.stat().st_size for path in digests) / 1e6:.1f} MB"


def _encoder() -> str:
    import numpy as np

    from index.encoder import load_encoder

    encoder = load_encoder()
    query = encoder.encode(["Ai là Cục trưởng Cục Ngoại vụ?"], kind="query")
    near, far = encoder.encode(["Cục trưởng Cục Ngoại vụ phát biểu.", "Giá vàng hôm nay tăng."], kind="passage")
    if not np.isfinite(query).all() or float(query[0] @ near) <= float(query[0] @ far):
        raise ModelError("Mô hình nhúng cho kết quả vô lý. Hãy cài lại.", "The encoder gives nonsense. Reinstall it.")
    return f"{encoder.dimension} · {encoder.fingerprint[:12]}"


def _reader() -> str:
    from corpus.article import Passage
    from qa.reading.onnx import Reader

    text = "Thủ đô của nước Pháp là thành phố Paris."
    reader = Reader()
    (spans,) = reader.read("Thủ đô của Pháp là gì?", [Passage("-", 0, len(text), text, "")])
    if not spans or "Paris" not in spans[0].text:
        raise ModelError("Mô hình đọc cho kết quả vô lý. Hãy cài lại.", "The reader gives nonsense. Reinstall it.")
    return reader.fingerprint[:12]


def _index(directory: Path, model: str | None) -> str:
    from index.search import Index
    from index.store import check_current, has_index
    from qa.opening import open_encoder

    if not has_index(directory):
        return "-"
    check_current(directory)
    index = Index.open(directory)
    manifest = index.manifest
    index.check_encoder(open_encoder(manifest.encoder, model))
    return f"{manifest.articles} · {manifest.passages} · {manifest.encoder}"


def _writable(directory: Path) -> str:
    parent = next(p for p in (directory.absolute(), *directory.absolute().parents) if p.exists())
    if not os.access(parent, os.W_OK):
        raise StoreError(
            f"{parent}: không ghi được. Hãy cho quyền ghi, hoặc chọn nơi khác với --index.",
            f"{parent}: not writable. Give write permission, or choose another place with --index.",
        )
    return str(parent)
