"""The shipped encoder is the one whose vectors are known: its files are whole, its cosines those of float32.

`python tests/index/test_canonical.py` writes `canonical.json` anew, from the shipped weights in float32 by PyTorch: run
it when other weights are shipped, and look at what changed. A processor whose int8 sums go wrong shows here.
"""

import json
from pathlib import Path

import pytest

from index.encoder import CHECKSUMS, SHIPPED_FOLDER
from index.store import hash_file

KEPT = Path(__file__).with_name("canonical.json")
COMMAND = "python tests/index/test_canonical.py"
TOLERANCE = 0.02
CARD = "README.md"


def test_every_shipped_file_is_the_one_that_its_sum_names():
    lines = (SHIPPED_FOLDER / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    named = dict(reversed(line.split("  ", 1)) for line in lines)
    there = {path.relative_to(SHIPPED_FOLDER).as_posix() for path in SHIPPED_FOLDER.rglob("*") if path.is_file()}
    assert there - {CHECKSUMS, CARD} == set(named)
    assert {name: hash_file(SHIPPED_FOLDER / name) for name in named} == named


@pytest.mark.parametrize("row", json.loads(KEPT.read_text(encoding="utf-8")), ids=lambda row: row["question"])
def test_a_cosine_is_that_of_float32(encoder, row):
    (question,) = encoder.encode([row["question"]], kind="query")
    (passage,) = encoder.encode([row["passage"]], kind="passage")
    assert float(question @ passage) == pytest.approx(row["cosine"], abs=TOLERANCE), COMMAND


def refresh():
    """Write the cosines of the kept pairs, in float32."""
    import torch

    from index.encoder import OnnxEncoder, open_tokenizer
    from index.training.restore import restore

    model, tokenizer, prompts = (
        restore(SHIPPED_FOLDER),
        open_tokenizer(SHIPPED_FOLDER),
        OnnxEncoder(SHIPPED_FOLDER).prompts,
    )

    @torch.no_grad()
    def encode(text):
        states = model(input_ids=torch.tensor([tokenizer.encode(text).ids])).last_hidden_state[0]
        return torch.nn.functional.normalize(states.mean(0), dim=0)

    rows = json.loads(KEPT.read_text(encoding="utf-8"))
    for row in rows:
        pair = (encode(prompts["query"] + row["question"]), encode(prompts["passage"] + row["passage"]))
        row["cosine"] = round(float(pair[0] @ pair[1]), 4)
    KEPT.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    refresh()
