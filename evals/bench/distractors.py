"""An index of articles among news: `python -m evals.bench.distractors DIR --news 20000`, an hour or so.

Each news article is its title and about 100 syllables of its body, one passage. It goes on where it was cut off. What
`qa eval run real --index DIR/index` then says of answers and times, against the same over the articles alone, is what
other articles cost.
"""

from pathlib import Path
from typing import Annotated

import typer

from evals.bench.retrieval import distractors
from evals.viquad import write_contexts
from index.build import build_index
from index.encoder import load_encoder

STEP = 1000
SYLLABLES = 100


def main(
    folder: Annotated[Path, typer.Argument(help="Where the news articles and the index go.")],
    corpus: Annotated[Path, typer.Option(help="The articles that are asked about.")] = Path("../shared/corpus"),
    data: Annotated[Path, typer.Option(help="Folder of the data sets.")] = Path("../shared/data"),
    news: Annotated[int, typer.Option(help="News articles.")] = 20_000,
    every: Annotated[int, typer.Option(help="One article of so many is taken, from all sources alike.")] = 6,
) -> None:
    """Write and index the articles, a thousand at a time."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(corpus.glob("*.txt"))]
    taken = distractors(data / "news", news, texts, every=every, size=SYLLABLES)
    encoder = load_encoder()
    for low in range(0, len(taken), STEP):
        write_contexts(taken[low : low + STEP], folder / "news" / f"{low // STEP:02}")
        report = build_index([corpus, folder / "news"], folder / "index", encoder)
        typer.echo(f"{low + len(taken[low : low + STEP])} news articles, {report.passages} passages")


if __name__ == "__main__":
    typer.run(main)
