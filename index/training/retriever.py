"""Trains the retriever: `python -m index.training.retriever`, from the cut encoder, before it is shipped.

A batch holds passages of a few topics and two questions to most of them; every question has to tell its passage from
all the others (InfoNCE on cosines). Passages of one topic are each other's hard negatives, so none are mined. What is
kept lies between the weights before and after, which finds better than either (Wortsman 2022, arXiv:2109.01903).
`--pairs FILE` trains on questions and passages of your own instead.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from typing import Annotated

import torch
import typer
from tokenizers import Tokenizer
from torch import nn
from transformers import BertModel

from corpus.errors import InputError
from index.training.examples import Example, read_examples
from index.training.loop import (
    CHECKPOINT,
    HAS_BF16,
    SAVE_EVERY_S,
    average,
    copy_weights,
    make_optimizer,
    make_schedule,
    resume,
    save,
)
from index.training.pairs import (
    VIQUAD,
    Item,
    Topics,
    draw_batches,
    dress_passage,
    dress_question,
    english_topics,
    news_topics,
    own_topics,
    question_topics,
)

LOG_EVERY = 20
JUDGE_EVERY = 150
JUDGED = 250
HELD_OUT_EVERY = 10
QUESTIONS_A_PASSAGE = 2
MAX_TOKENS = 320
PAD = 1
SHARE = 0.7
# Of eight batches five are of questions, two of news, one is English.
CYCLE = ("questions", "questions", "news", "questions", "questions", "news", "questions", "english")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run can vary; `passages` is the size of a batch, `mixed` the number of topics in it."""

    steps: int = 600
    learning_rate: float = 5e-5
    weight_decay: float = 0.01
    temperature: float = 0.02
    passages: int = 40
    mixed: int = 3
    average: float = 0.99
    seed: int = 1


Embed = Callable[[Sequence[str]], torch.Tensor]


def embedder(model: BertModel, tokenizer: Tokenizer) -> Embed:
    """Return a function from texts to unit vectors `(n, d)`; texts of like length are run together."""
    device = next(model.parameters()).device

    def run(ids: list[list[int]]) -> torch.Tensor:
        width = max(map(len, ids))
        tokens = torch.tensor([row + [PAD] * (width - len(row)) for row in ids], device=device)
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in ids], device=device)
        with torch.autocast(device.type, torch.bfloat16, enabled=HAS_BF16):
            states = model(input_ids=tokens, attention_mask=mask).last_hidden_state
        states = states.float() * mask[..., None]
        return nn.functional.normalize(states.sum(1) / mask.sum(1, keepdim=True), dim=-1)

    def embed(texts: Sequence[str]) -> torch.Tensor:
        ids = [encoding.ids[:MAX_TOKENS] for encoding in tokenizer.encode_batch_fast(list(texts))]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        parts = [order[i : i + 10] for i in range(0, len(order), 10)]
        vectors = torch.cat([run([ids[i] for i in part]) for part in parts])
        return vectors[torch.tensor(order, device=device).argsort()]

    return embed


def contrast(questions: torch.Tensor, passages: torch.Tensor, gold: torch.Tensor, temperature: float) -> torch.Tensor:
    """Mean cross-entropy of each question's own passage among all of the batch."""
    return nn.functional.cross_entropy(questions @ passages.T / temperature, gold)


def endless(topics: Topics, recipe: Recipe, *, salt: int) -> Iterator[list[Item]]:
    """Yield batches for ever, drawn anew in each round."""
    if not any(topics.values()):
        raise ValueError("there is nothing to learn from")
    for turn in count():
        rng = random.Random(recipe.seed * 1000 + salt + turn)
        yield from draw_batches(topics, size=recipe.passages, mixed=recipe.mixed, rng=rng)


def batches(sources: dict[str, Topics], recipe: Recipe) -> Iterator[tuple[list[str], list[str], list[int]]]:
    """Yield `(questions, passages, gold)`: `gold[i]` is the number of the passage that question `i` is about."""
    streams = {name: endless(topics, recipe, salt=100 * n) for n, (name, topics) in enumerate(sources.items())}
    rng = random.Random(recipe.seed)
    for name in cycle(name for name in CYCLE if name in streams):
        items = next(streams[name])
        asked = [
            (dress_question(question, rng=rng), number)
            for number, item in enumerate(items)
            for question in rng.sample(item.questions, min(QUESTIONS_A_PASSAGE, len(item.questions)))
        ]
        yield (
            [f"query: {question}" for question, _ in asked],
            [f"passage: {dress_passage(item, rng=rng)}" for item in items],
            [number for _, number in asked],
        )


@torch.no_grad()
def reciprocal_rank(embed: Embed, examples: Sequence[Example], *, ask: Callable[[str], str] = str) -> float:
    """Return the mean reciprocal rank of each question's context among the contexts of all."""
    contexts = sorted({example.context for example in examples})
    passages = embed([f"passage: {context}" for context in contexts])
    scores = embed([f"query: {ask(example.question)}" for example in examples]) @ passages.T
    gold = torch.tensor([contexts.index(example.context) for example in examples], device=scores.device)
    own = scores.gather(1, gold[:, None])
    return float((1 / (scores >= own).sum(1)).float().mean())


