"""Float32 weights out of a shipped int8 network: `python -m index.training.restore qa/model .models/reader`.

Training can go on from what is shipped when the float32 weights are no longer at hand. The weights are those that int8
stands for (each within half a step of what was trained); exported again, they give the same int8 weights.
"""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import onnx
import typer
from numpy.typing import NDArray
from onnx import numpy_helper

from index.encoder import ONNX_FILE

if TYPE_CHECKING:
    from transformers import BertForQuestionAnswering, BertModel

Arrays = dict[str, NDArray[np.float32]]
NAMED = re.compile(r"(?:embeddings|encoder|qa_outputs)\..*")
DENSE = re.compile(r"(encoder/layer\.\d+/(?:attention/output|intermediate|output)/dense|qa_outputs)/MatMul_quant$")
ATTENTION = re.compile(r"Attention_(\d+)_quant")
QUANTIZED = "_quantized"


def read_weights(network: Path) -> Arrays:
    """Return the weights of an int8 network that `export_int8` wrote, by their names in a `BertModel`.

    A reader's head is called `qa_outputs`.
    """
    graph = onnx.load(network).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights: Arrays = {}
    for name, value in stored.items():
        found = NAMED.search(name.removesuffix(QUANTIZED))
        if found and name.endswith(QUANTIZED):
            weights[found[0]] = _dequantised(name, stored)
        elif found and not name.endswith(("_scale", "_zero_point")):
            weights[found[0]] = value
    for node in graph.node:
        if found := DENSE.search(node.name):
            weights[found[1].replace("/", ".") + ".weight"] = _dequantised(node.input[1], stored).T
        elif found := ATTENTION.fullmatch(node.name):
            matrices = np.split(_dequantised(node.input[1], stored).T, 3)
            biases = np.split(stored[node.input[2]], 3)
            for part, matrix, bias in zip(("query", "key", "value"), matrices, biases, strict=True):
                prefix = f"encoder.layer.{found[1]}.attention.self.{part}"
                weights[f"{prefix}.weight"], weights[f"{prefix}.bias"] = matrix, bias
    return weights


def _dequantised(name: str, stored: dict[str, NDArray[np.generic]]) -> NDArray[np.float32]:
    root = name.removesuffix(QUANTIZED)
    zero = stored[f"{root}_zero_point"].astype(np.float32)
    scale = stored[f"{root}_scale"].astype(np.float32)
    return np.asarray((stored[name].astype(np.float32) - zero) * scale, dtype=np.float32)


def restore(folder: Path) -> "BertModel | BertForQuestionAnswering":
    """Build the `transformers` model of a shipped directory; `RuntimeError` if a weight is missing or too many."""
    import torch
    from transformers import BertConfig, BertForQuestionAnswering, BertModel

    config = BertConfig.from_pretrained(folder, local_files_only=True)
    weights = {name: torch.tensor(value) for name, value in read_weights(folder / ONNX_FILE).items()}
    if "qa_outputs.weight" not in weights:
        encoder = BertModel(config, add_pooling_layer=False)
        encoder.load_state_dict(weights)
        return encoder.eval()
    reader = BertForQuestionAnswering(config)
    reader.load_state_dict({n if n.startswith("qa_outputs") else f"bert.{n}": v for n, v in weights.items()})
    return reader.eval()


def main(
    shipped: Annotated[Path, typer.Argument(help="A shipped model's folder (index/model, qa/model).")],
    out: Annotated[Path, typer.Argument(help="Where the float32 model goes.")],
) -> None:
    """Write the float32 model and its tokenizer."""
    restore(shipped).save_pretrained(out)
    shutil.copy(shipped / "tokenizer.json", out / "tokenizer.json")
    typer.echo(str(out))


if __name__ == "__main__":
    typer.run(main)
