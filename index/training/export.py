"""PyTorch → ONNX with fused operators → int8 weights; the same weights always give the same bytes."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from torch import nn
from transformers.models.bert.modeling_bert import BertLayer

from index.encoder import CHECKSUMS
from index.store import hash_file

OPSET = 17
INPUTS = ["input_ids", "attention_mask"]
CARD = "README.md"


def export_int8(model: nn.Module, path: Path, *, outputs: list[str], heads: int, hidden: int) -> None:
    """Write `model(input_ids, attention_mask)`, which returns the tensors named `outputs`, as int8 ONNX to `path`.

    Weights are int8 by channel (embeddings by tensor), activations are quantised on the fly, a scale a tensor;
    attention, normalisation and GELU are fused before, so that loading the file needs no graph optimisation.
    The bytes are stored unsigned, so that processors without VNNI compute the same (docs/adr/012).
    """
    set_first_token_apart(model)
    with tempfile.TemporaryDirectory() as folder:
        plain, fused = Path(folder) / "plain.onnx", Path(folder) / "fused.onnx"
        export_float(model, plain, outputs=outputs)
        options = FusionOptions("bert")
        options.enable_embed_layer_norm = False
        optimized = optimize_model(
            str(plain),
            model_type="bert",
            num_heads=heads,
            hidden_size=hidden,
            optimization_options=options,
            opt_level=0,
        )
        optimized.save_model_to_file(str(fused))
        path.parent.mkdir(parents=True, exist_ok=True)
        quantize_dynamic(
            fused,
            path,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=False,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
    network = onnx.load(path)
    make_unsigned(network)
    _strip(network)
    onnx.save(network, path)


def make_unsigned(model: onnx.ModelProto) -> None:
    """Move signed weights and their zero points up by 128: the same values, as unsigned bytes.

    Unsigned times signed bytes saturate a 16-bit sum on processors without VNNI (AVX2, and AVX-512 before it).
    """
    for tensor in model.graph.initializer:
        if tensor.data_type == onnx.TensorProto.INT8:
            raised = numpy_helper.to_array(tensor).astype(np.int16) + 128
            tensor.CopyFrom(numpy_helper.from_array(raised.astype(np.uint8), tensor.name))


def set_first_token_apart(model: nn.Module) -> None:
    """Let every BERT layer of `model` run its feed-forward part on token 0 and on the others one after the other.

    The first token's activations are up to ten times as large as any other's. Quantised together they would take the
    scale, and leave the other tokens a few of the 256 steps (ADR 009).
    """
    for layer in model.modules():
        if isinstance(layer, BertLayer):
            layer.feed_forward_chunk = partial(_first_apart, layer.feed_forward_chunk)


def _first_apart(run: Callable[[torch.Tensor], torch.Tensor], states: torch.Tensor) -> torch.Tensor:
    return torch.cat([run(states[:, :1]), run(states[:, 1:])], dim=1)


def export_float(model: nn.Module, path: Path, *, outputs: list[str]) -> None:
    """Write the model as plain float32 ONNX with a free batch and length."""
    ids = torch.arange(10, 42).reshape(2, 16)
    axes = {name: {0: "batch", 1: "length"} for name in (*INPUTS, *outputs)}
    torch.onnx.export(
        model.eval(),
        (ids, torch.ones_like(ids)),
        str(path),
        input_names=INPUTS,
        output_names=outputs,
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )


def write_checksums(folder: Path) -> None:
    """Write `SHA256SUMS` of a shipped model's files but its card, as `sha256sum -c` reads it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in (CHECKSUMS, CARD))
    lines = [f"{hash_file(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def _strip(model: onnx.ModelProto) -> None:
    """Drop what differs from run to run or machine to machine: documentation strings and producer versions."""
    model.doc_string = ""
    model.producer_name, model.producer_version = "qa", ""
    for node in model.graph.node:
        node.doc_string = ""
