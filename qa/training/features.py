"""Examples as token ids: question, context line and passage in one sequence, cut to the reader's length."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Encoding, Tokenizer

from index.training.examples import Example, Span

MAX_TOKENS = 288
BUCKET = 512


@dataclass(frozen=True, slots=True)
class Feature:
    """One training sequence: `ids`, where the passage begins, and the gold tokens (both 0: no answer)."""

    ids: tuple[int, ...]
    body: int
    start: int
    end: int


def make_feature(
    tokenizer: Tokenizer, example: Example, *, prefix: str, rng: random.Random, max_tokens: int = MAX_TOKENS
) -> Feature | None:
    """Encode an example with `prefix` (its context line) in front of the passage; None if the gold was cut in two."""
    encoding = tokenizer.encode(example.question, prefix + example.context)
    first = _first_body_token(encoding, len(prefix))
    gold = _gold_tokens(encoding, first, example.answers[:1], shift=len(prefix))
    if gold is None:
        return None
    ids = list(encoding.ids)
    excess = len(ids) - max_tokens
    if excess > 0:
        low, high = (gold[0], gold[1] + 1) if gold[0] else (first, first + 1)
        front = max(0, min(rng.randint(0, excess), low - first))
        front = max(front, excess - (len(ids) - 1 - high))
        if front > low - first or len(ids) - 1 - (excess - front) < high:
            return None
        ids = ids[:first] + ids[first + front : len(ids) - 1 - (excess - front)] + ids[-1:]
        gold = (gold[0] - front, gold[1] - front) if gold[0] else gold
    return Feature(tuple(ids), first, *gold)


def encode_all(
    drawn: list[tuple[Example, str]],
    tokenizer: Tokenizer,
    *,
    rng: random.Random,
    max_tokens: int,
    say: Callable[[str], None] = print,
) -> list[Feature]:
    """Encode `(example, context line)` pairs; those whose gold a window cuts in two are left out."""
    made = (make_feature(tokenizer, e, prefix=line, rng=rng, max_tokens=max_tokens) for e, line in drawn)
    features = [feature for feature in made if feature]
    say(f"{len(features)} sequences of {len(drawn)}, {sum(len(f.ids) for f in features)} tokens")
    return features


def _first_body_token(encoding: Encoding, prefix_length: int) -> int:
    for token, (sequence, (_, end)) in enumerate(zip(encoding.sequence_ids, encoding.offsets, strict=True)):
        if sequence == 1 and end > prefix_length:
            return token
    return len(encoding.ids) - 1


def _gold_tokens(encoding: Encoding, first: int, answers: tuple[Span, ...], *, shift: int) -> tuple[int, int] | None:
    if not answers:
        return 0, 0
    low, high = answers[0].start + shift, answers[0].end + shift
    offsets = encoding.offsets
    inside = [t for t in range(first, len(offsets) - 1) if offsets[t][1] > low and offsets[t][0] < high]
    return (inside[0], inside[-1]) if inside else None


def batches(features: list[Feature], *, tokens: int, rng: random.Random) -> Iterator[list[Feature]]:
    """Shuffle, then batch sequences of like length so that a padded batch holds at most `tokens` tokens."""
    order = features[:]
    rng.shuffle(order)
    made: list[list[Feature]] = []
    for low in range(0, len(order), BUCKET):
        current: list[Feature] = []
        for feature in sorted(order[low : low + BUCKET], key=lambda f: -len(f.ids)):
            if current and (len(current) + 1) * len(current[0].ids) > tokens:
                made.append(current)
                current = []
            current.append(feature)
        made.append(current)
    rng.shuffle(made)
    yield from made


def collate(batch: Iterable[Feature], *, pad: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids `(b, n)`, attention mask `(b, n)`, answerable-position mask `(b, n)` and gold `(b, 2)`."""
    rows = list(batch)
    width = max(len(row.ids) for row in rows)
    ids = np.full((len(rows), width), pad, dtype=np.int64)
    attention = np.zeros((len(rows), width), dtype=np.int64)
    allowed = np.zeros((len(rows), width), dtype=bool)
    for i, row in enumerate(rows):
        ids[i, : len(row.ids)] = row.ids
        attention[i, : len(row.ids)] = 1
        allowed[i, row.body : len(row.ids) - 1] = True
        allowed[i, 0] = True
    gold = np.array([(row.start, row.end) for row in rows])
    return torch.from_numpy(ids), torch.from_numpy(attention), torch.from_numpy(allowed), torch.from_numpy(gold)
