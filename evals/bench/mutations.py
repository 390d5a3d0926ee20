"""No input is a traceback: `python -m evals.bench.mutations --count 100000`, mutated inputs given to every reader.

Inputs are made by `--seed` and number alone, so that a run can be repeated; it prints a row a reader: inputs, refused
with a message, failures, the slowest input. It exits 1 on a failure (an exception that is no `QaError`, or an input
that takes longer than its bound), and each is printed so that `--replay` tries it again. Readers are in
`evals/bench/readers.py`, what the mutations begin from in `evals/bench/seeds.py`.
"""

import base64
import sys
import time
import traceback
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Annotated

import typer

from evals.bench.readers import READERS, refused, text_of
from evals.bench.seeds import NASTY, seeds

SECONDS, SECONDS_A_MEGABYTE = 2.0, 2.0
MOST_STEPS = 6
LONGEST = 200_000
SLOW, TURNS = frozenset({"asked", "timeline", "batch", "quote"}), 8
SHOWN = 20


@dataclass(slots=True)
class Count:
    """What came of a reader's inputs."""

    inputs: int = 0
    refused: int = 0
    failures: int = 0
    slowest: float = 0.0


def nasty(rng: Random) -> bytes:
    """Return one of the fragments, sometimes over and over."""
    times = rng.choice((1, 1, 1, 1, 1, 2, 30))
    return (rng.choice(NASTY) * times).encode("utf-8", "surrogatepass" if rng.random() < 0.3 else "replace")


def _insert(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    place = rng.randint(0, len(data))
    return data[:place] + nasty(rng) + data[place:]


def _between_words(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    words = data.split(b" ")
    words.insert(rng.randint(0, len(words)), nasty(rng))
    return b" ".join(words)


def _replace_word(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    words = data.split(b" ")
    words[rng.randrange(len(words))] = nasty(rng)
    return b" ".join(words)


def _flip(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    place = rng.randrange(len(data))
    return data[:place] + bytes([rng.randrange(256)]) + data[place + 1 :]


def _cut(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    low, high = sorted((rng.randint(0, len(data)), rng.randint(0, len(data))))
    return data[:low] + data[high:]


def _repeat(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    low, high = sorted((rng.randint(0, len(data)), rng.randint(0, len(data))))
    return data[:high] + data[low:high] * rng.choice((1, 2, 5)) + data[high:]


def _splice(data: bytes, rng: Random, others: Sequence[bytes]) -> bytes:
    other = rng.choice(others)
    return data[: rng.randint(0, len(data))] + other[rng.randint(0, len(other)) :]


LOOKALIKES = str.maketrans(
    {"i": "ı", "I": "İ", "s": "ſ", "k": "K", "đ": "ð", "Đ": "Ð", "0": "٠", "2": "２", " ": "\xa0"}
)


def _lookalikes(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    text = text_of(data)
    return "".join(c.translate(LOOKALIKES) if rng.random() < 0.2 else c for c in text).encode(
        "utf-8", "surrogateescape"
    )


def _other_form(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    text = text_of(data)
    forms: tuple[Callable[[str], str], ...] = (
        lambda t: unicodedata.normalize("NFD", t), lambda t: unicodedata.normalize("NFKD", t),
        lambda t: "".join(c for c in unicodedata.normalize("NFD", t) if not unicodedata.combining(c)),
        str.upper, str.lower, str.title, str.swapcase, lambda t: " ".join(t), lambda t: t.replace(" ", ""),
        lambda t: t.replace(" ", "\n"),
    )  # fmt: skip
    return rng.choice(forms)(text).encode("utf-8", "surrogateescape")


def _digits(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    return bytes(rng.choice(b"0123456789") if 48 <= byte <= 57 and rng.random() < 0.4 else byte for byte in data)


STEPS = (
    _insert, _insert, _between_words, _between_words, _replace_word, _replace_word, _flip, _cut, _repeat, _splice,
    _lookalikes, _other_form, _digits,
)  # fmt: skip


def mutated(name: str, seed: int, number: int) -> bytes:
    """Return the input of that number for a reader: a seed of its kind, a few steps away from what it should be."""
    rng = Random(f"{name} {seed} {number}")
    own = seeds(READERS[name][1])
    data = rng.choice(own)
    for _ in range(rng.randint(1, MOST_STEPS)):
        data = rng.choice(STEPS)(data, rng, own)[:LONGEST] or nasty(rng)
    return data


def packed(data: bytes) -> str:
    """Write an input on one line."""
    return base64.urlsafe_b64encode(zlib.compress(data)).decode()


def tried(name: str, data: bytes, count: Count) -> str | None:
    """Give a reader an input and count what came of it; return what went wrong."""
    began = time.process_time()
    failed = None
    try:
        count.refused += refused(READERS[name][0], data)
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        failed = f"{type(error).__name__}: {error} ({frame.filename.rsplit('/', 1)[-1]}:{frame.lineno})"[:300]
    took = time.process_time() - began
    count.inputs += 1
    count.slowest = max(count.slowest, took)
    if failed is None and took > SECONDS + SECONDS_A_MEGABYTE * len(data) / 1e6:
        failed = f"{took:.1f} s for {len(data)} bytes"
    count.failures += failed is not None
    return failed


def tries(names: Sequence[str], *, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield readers with their inputs in turn, `count` of them in all; those that answer and print get fewer."""
    turns = [name for turn in range(TURNS) for name in names if turn == 0 or name not in SLOW]
    for number in range(count):
        name = turns[number % len(turns)]
        yield name, mutated(name, seed, number)


def main(
    count: Annotated[int, typer.Option(help="Inputs over all readers.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Other inputs.")] = 0,
    reader: Annotated[list[str] | None, typer.Option(help="These readers only.")] = None,
    replay: Annotated[str | None, typer.Option(help="READER:INPUT, as a failure is printed.")] = None,
) -> None:
    """Give every reader mutated inputs."""
    if replay:
        name, _, line = replay.partition(":")
        READERS[name][0](zlib.decompress(base64.urlsafe_b64decode(line)))
        return
    names = reader or list(READERS)
    for name in names:
        refused(READERS[name][0], seeds(READERS[name][1])[0])  # what is opened once counts for no input
    counts = {name: Count() for name in names}
    shown: set[str] = set()
    for name, data in tries(names, count=count, seed=seed):
        failed = tried(name, data, counts[name])
        if failed and (name + failed[-40:]) not in shown and len(shown) < SHOWN:
            shown.add(name + failed[-40:])
            print(f"FAILED {name}: {failed}\n  --replay '{name}:{packed(data)}'", flush=True)
    print(f"{'reader':14} {'inputs':>8} {'refused':>8} {'failures':>8} {'slowest':>8}")
    for name, c in counts.items():
        print(f"{name:14} {c.inputs:8} {c.refused:8} {c.failures:8} {c.slowest:7.2f}s")
    total = sum(c.failures for c in counts.values())
    print(f"{sum(c.inputs for c in counts.values())} inputs, {total} failures (seed {seed})")
    sys.exit(1 if total else 0)


if __name__ == "__main__":
    typer.run(main)
