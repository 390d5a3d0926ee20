"""The bare reader on public sets: `python -m evals.bench.reader --data ../shared/data`; gold passage given.

EM and F1 over the best gold answer after `evals.metrics.normalise`; a question without an answer counts 1 when the
reader's best span scores below its own "no answer".
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Annotated

import typer

from corpus.article import Passage
from evals.metrics import exact_match, f1
from evals.viquad import read_viquad
from index.training.examples import Example, read_examples
from qa.reading.load import load_reader
from qa.reading.onnx import SHIPPED
from qa.reading.spans import SpanReader
from qa.training.data import is_held_out, read_viquad2


def sets(root: Path) -> dict[str, list[Example]]:
    """Return the sets by name."""
    return {
        "ViQuAD 1.0 dev": read_viquad(root, "dev"),
        "ViQuAD 1.0 test": read_viquad(root, "test"),
        "ViNewsQA dev": read_examples(root / "vinewsqa/dev.json.gz"),
        "ViQuAD 2.0 part, held out": [e for e in read_viquad2(root / "viquad-2.0-part/val.csv.gz") if is_held_out(e)],
        "MLQA dev": read_examples(root / "mlqa-vi/dev.json.gz"),
        "Zalo dev": read_examples(root / "zalo-squad/dev-v2.0.json.gz"),
    }


def measure(reader: SpanReader, examples: Sequence[Example]) -> dict[str, float]:
    """Return EM and F1 (shares of 1) with no-answer allowed only where the set has unanswerable questions."""
    may_refuse = any(not example.answers for example in examples)
    exact, overlap, refused = [], [], []
    for example in examples:
        (spans,) = reader.read(example.question, [Passage("-", 0, len(example.context), example.context, "")])
        given = spans[0].text if spans and (spans[0].score > 0 or not may_refuse) else ""
        golds = [answer.text for answer in example.answers] or [""]
        exact.append(exact_match(given, golds))
        overlap.append(f1(given, golds))
        if not example.answers:
            refused.append(float(not given))
    scores = {"EM": mean(exact), "F1": mean(overlap)}
    return {**scores, "refused": mean(refused)} if refused else scores


def main(
    data: Annotated[Path, typer.Option(help="Folder of the data sets.")] = Path("../shared/data"),
    reader: Annotated[str, typer.Option(help="Another reader: folder or hub's OWNER/NAME.")] = SHIPPED,
    every: Annotated[int, typer.Option(help="Take every n-th question.")] = 1,
    only: Annotated[str, typer.Option(help="Sets whose name holds this.")] = "",
) -> None:
    """Print a line a set."""
    read_by = load_reader(reader, hub=True)
    for name, examples in sets(data).items():
        if only.lower() in name.lower():
            taken = examples[::every]
            scores = measure(read_by, taken)
            print(f"{name:28} n={len(taken):5}  " + "  ".join(f"{k} {100 * v:.1f}" for k, v in scores.items()))


if __name__ == "__main__":
    typer.run(main)
