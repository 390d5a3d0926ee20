"""What is wrong with this installation, and how to mend it: one check a function, each on the real thing."""

import importlib.metadata
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.article import Passage
from corpus.errors import ModelError, QaError, StoreError
from index.encoder import CHECKSUMS, load_encoder
from index.encoder import SHIPPED_FOLDER as ENCODER_FOLDER
from index.search import Index
from index.store import CURRENT, check_files, current_generation, hash_file
from qa.reader import SHIPPED_FOLDER as READER_FOLDER
from qa.reader import Reader

PACKAGES = ("numpy", "faiss-cpu", "onnxruntime", "tokenizers", "typer", "rich", "PyYAML", "filelock", "rapidfuzz")
OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, and in `mend` what to do about it (empty when all is well)."""

    name: str
    found: str
    mend: QaError | None = None


def examine(directory: Path) -> Iterator[Check]:
    """Run every check; a failing one never stops the next."""
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("Python", _python),
        ("packages", _packages),
        ("encoder files", lambda: _files(ENCODER_FOLDER)),
        ("reader files", lambda: _files(READER_FOLDER)),
        ("encoder", _encoder),
        ("reader", _reader),
        ("index", lambda: _index(directory)),
        ("index folder", lambda: _writable(directory)),
    )
    for name, check in checks:
        try:
            yield Check(name, check())
        except QaError as error:
            yield Check(name, "", error)


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


def _files(folder: Path) -> str:
    try:
        lines = (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise _reinstall(folder / CHECKSUMS) from error
    for line in lines:
        digest, name = line.split(maxsplit=1)
        path = folder / name
        if not path.is_file() or hash_file(path) != digest:
            raise _reinstall(path)
    return f"{len(lines)} · {sum((folder / line.split(maxsplit=1)[1]).stat().st_size for line in lines) / 1e6:.1f} MB"


def _reinstall(path: Path) -> ModelError:
    return ModelError(
        f"{path}: tệp mô hình thiếu hoặc bị hỏng. Hãy lấy lại kho mã và cài lại (`make install`).",
        f"{path}: a model file is missing or damaged. Fetch the repository again and reinstall (`make install`).",
    )


def _encoder() -> str:
    encoder = load_encoder()
    query = encoder.encode(["Ai là Cục trưởng Cục Ngoại vụ?"], kind="query")
    near, far = encoder.encode(["Cục trưởng Cục Ngoại vụ phát biểu.", "Giá vàng hôm nay tăng."], kind="passage")
    if not np.isfinite(query).all() or float(query[0] @ near) <= float(query[0] @ far):
        raise ModelError("Mô hình nhúng cho kết quả vô lý. Hãy cài lại.", "The encoder gives nonsense. Reinstall it.")
    return f"{encoder.dimension} · {encoder.fingerprint[:12]}"


def _reader() -> str:
    text = "Thủ đô của nước Pháp là thành phố Paris."
    ((span, *_),) = Reader().read("Thủ đô của Pháp là gì?", [Passage("-", 0, len(text), text, "")])
    if "Paris" not in span.text:
        raise ModelError("Mô hình đọc cho kết quả vô lý. Hãy cài lại.", "The reader gives nonsense. Reinstall it.")
    return Reader().fingerprint[:12]


def _index(directory: Path) -> str:
    if not (directory / CURRENT).exists():
        return "-"
    folder, manifest = current_generation(directory)
    check_files(folder, manifest, limit=None)
    index = Index.open(directory)
    index.check_encoder(load_encoder(manifest.encoder))
    return f"{manifest.articles} · {manifest.passages} · {manifest.encoder}"


def _writable(directory: Path) -> str:
    parent = next(p for p in (directory.absolute(), *directory.absolute().parents) if p.exists())
    if not os.access(parent, os.W_OK):
        raise StoreError(
            f"{parent}: không ghi được. Hãy cho quyền ghi, hoặc chọn nơi khác với --index.",
            f"{parent}: not writable. Give write permission, or choose another place with --index.",
        )
    return str(parent)