def train(
    model: BertModel, tokenizer: Tokenizer, sources: dict[str, Topics], judged: Sequence[Example], out: Path, *,
    recipe: Recipe, say: Callable[[str], None] = print,
) -> BertModel:  # fmt: skip
    """Train and save to `out` the running average of the weights; a run cut off goes on from its checkpoint."""
    out.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model.to(device).train()
    embed = embedder(model, tokenizer)
    optimizer = make_optimizer(model, learning_rate=recipe.learning_rate, weight_decay=recipe.weight_decay)
    schedule = make_schedule(optimizer, recipe.steps)
    averaged = copy_weights(model)
    done = resume(out / CHECKPOINT, model, optimizer, schedule, averaged, recipe=repr(recipe), say=say)
    began = saved = time.monotonic()
    running = 0.0
    for step, (questions, passages, gold) in enumerate(batches(sources, recipe)):
        if step < done:
            continue
        if step >= recipe.steps:
            break
        if step % JUDGE_EVERY == 0:
            say(f"step {step}: reciprocal rank on dev {reciprocal_rank(embed, judged):.4f}")
        loss = contrast(embed(questions), embed(passages), torch.tensor(gold, device=device), recipe.temperature)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        average(averaged, model, min(recipe.average, (step + 1) / (step + 10)))
        running = loss.item() if step == done else 0.95 * running + 0.05 * loss.item()
        if step % LOG_EVERY == 0:
            pace = (time.monotonic() - began) / (step - done + 1)
            say(f"step {step}/{recipe.steps} loss {running:.3f} minutes left {pace * (recipe.steps - step) / 60:.1f}")
        if time.monotonic() - saved > SAVE_EVERY_S:
            save(out / CHECKPOINT, model, optimizer, schedule, averaged, step + 1, recipe=repr(recipe))
            saved = time.monotonic()
    model.load_state_dict(averaged)
    say(f"done: reciprocal rank on dev {reciprocal_rank(embed, judged):.4f}")
    model.to("cpu").eval().save_pretrained(out)
    tokenizer.save(str(out / "tokenizer.json"))
    (out / CHECKPOINT).unlink(missing_ok=True)
    return model


def mix(before: BertModel, after: BertModel, share: float) -> BertModel:
    """Return a model whose weights lie between two: `share` of `after`, the rest of `before`."""
    mixed = copy_weights(before)
    average(mixed, after, 1 - share)
    after.load_state_dict(mixed)
    return after


def load_encoder(path: Path) -> BertModel:
    """Load a float32 encoder without dropout (which would turn the fast attention off)."""
    model: BertModel = BertModel.from_pretrained(
        path, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        attn_implementation="eager", local_files_only=True, use_safetensors=True,
    )  # fmt: skip
    return model


def main(
    data: Annotated[Path, typer.Option(help="Folder of the data sets.")] = Path("../shared/data"),
    encoder: Annotated[Path, typer.Option(help="The float32 encoder to start from (python -m index.training).")] = Path(
        ".models/encoder"
    ),
    out: Annotated[Path, typer.Option(help="Where the float32 retriever is written.")] = Path(".models/retriever"),
    steps: Annotated[int, typer.Option(help="Batches.")] = Recipe().steps,
    learning_rate: Annotated[float, typer.Option(help="Highest learning rate.")] = Recipe().learning_rate,
    pairs: Annotated[
        list[Path] | None,
        typer.Option(exists=True, help="Instead of --data's: question, tab, passage; or .jsonl; or SQuAD .json."),
    ] = None,
    share: Annotated[float, typer.Option(help="How far from the weights before to those after.")] = SHARE,
    threads: int = 2,
    seed: int = 1,
) -> None:
    """Train the retriever on the CPU, or on a GPU where there is one; passed over where `OUT/tuned` holds a model."""
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tuned = out / "tuned"
    if not (tuned / "model.safetensors").exists():
        recipe = Recipe(steps=steps, learning_rate=learning_rate, seed=seed)
        try:
            sources, judged = read_own(pairs, seed=seed) if pairs else read_all(data, seed=seed)
        except InputError as error:
            raise typer.BadParameter(error.en) from None
        train(load_encoder(encoder), tokenizer, sources, judged, tuned, recipe=recipe, say=_say)
    mix(load_encoder(encoder), load_encoder(tuned), share).save_pretrained(out)
    tokenizer.save(str(out / "tokenizer.json"))


def read_all(data: Path, *, seed: int) -> tuple[dict[str, Topics], list[Example]]:
    """Return all that the shipped recipe learns from, by kind, and the questions it is judged by."""
    dev = read_examples(data / VIQUAD[0], VIQUAD[1].replace("train", "dev"))
    sources = {
        "questions": question_topics(data),
        "news": news_topics(data, seed=seed),
        "english": english_topics(data, seed=seed),
    }
    _tell(sources)
    return sources, random.Random(seed).sample(dev, min(JUDGED, len(dev)))


def read_own(files: Sequence[Path], *, seed: int) -> tuple[dict[str, Topics], list[Example]]:
    """Return what is learnt from files of one's own, and the questions of every tenth passage, which are kept apart."""
    topics: Topics = {}
    for file in files:
        for title, items in own_topics(file).items():
            topics.setdefault(title, []).extend(items)
    items = [item for found in topics.values() for item in found]
    random.Random(seed).shuffle(items)
    apart = items[::HELD_OUT_EVERY][:JUDGED] if len(items) > HELD_OUT_EVERY else []
    kept = {id(item) for item in apart}
    sources = {"questions": {title: [i for i in found if id(i) not in kept] for title, found in topics.items()}}
    _tell(sources)
    judged = [Example("", asked, item.text, (), item.title) for item in apart or items for asked in item.questions]
    return sources, judged[:JUDGED]


def _tell(sources: dict[str, Topics]) -> None:
    for name, topics in sources.items():
        items = [item for found in topics.values() for item in found]
        _say(f"{name}: {len(topics)} topics, {len(items)} passages, {sum(len(i.questions) for i in items)} questions")


def _say(line: str) -> None:
    typer.echo(line)


if __name__ == "__main__":
    typer.run(main)
