"""What int8 costs: `python -m evals.bench.int8 --data ../shared/data`, the same weights as float32 and as shipped.

Needs the float32 models that training leaves in `.models/`. Encoder: dense MRR@10 over ViQuAD dev contexts; reader: EM
and F1 on ViQuAD dev, gold passage given.
"""

import random
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from evals.bench.reader import measure
from evals.bench.retrieval import scores as retrieval_scores
from evals.viquad import read_viquad, write_contexts
from index.build import build_index
from index.encoder import ONNX_FILE, SHIPPED_FOLDER, OnnxEncoder
from index.search import Index
from index.training.export import export_float
from index.training.ship import TokenStates
from qa.reading.onnx import SHIPPED_FOLDER as READER_FOLDER
from qa.reading.onnx import Reader
from qa.training.ship import SpanLogits


def float_encoder(trained: Path, folder: Path) -> OnnxEncoder:
    """Lay out the float32 encoder as the shipped one is."""
    from transformers import BertModel

    shutil.copytree(SHIPPED_FOLDER, folder)
    model = BertModel.from_pretrained(
        trained, add_pooling_layer=False, attn_implementation="eager", local_files_only=True, use_safetensors=True
    )
    export_float(TokenStates(model), folder / ONNX_FILE, outputs=["last_hidden_state"])
    return OnnxEncoder(folder, name=str(folder))


def float_reader(trained: Path, folder: Path) -> Reader:
    """Lay out the float32 reader as the shipped one is."""
    from transformers import BertForQuestionAnswering

    shutil.copytree(READER_FOLDER, folder)
    model = BertForQuestionAnswering.from_pretrained(
        trained, attn_implementation="eager", local_files_only=True, use_safetensors=True
    )
    export_float(SpanLogits(model), folder / ONNX_FILE, outputs=["logits"])
    return Reader(folder)


def main(
    data: Annotated[Path, typer.Option(help="Folder of the data sets.")] = Path("../shared/data"),
    models: Annotated[Path, typer.Option(help="Folder of the float32 models.")] = Path(".models"),
    count: Annotated[int, typer.Option(help="Questions asked.")] = 500,
) -> None:
    """Print float32 and int8 side by side."""
    examples = read_viquad(data, "dev")
    asked = random.Random(1).sample(examples, min(count, len(examples)))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = write_contexts(examples, folder / "corpus")
        for label, encoder in (
            ("float32", float_encoder(models / "encoder", folder / "encoder")),
            ("int8", OnnxEncoder(SHIPPED_FOLDER)),
        ):
            build_index([corpus.folder], folder / label, encoder)
            index = Index.open(folder / label)
            got = retrieval_scores(index, encoder, asked, corpus.articles, mode="dense")
            print(f"encoder {label:8} dense MRR@10 {got['mrr@10']:.4f}")
        for label, reader in (("float32", float_reader(models / "reader", folder / "reader")), ("int8", Reader())):
            scores = measure(reader, asked)
            print(f"reader  {label:8} EM {100 * scores['EM']:.2f}  F1 {100 * scores['F1']:.2f}  n={len(asked)}")


if __name__ == "__main__":
    typer.run(main)
