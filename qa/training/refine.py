"""Trains a reader a little further, on what officers ask: `python -m qa.training.refine qa/model`.

A short stage that goes on from a trained reader, or from the shipped one (restored to float32): questions made out of
statements of news (offices, numbers, dates, places), passages that have lost the sentence that answers, and enough of
ViQuAD and Zalo for nothing to be forgotten.
"""

import random
from pathlib import Path
from typing import Annotated

import torch
import typer
from tokenizers import Tokenizer

from index.encoder import ONNX_FILE
from index.training.examples import Example
from index.training.restore import restore
from qa.training import data
from qa.training.features import encode_all
from qa.training.loop import Recipe, load_base, train
from qa.training.statements import news_questions, without_sentences

STATEMENTS = 4000
NATIVE = 3000
NATIVE_UNANSWERABLE = 1000
CUT = 700
NEAR = 300
FROZEN = 6
MAX_TOKENS = 224
MIX = data.Mix(negatives=0.0, unaccented=0.12)


def draw(root: Path, *, seed: int) -> list[Example]:
    """Return the stage's questions, in a fixed order."""
    rng = random.Random(seed)
    answerable, unanswerable, pool = data.vietnamese_examples(root)
    asked = rng.sample(answerable, NATIVE + CUT + NEAR)
    cut = [without_sentences(e) for e in asked[NATIVE : NATIVE + CUT]]
    near = [found[0] for found in data.mine(asked[NATIVE + CUT :], pool).values() if found]
    native = asked[:NATIVE] + rng.sample(unanswerable, min(NATIVE_UNANSWERABLE, len(unanswerable)))
    made = news_questions(root / "news", count=STATEMENTS, seed=seed)
    return [e for e in (*native, *cut, *near, *made) if len(e.context) > 80]


def main(
    reader: Annotated[Path, typer.Argument(help="A float32 reader, or a shipped one.")],
    data_root: Annotated[Path, typer.Option("--data", help="Folder of the data sets.")] = Path("../shared/data"),
    out: Annotated[Path, typer.Option(help="Where the float32 reader is written.")] = Path(".models/refined"),
    epochs: Annotated[float, typer.Option(help="How much of the questions is seen.")] = 1.0,
    learning_rate: float = 5e-5,
    threads: int = 2,
    seed: int = 5,
) -> None:
    """Train the stage; a run that was cut off goes on from its checkpoint."""
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    tokenizer = Tokenizer.from_file(str(reader / "tokenizer.json"))
    base = out / "base"
    if (reader / ONNX_FILE).exists() and not (base / "model.safetensors").exists():
        restore(reader).save_pretrained(base)
    rng = random.Random(seed)
    drawn = [data.dress(e, rng=rng, mix=MIX) for e in draw(data_root, seed=seed)]
    features = encode_all(drawn, tokenizer, rng=rng, max_tokens=MAX_TOKENS, say=typer.echo)
    recipe = Recipe(epochs=epochs, learning_rate=learning_rate, tokens=2048, seed=seed, average=0.99, frozen=FROZEN)
    train(load_base(base if base.exists() else reader), lambda _: features, out, recipe=recipe, say=typer.echo)
    tokenizer.save(str(out / "tokenizer.json"))


if __name__ == "__main__":
    typer.run(main)
