"""Any reader that transformers loads (`AutoModelForQuestionAnswering`), giving spans as the shipped one does.

Importing torch and transformers costs seconds, so only opening a reader by name does.
"""

import hashlib
import inspect
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from corpus.article import Passage
from corpus.errors import ModelError
from corpus.offline import fetch, is_hub_name
from index.encoder import ONNX_FILE, first_line
from qa.reading.spans import MAX_QUESTION_TOKENS, MAX_TOKENS, SPANS_PER_PASSAGE, Span, decode

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast


TRIAL = ("Thủ đô của Pháp là gì?", "Thủ đô của Pháp là Paris.")
STRIDE_SHARE = 4


@lru_cache(maxsize=1)
def open_reader(name: str, *, hub: bool = False) -> "TransformersReader":
    """Load a reader once, however many parts of the program ask for it; `ModelError` if there is none or it is broken.

    Without `hub`, or if the name is no hub's, only a directory will do.
    """
    folder = fetch(name) if hub and is_hub_name(name) else Path(name)
    if not folder.is_dir():
        raise _unusable(name, f"không có thư mục này; cần {ONNX_FILE} hoặc config.json", "there is no such folder")
    if not (folder / "config.json").is_file():
        raise _unusable(name, "thư mục thiếu config.json", "the folder has no config.json")
    return TransformersReader(folder, name=name)


