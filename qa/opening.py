"""Index and models → an `Answerer`. Light by itself: what it opens is imported while the models' files are read."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import InputError, ModelError
from corpus.visible import visible

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.search import Index
    from qa.answer import Answerer
    from qa.reading.spans import SpanReader

NAME_SHOWN = 300
PLAIN = re.compile(r"[A-Za-z0-9_/.:\\][\w./:\\-]{0,299}")


def open_index(directory: Path) -> "Index":
    """Open the current generation of an index directory."""
    from index.search import Index

    return Index.open(directory)


def open_answerer(
    directory: Path | str, *, min_confidence: float | None = None, model: str | None = None, reader: str | None = None
) -> "Answerer":
    """Open an index with the models that search and read it, the models' files read while FAISS loads.

    `min_confidence` is the threshold (0 to 1) below which nothing is answered, `model` and `reader` are other models
    than the shipped ones. `StoreError`, `ModelError` or `InputError` says what cannot be opened.

    >>> open_answerer(".qa").ask("Ai là Cục trưởng Cục Ngoại vụ năm 2018?").answers[0].text  # doctest: +SKIP
    'Nguyễn Hoàng Long'
    """
    from concurrent.futures import ThreadPoolExecutor
    from dataclasses import replace

    from index.store import current_generation

    directory = Path(directory)
    encoder = open_encoder(current_generation(directory)[1].encoder, model)
    read_by = open_reader(reader)
    with ThreadPoolExecutor(2) as pool:
        loading = [pool.submit(each.warm) for each in (encoder, read_by) if hasattr(each, "warm")]
        from qa.answer import Answerer

        opened = open_index(directory)
        for done in loading:
            done.result()
    from qa.ranking.confidence import shipped_calibration

    calibration = shipped_calibration()
    if min_confidence is not None:
        if not 0 <= min_confidence <= 1:  # "nan" passes the option's own range
            raise InputError("--min-confidence: phải từ 0 đến 1.", "--min-confidence: must be 0 to 1.")
        calibration = replace(calibration, threshold=min_confidence)
    return Answerer(opened, encoder, read_by, calibration=calibration)


def open_encoder(made_with: str, model: str | None) -> "Encoder":
    """Open the encoder of an index: what `--model` names on this command line, else the shipped one.

    `made_with` is what the index says it was made with. It may come from anybody, so it is shown and never opened.
    """
    from index.encoder import SHIPPED, load_encoder

    if model:
        return load_encoder(model, hub=True)
    if made_with != SHIPPED:
        name = visible(made_with[:NAME_SHOWN], inline=True)
        option = f"--model {name}" if PLAIN.fullmatch(made_with) else "--model …"  # nothing that a shell would obey
        raise ModelError(
            f"Theo thông tin trong chỉ mục, nó được tạo bằng mô hình {name}; chương trình chỉ mở mô hình "
            f"mà bạn nêu trên dòng lệnh. Nếu tin mô hình ấy, hãy thêm: {option}. Hoặc tính lại bằng mô hình đi kèm: "
            "`qa index THƯ_MỤC_BÀI_VIẾT --model shipped`.",
            f"This index says it was made with the model {name}; only a model that you name on the command line is "
            f"opened. If you trust that one, add: {option}. Or embed anew with the shipped model: "
            "`qa index YOUR_ARTICLES --model shipped`.",
        )
    return load_encoder()


def open_reader(named: str | None) -> "SpanReader":
    """Open the reader that `--reader` names on this command line, the folder in `QA_READER`, or the shipped one."""
    from qa.reading.load import load_reader
    from qa.reading.onnx import SHIPPED

    if named:
        return load_reader(named, hub=True)
    return load_reader(os.environ.get("QA_READER") or SHIPPED)
