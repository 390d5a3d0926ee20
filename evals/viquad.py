"""Public question sets as a corpus of files and a list of questions, so that the whole way is measured on them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import unwritable
from index.training.examples import Example, read_examples

ZIP = "viquad-1.0/ViQuAD1.0.zip"


@dataclass(frozen=True, slots=True)
class ContextCorpus:
    """Contexts written as articles; `articles[context]` is the file name of each."""

    folder: Path
    articles: dict[str, str]


def read_viquad(root: Path, part: str) -> list[Example]:
    """Read ViQuAD 1.0 `train`, `dev` or `test` from the data folder."""
    return read_examples(root / ZIP, f"ViQuAD1.0/{part}_ViQuAD.json")


def write_contexts(examples: Sequence[Example], folder: Path) -> ContextCorpus:
    """Write each distinct context as a file of `folder`, its title in the front matter."""
    try:
        return _write_contexts(examples, folder)
    except OSError as error:
        raise unwritable(folder, error) from error


def _write_contexts(examples: Sequence[Example], folder: Path) -> ContextCorpus:
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.md"):  # of an earlier set of the same name
        left.unlink()
    articles: dict[str, str] = {}
    for example in examples:
        if example.context in articles:
            continue
        name = f"{len(articles):05}.md"
        title = json.dumps(example.title, ensure_ascii=False)  # a JSON string is a YAML string
        (folder / name).write_text(f"---\ntitle: {title}\n---\n{example.context}\n", encoding="utf-8")
        articles[example.context] = name
    return ContextCorpus(folder, articles)