class TransformersReader:
    """A BERT-like or RoBERTa-like reader with a fast tokenizer, in float32, on a GPU where there is one.

    The `[CLS]` (`<s>`) token's logits stand for "no answer here". A passage that is longer than the model reads is
    read in windows that overlap, and its best spans are taken from all of them.
    """

    def __init__(self, folder: Path | str, *, name: str | None = None) -> None:
        """Load a directory; `ModelError` says what is missing."""
        self.name = name = name or str(folder)
        try:
            import torch

            model, tokenizer, missing = _load(Path(folder))
        except Exception as error:  # every file, JSON and import error: all mean "no such reader here"
            raise _unusable(name, reason := first_line(error), reason) from error
        if not tokenizer.is_fast:
            raise _unusable(name, "thiếu tokenizer.json (tokenizer nhanh)", "no fast tokenizer (tokenizer.json)")
        if missing:
            what = missing[0]
            raise _unusable(name, f"thiếu trọng số {what}: không phải mô hình đọc", f"no weights {what}: not a reader")
        self._torch = torch
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = model.float().eval().to(self._device)
        self._tokenizer = tokenizer.backend_tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._nothing = tokenizer.cls_token_id
        self._takes_types = _takes_types(model, tokenizer)
        self._limit = _longest(model, tokenizer)
        self._try_out()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the weights and the tokenizer."""
        digest = hashlib.sha256(self._tokenizer.to_str().encode() + repr(self._model).encode())
        for key, value in sorted(self._model.state_dict().items()):
            digest.update(key.encode())
            digest.update(value.cpu().float().numpy().tobytes())
        return digest.hexdigest()

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[Span]]:
        """Return for each passage its best spans, best first; offsets are of the article's text."""
        asked = self._shorten(question)
        return [self._read_one(asked, passage) for passage in passages]

    def _shorten(self, question: str) -> str:
        """Cut a question that would leave no room for a passage."""
        most = min(MAX_QUESTION_TOKENS, self._limit // 3)
        offsets = self._tokenizer.encode(question, add_special_tokens=False).offsets
        return question[: offsets[most - 1][1]] if len(offsets) > most else question

    def _read_one(self, question: str, passage: Passage) -> list[Span]:
        found = [self._read_window(window, passage) for window in self._windows(question, passage.contextual_text)]
        spans: list[Span] = []
        for span in sorted(chain.from_iterable(found), key=lambda s: (-s.score, s.start)):
            if not any(span.start < other.end and other.start < span.end for other in spans):
                spans.append(span)
        return spans[:SPANS_PER_PASSAGE]

    def _windows(self, question: str, text: str) -> list[Encoding]:
        whole = self._tokenizer.encode(question, text)
        if len(whole.ids) <= self._limit:
            return [whole]
        first = self._cutting.encode(question, text)
        return [first, *first.overflowing]

    @cached_property
    def _cutting(self) -> Tokenizer:
        """The tokenizer that cuts a long passage into windows that overlap."""
        cutting = Tokenizer.from_str(self._tokenizer.to_str())
        cutting.enable_truncation(self._limit, stride=self._limit // STRIDE_SHARE, strategy="only_second")
        return cutting

    def _read_window(self, window: Encoding, passage: Passage) -> list[Span]:
        logits = self._run(window)
        offsets = np.array(window.offsets, dtype=np.int64) - len(passage.context)
        body = np.flatnonzero(np.array([s == 1 for s in window.sequence_ids]) & (offsets[:, 1] > 0))
        if self._nothing in window.ids:
            logits[0] = logits[window.ids.index(self._nothing)]
        return decode(logits, offsets, body, passage)

    def _run(self, window: Encoding) -> NDArray[np.float32]:
        """Return the start and end logits of a window, `(n, 2)`."""
        inputs = {"input_ids": window.ids, "attention_mask": [1] * len(window.ids)}
        if self._takes_types:
            inputs["token_type_ids"] = window.type_ids
        torch = self._torch
        with torch.inference_mode():
            out = self._model(**{key: torch.tensor([value], device=self._device) for key, value in inputs.items()})
            logits: NDArray[np.float32] = torch.stack([out.start_logits[0], out.end_logits[0]], dim=-1).cpu().numpy()
        return logits

    def _try_out(self) -> None:
        """Read something, so that weights and a tokenizer that don't go together are found now."""
        largest = max(self._tokenizer.get_vocab().values(), default=0)
        rows = self._model.get_input_embeddings().num_embeddings
        if largest >= rows:
            raise _unusable(
                self.name, f"tokenizer có {largest + 1} mã, trọng số có {rows}",
                f"the tokenizer has {largest + 1} ids, the weights {rows}",
            )  # fmt: skip
        try:
            is_sound = bool(np.isfinite(self._run(self._tokenizer.encode(*TRIAL))).all())
        except Exception as error:  # whatever an architecture that is no plain span reader raises
            raise _unusable(self.name, reason := first_line(error), reason) from error
        if not is_sound:
            raise _unusable(self.name, "trọng số hỏng (NaN)", "the weights are broken (NaN)")


def _load(folder: Path) -> "tuple[PreTrainedModel, PreTrainedTokenizerFast, list[str]]":
    """Load model and tokenizer, and name the weights that were missing.

    Nothing is fetched, none of the directory's code runs, and weights are never unpickled.
    """
    from transformers import AutoModelForQuestionAnswering
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    tokenizer = _load_tokenizer(folder)
    model, loading = AutoModelForQuestionAnswering.from_pretrained(
        folder, output_loading_info=True, local_files_only=True, trust_remote_code=False, use_safetensors=True
    )
    return model, tokenizer, sorted(loading["missing_keys"])


def _load_tokenizer(folder: Path) -> "PreTrainedTokenizerFast":
    """Load a tokenizer; a `tokenizer.json` without a configuration beside it (as training leaves it) is taken as it is.

    Else transformers would guess a class by the network's kind, which may cut words otherwise.
    """
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    file = folder / "tokenizer.json"
    if file.is_file() and not (folder / "tokenizer_config.json").is_file():
        return PreTrainedTokenizerFast(tokenizer_file=str(file))
    return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)


def _takes_types(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerFast") -> bool:
    """Tell whether the model wants to know which tokens are the question's and which the passage's."""
    return (
        "token_type_ids" in tokenizer.model_input_names
        and getattr(model.config, "type_vocab_size", 0) > 1
        and "token_type_ids" in inspect.signature(model.forward).parameters
    )


def _longest(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerFast") -> int:
    """Return the tokens that the model reads at once: positions, less those before the first token (RoBERTa's pad)."""
    rows = [
        module.num_embeddings - (0 if module.padding_idx is None else module.padding_idx + 1)
        for name, module in model.named_modules()
        if name.endswith("position_embeddings") and hasattr(module, "num_embeddings")
    ]
    return int(min(MAX_TOKENS, tokenizer.model_max_length, *rows))


def _unusable(name: str, vi: str, en: str) -> ModelError:
    return ModelError(
        f"{name}: không dùng được làm mô hình đọc ({vi}). Hãy cho đường dẫn tới một thư mục trên máy này có "
        "config.json, model.safetensors và tokenizer.json, hoặc --reader CHỦ/TÊN của một mô hình trên hub (QA_READER "
        "không dẫn tới hub), hoặc bỏ --reader và QA_READER để dùng mô hình đi kèm (không cần mạng).",
        f"{name}: cannot be used as a reader ({en}). Give the path of a folder on this machine with config.json, "
        "model.safetensors and tokenizer.json, or --reader OWNER/NAME of a model on the hub (QA_READER never leads "
        "there), or leave --reader and QA_READER out to use the shipped reader (no network needed).",
    )
