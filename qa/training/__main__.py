"""Trains the shipped reader: `python -m qa.training`.

Three stages: English reading comprehension; Vietnamese with unanswerable questions, in short windows; then Vietnamese
in windows as long as the index's passages, with more passages that hold no answer and English not yet seen. Each goes
on from its checkpoint when it was cut off, and is passed over when its folder holds a model. `--vietnamese FILE` trains
on SQuAD-format files of your own instead, and on no English unless `--english-epochs` asks for it.
"""

import random
from pathlib import Path
from typing import Annotated

import torch
import typer
from tokenizers import Tokenizer

from index.training.examples import Example, read_examples, unique_contexts
from qa.training import data
from qa.training.features import Feature, encode_all
from qa.training.loop import Recipe, load_base, train

ENGLISH = ("transfer/squad1-en-A.jsonl.gz", "transfer/squadshifts-en.jsonl.gz")
ENGLISH_LIMIT = {"transfer/squadshifts-en.jsonl.gz": 4000}
ENGLISH_TOKENS = 176
MORE_ENGLISH = ("transfer/squad1-en-B.jsonl.gz", "transfer/squadshifts-en.jsonl.gz")
MORE_ENGLISH_SKIPPED = {"transfer/squadshifts-en.jsonl.gz": 4000}
MORE_ENGLISH_LIMIT = 4000
SHORT_WINDOWS = (208, 160)
LONG_RATE = 1.2e-4
LONG = data.Mix(negatives=0.4, unaccented=0.18)


def english_examples(root: Path, *, seed: int) -> list[Example]:
    """Return the English stage's questions: SQuAD pieces and a sample of SQuADShifts."""
    examples: list[Example] = []
    for name in ENGLISH:
        read = read_examples(root / name)
        random.Random(seed).shuffle(read)
        examples += read[: ENGLISH_LIMIT.get(name)]
    return examples


def more_english(root: Path, *, seed: int) -> list[Example]:
    """Return English questions that the first stage hasn't seen."""
    examples: list[Example] = []
    for name in MORE_ENGLISH:
        read = read_examples(root / name)
        random.Random(seed).shuffle(read)
        skipped = MORE_ENGLISH_SKIPPED.get(name, 0)
        examples += read[skipped : skipped + MORE_ENGLISH_LIMIT]
    return examples


def main(
    data_root: Annotated[Path, typer.Option("--data", help="Folder of the data sets.")] = Path("../shared/data"),
    encoder: Annotated[Path, typer.Option(help="The fp32 encoder to start from (python -m index.training).")] = Path(
        ".models/encoder"
    ),
    out: Annotated[Path, typer.Option(help="Where the fp32 reader is written.")] = Path(".models/reader"),
    vietnamese: Annotated[list[Path] | None, typer.Option(help="SQuAD-format files instead of --data's.")] = None,
    english_epochs: Annotated[
        float | None, typer.Option(help="English epochs; 1 unless given, 0 with --vietnamese.")
    ] = None,
    epochs: Annotated[float, typer.Option(help="Epochs in short windows.")] = 2.0,
    long_epochs: Annotated[float, typer.Option(help="Epochs in long windows.")] = 0.85,
    long_tokens: int = 288,
    threads: int = 2,
    seed: int = 1,
) -> None:
    """Train the span reader: an English stage, if there is one, then the Vietnamese."""
    if english_epochs is None:
        english_epochs = 0.0 if vietnamese else 1.0
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    base = encoder
    if english_epochs:
        base = out / "english"
        if not (base / "model.safetensors").exists():
            rng = random.Random(seed)
            examples = english_examples(data_root, seed=seed)
            features = encode_all([(e, "") for e in examples], tokenizer, rng=rng, max_tokens=ENGLISH_TOKENS, say=_say)
            recipe = Recipe(epochs=english_epochs, learning_rate=2e-4, seed=seed)
            train(load_base(encoder), lambda _: features, base, recipe=recipe, say=_say)
    if vietnamese:
        read = [e for path in vietnamese for e in read_examples(path)]
        answerable, unanswerable = [e for e in read if e.answers], [e for e in read if not e.answers]
        pool = unique_contexts(read)
    else:
        answerable, unanswerable, pool = data.vietnamese_examples(data_root)
    near = data.mine(answerable, pool)
    _say(f"{len(answerable)} answerable, {len(unanswerable)} not, {len(pool)} passages to mine from")

    def features_of(number: int) -> list[Feature]:
        rng = random.Random(seed * 1000 + number)
        drawn = list(data.epoch(answerable, unanswerable, near, rng=rng, mix=data.Mix()))
        return encode_all(drawn, tokenizer, rng=rng, max_tokens=SHORT_WINDOWS[min(number, 1)], say=_say)

    short = out / "short"
    if not (short / "model.safetensors").exists():
        train(load_base(base), features_of, short, recipe=Recipe(epochs=epochs, seed=seed), say=_say)

    def long_features_of(number: int) -> list[Feature]:
        rng = random.Random(seed * 2000 + number)
        drawn = list(data.epoch(answerable, unanswerable, near, rng=rng, mix=LONG))
        if english_epochs and not number:
            drawn += [(example, "") for example in more_english(data_root, seed=seed)]
        return encode_all(drawn, tokenizer, rng=rng, max_tokens=long_tokens, say=_say)

    if not (out / "tokenizer.json").exists():
        recipe = Recipe(epochs=long_epochs, learning_rate=LONG_RATE, seed=seed + 1)
        train(load_base(short), long_features_of, out, recipe=recipe, say=_say)
        tokenizer.save(str(out / "tokenizer.json"))


def _say(line: str) -> None:
    typer.echo(line)


if __name__ == "__main__":
    typer.run(main)
