"""Ships a float32 encoder: `python -m index.training.ship .models/retriever` writes `index/model/` as int8 ONNX."""

import shutil
from pathlib import Path
from typing import Annotated

import torch
import typer
from tokenizers import Tokenizer
from torch import nn
from transformers import BertModel

from index.encoder import ONNX_FILE, SHIPPED_FOLDER
from index.training.export import CARD, export_int8, write_checksums

PROMPTS = {"query": "query: ", "passage": "passage: ", "document": "passage: "}


class TokenStates(nn.Module):
    """A `BertModel` that returns the state of each token, `(batch, length, d)`."""

    def __init__(self, model: BertModel) -> None:
        """Wrap `model`."""
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return the last hidden states."""
        states: torch.Tensor = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return states


def ship(trained: Path, out: Path) -> None:
    """Write the float32 encoder in `trained` as the sentence-transformers directory `out`, its network int8 ONNX.

    What `out` held before goes, but for its model card.
    """
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import PreTrainedTokenizerFast

    fast = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_file(str(trained / "tokenizer.json")), bos_token="<s>", eos_token="</s>",
        cls_token="<s>", sep_token="</s>", unk_token="<unk>", pad_token="<pad>", mask_token="<mask>",
        model_max_length=512,
    )  # fmt: skip
    fast.save_pretrained(trained)
    model = BertModel.from_pretrained(
        trained, add_pooling_layer=False, attn_implementation="eager", local_files_only=True, use_safetensors=True
    ).eval()
    config = model.config
    transformer = Transformer(str(trained), max_seq_length=512)
    sentence_model = SentenceTransformer(
        modules=[transformer, Pooling(config.hidden_size, "mean"), Normalize()], prompts=PROMPTS, device="cpu"
    )
    if out.exists() and any(out.iterdir()):
        if not (out / "modules.json").exists():
            raise ValueError(f"{out} holds something else than a model")
        _empty(out)
    sentence_model.save(str(out), create_model_card=False)
    for weights in out.rglob("*.safetensors"):
        weights.unlink()
    shutil.copy(trained / "tokenizer.json", out / "tokenizer.json")
    export_int8(
        TokenStates(model), out / ONNX_FILE, outputs=["last_hidden_state"], heads=config.num_attention_heads,
        hidden=config.hidden_size,
    )  # fmt: skip
    write_checksums(out)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != CARD:
            path.unlink()


def main(
    trained: Annotated[Path, typer.Argument(help="The float32 encoder (index.training, index.training.retriever).")],
    out: Annotated[Path, typer.Option(help="Where the shipped encoder goes.")] = SHIPPED_FOLDER,
) -> None:
    """Export an encoder to int8 ONNX, with its tokenizer and configuration."""
    ship(trained, out)
    typer.echo(f"{out}: {sum(f.stat().st_size for f in out.rglob('*') if f.is_file()) / 1e6:.1f} MB")


if __name__ == "__main__":
    typer.run(main)
