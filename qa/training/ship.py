"""Ships a trained reader: `python -m qa.training.ship .models/reader` writes `qa/model/` as int8 ONNX."""

import shutil
from pathlib import Path
from typing import Annotated

import torch
import typer
from torch import nn
from transformers import BertForQuestionAnswering

from index.training.export import export_int8, write_checksums
from qa.reading.onnx import ONNX_FILE, SHIPPED_FOLDER


class SpanLogits(nn.Module):
    """A reader that returns its start and end logits as one tensor, `(batch, length, 2)`."""

    def __init__(self, model: BertForQuestionAnswering) -> None:
        """Wrap `model`."""
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return the logits."""
        states = self.model.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        logits: torch.Tensor = self.model.qa_outputs(states)
        return logits


def main(
    trained: Annotated[Path, typer.Argument(help="The float32 reader (python -m qa.training).")],
    out: Annotated[Path, typer.Option(help="Where the shipped reader goes.")] = SHIPPED_FOLDER,
) -> None:
    """Export a reader to int8 ONNX, with its tokenizer and configuration."""
    model = BertForQuestionAnswering.from_pretrained(
        trained, attn_implementation="eager", local_files_only=True, use_safetensors=True
    ).eval()
    out.mkdir(parents=True, exist_ok=True)
    shutil.copy(trained / "tokenizer.json", out / "tokenizer.json")
    model.config.save_pretrained(out)
    config = model.config
    export_int8(
        SpanLogits(model), out / ONNX_FILE, outputs=["logits"], heads=config.num_attention_heads,
        hidden=config.hidden_size,
    )  # fmt: skip
    write_checksums(out)
    typer.echo(f"{out}: {sum(f.stat().st_size for f in out.rglob('*') if f.is_file()) / 1e6:.1f} MB")


if __name__ == "__main__":
    typer.run(main)
