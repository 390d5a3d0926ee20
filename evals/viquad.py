"""Public question sets as a corpus of files and a list of questions, so that the whole way is measured on them."""

import json
from collections.abc import Mapping, Sequence
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


def context_files(examples: Sequence[Example]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the file name of each distinct context, and what each file holds: the title in front, then the context."""
    articles: dict[str, str] = {}
    contents: dict[str, str] = {}
    for example in examples:
        if example.context not in articles:
            articles[example.context] = name = f"{len(articles):05}.md"
            title = json.dumps(example.title, ensure_ascii=False)  # a JSON string is a YAML string
            contents[name] = f"---\ntitle: {title}\n---\n{example.context}\n"
    return articles, contents


def write_articles(contents: Mapping[str, str], folder: Path) -> Path:
    """Write a set's articles into `folder`, in the place of an earlier set's."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob("*.md"):
            left.unlink()
        for name, content in contents.items():
            (folder / name).write_text(content, encoding="utf-8")
    except OSError as error:
        raise unwritable(folder, error) from error
    return folder


def write_contexts(examples: Sequence[Example], folder: Path) -> ContextCorpus:
    """Write each distinct context as a file of `folder`."""
    articles, contents = context_files(examples)
    return ContextCorpus(write_articles(contents, folder), articles)
