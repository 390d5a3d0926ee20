"""Cuts a multilingual vocabulary down to the tokens that Vietnamese and English text use.

Word embeddings are 82 % of multilingual-e5-small; most of its 250,037 tokens belong to other languages. A unigram
tokenizer spells what it lost with the pieces it kept, so no text becomes unreadable.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import torch
from tokenizers import Tokenizer

if TYPE_CHECKING:
    from transformers import BertModel

WORD_START = "▁"
BATCH = 2_000


def count_tokens(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[int]:
    """Count how often each token id occurs in `texts`."""
    counts: Counter[int] = Counter()
    stream = iter(texts)
    while batch := list(islice(stream, BATCH)):
        for encoding in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            counts.update(encoding.ids)
    return counts


def choose_tokens(tokenizer: Tokenizer, counts: Counter[int], size: int) -> list[int]:
    """Return the `size` token ids to keep, ascending: special tokens, the alphabet, then the most frequent."""
    vocabulary = json.loads(tokenizer.to_str())["model"]["vocab"]
    keep = set(_special_tokens(vocabulary)) | set(_alphabet(vocabulary))
    for token, _ in counts.most_common():
        if len(keep) >= size:
            break
        keep.add(token)
    return sorted(keep)


def _special_tokens(vocabulary: list[tuple[str, float]]) -> Iterator[int]:
    specials = {"<s>", "<pad>", "</s>", "<unk>", "<mask>"}
    return (token for token, (piece, _) in enumerate(vocabulary) if piece in specials)


def _alphabet(vocabulary: list[tuple[str, float]]) -> Iterator[int]:
    """Single characters of Latin script (Vietnamese included), digits and common punctuation."""
    for token, (piece, _) in enumerate(vocabulary):
        letters = piece.removeprefix(WORD_START)
        if len(letters) <= 1 and all(
            ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x1F00 or 0x2010 <= ord(c) < 0x2040 for c in letters
        ):
            yield token


def cut_tokenizer(tokenizer: Tokenizer, keep: list[int]) -> Tokenizer:
    """Return a tokenizer whose vocabulary is `keep`, renumbered in that order."""
    spec = json.loads(tokenizer.to_str())
    spec["model"]["vocab"] = [spec["model"]["vocab"][token] for token in keep]
    renumbered = {old: new for new, old in enumerate(keep)}
    spec["model"]["unk_id"] = renumbered[spec["model"]["unk_id"]]
    spec["added_tokens"] = []
    for special in spec["post_processor"]["special_tokens"].values():
        special["ids"] = [renumbered[token] for token in special["ids"]]
    return Tokenizer.from_str(json.dumps(spec, ensure_ascii=False))


def cut_embeddings(model: "BertModel", keep: list[int]) -> "BertModel":
    """Keep only those rows of the word embeddings, in place."""
    rows = model.embeddings.word_embeddings.weight.detach()[keep].clone()
    model.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(  # type: ignore[no-untyped-call]
        rows, freeze=False, padding_idx=model.config.pad_token_id
    )
    model.config.vocab_size = len(keep)
    return model
