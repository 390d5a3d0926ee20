"""A reader by name: the shipped one, a folder, or any that transformers loads."""

from pathlib import Path

from qa.reading.onnx import ONNX_FILE, SHIPPED, SHIPPED_FOLDER, Reader
from qa.reading.spans import SpanReader


def load_reader(name: str = SHIPPED, *, hub: bool = False) -> SpanReader:
    """Load the shipped reader, a directory of its layout, or any reader that transformers loads.

    `hub` says that the name was typed on this command line and may be one of the hub's; any other leads to a directory
    or nowhere. `ModelError` if there is none of that name. The shipped one and its like are opened on first use.
    """
    folder = SHIPPED_FOLDER if name == SHIPPED else Path(name)
    if name == SHIPPED or ((folder / ONNX_FILE).is_file() and (folder / "tokenizer.json").is_file()):
        return Reader(folder)
    from qa.reading.transformers_reader import open_reader

    return open_reader(str(folder.resolve()) if folder.is_dir() else name, hub=hub)
