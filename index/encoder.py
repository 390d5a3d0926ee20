"""Texts → unit vectors. The shipped encoder runs on ONNX Runtime; any other comes through sentence-transformers."""

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from corpus.offline import fetch, is_hub_name

if TYPE_CHECKING:
    import onnxruntime as ort
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

SHIPPED = "shipped"
SHIPPED_FOLDER = Path(__file__).parent / "model"
ONNX_FILE = "onnx/model_int8.onnx"
CHECKSUMS = "SHA256SUMS"
MAX_TOKENS = 512
THREADS = max(1, min(4, os.cpu_count() or 1))

Kind = Literal["query", "passage"]
Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into vectors; `fingerprint` changes whenever the vectors would."""

    @property
    def name(self) -> str:
        """What the user called it: `shipped`, a path, or a hub name."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def fingerprint(self) -> str:
        """A hash of everything that decides the vectors."""
        ...

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Vectors:
        """Return `(n, d)` float32, unit rows; the inner product is the cosine, higher is nearer."""
        ...


def load_encoder(name: str = SHIPPED, *, hub: bool = False) -> Encoder:
    """Load the shipped encoder, a directory on this machine or, with `hub`, a sentence-transformers model of the hub.

    `hub` says that the name was typed on this command line: a name from anywhere else never leads to a network.
    """
    if hub and is_hub_name(name):
        return SentenceTransformerEncoder(fetch(name), name=name)
    folder = SHIPPED_FOLDER if name == SHIPPED else Path(name)
    if name != SHIPPED and not os.path.isdir(name):  # which no name is too long for
        raise _no_model(name, "không có thư mục này", "there is no such folder")
    is_shipped = folder.resolve() == SHIPPED_FOLDER.resolve()
    folder = SHIPPED_FOLDER if is_shipped else folder.resolve()
    name = SHIPPED if is_shipped else str(folder)  # the index keeps it, and may be asked from another folder
    if os.path.isfile(folder / ONNX_FILE) and _is_mean_pooled(folder):
        return OnnxEncoder(folder, name=name)
    if is_shipped:
        raise _broken(folder, "onnx")
    return SentenceTransformerEncoder(folder)


def _no_model(name: str, vi: str, en: str) -> ModelError:
    return ModelError(
        f"{name}: không tải được mô hình ({vi}). Hãy cho --model đường dẫn tới một thư mục sentence-transformers trên "
        "máy này (trọng số .safetensors), hoặc CHỦ/TÊN của một mô hình trên hub, hoặc bỏ --model để dùng mô hình đi "
        "kèm (không cần mạng).",
        f"{name}: the model cannot be loaded ({en}). Give --model the path of a sentence-transformers directory on "
        "this machine (weights in .safetensors), or OWNER/NAME of a model on the hub, or leave --model out to use the "
        "shipped model (no network needed).",
    )


@dataclass(frozen=True)
class OnnxEncoder:
    """A sentence-transformers directory (mean pooling, normalised) whose ONNX file is run directly.

    Texts are run one by one, each without padding, so that a vector never depends on its neighbours.
    """

    folder: Path
    name: str = SHIPPED

    @cached_property
    def _session(self) -> "ort.InferenceSession":
        return open_session(self.folder / ONNX_FILE)

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        return open_tokenizer(self.folder)

    @cached_property
    def _config(self) -> dict[str, Any]:
        return _read_json(self.folder / "config.json")

    @cached_property
    def prompts(self) -> dict[str, str]:
        """What is put in front of a query and a passage."""
        found = _read_json(self.folder / "config_sentence_transformers.json").get("prompts") or {}
        return {"passage": found.get("document", ""), **found}

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        try:
            return int(self._config["hidden_size"])
        except (KeyError, TypeError, ValueError) as error:
            raise _broken(self.folder / "config.json", "hidden_size") from error

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the network, the tokenizer and the prompts."""
        return hash_files(
            [self.folder / ONNX_FILE, self.folder / "tokenizer.json"], extra=json.dumps(self.prompts, sort_keys=True)
        )

    def warm(self) -> None:
        """Load the files now: called from a thread, so that the cold start overlaps with other work."""
        _ = self._session, self._tokenizer, self.fingerprint

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Vectors:
        """Return `(n, d)` float32, unit rows."""
        prompt = self.prompts.get(kind, "")
        encodings = self._tokenizer.encode_batch_fast([prompt + text for text in texts])
        out = np.empty((len(texts), self.dimension), dtype=np.float32)
        if len(texts) == 1:
            out[0] = self._run(encodings[0].ids)
            return out
        with ThreadPoolExecutor(THREADS) as pool:
            for row, vector in enumerate(pool.map(lambda e: self._run(e.ids), encodings)):
                out[row] = vector
        return out

    def _run(self, ids: list[int]) -> Vectors:
        tokens = np.array([ids], dtype=np.int64)
        (states,) = self._session.run(None, {"input_ids": tokens, "attention_mask": np.ones_like(tokens)})
        mean = np.asarray(states, dtype=np.float32)[0].mean(axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), dtype=np.float32)


class SentenceTransformerEncoder:
    """Any sentence-transformers model in a folder; importing it costs seconds, so only this class does."""

    def __init__(self, folder: Path | str, *, name: str | None = None) -> None:
        """Load a directory; `ModelError` if there is no such model in it."""
        self.name = name or str(folder)
        try:
            self._model: SentenceTransformer = _load_sentence_transformer(Path(folder))
        except Exception as error:  # every file, JSON and import error: all mean "no such model here"
            raise _no_model(self.name, reason := first_line(error), reason) from error
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the weights and the prompts."""
        digest = hashlib.sha256(json.dumps(self._model.prompts, sort_keys=True).encode() + repr(self._model).encode())
        for key, value in sorted(self._model.state_dict().items()):
            digest.update(key.encode())
            digest.update(value.detach().cpu().float().numpy().tobytes())
        return digest.hexdigest()

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Vectors:
        """Return `(n, d)` float32, unit rows."""
        encode = self._model.encode_query if kind == "query" else self._model.encode_document
        vectors = encode(list(texts), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimension)


def _load_sentence_transformer(folder: Path) -> "SentenceTransformer":
    """Load a directory's model: nothing is fetched, none of its code runs, and weights are never unpickled."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(
        str(folder), local_files_only=True, trust_remote_code=False, model_kwargs={"use_safetensors": True}
    )


def _is_mean_pooled(folder: Path) -> bool:
    """Whether the directory's own configuration asks for the pooling that `OnnxEncoder` does."""
    path = folder / "1_Pooling" / "config.json"
    if not path.is_file():
        return True
    config = _read_json(path)
    return config.get("pooling_mode") == "mean" or bool(config.get("pooling_mode_mean_tokens"))


def open_session(path: Path) -> "ort.InferenceSession":
    """Open an ONNX file on the CPU, one thread a call; `ModelError` if it is missing or damaged."""
    import onnxruntime as ort

    ort.disable_telemetry_events()  # Windows: its events go to the system, which no switch of the environment stops
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own, unnamed in its API
        raise _broken(path, first_line(error)) from error


def open_tokenizer(folder: Path) -> "Tokenizer":
    """Open a directory's `tokenizer.json`, cutting at `MAX_TOKENS`."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # tokenizers raises bare Exception
        raise _broken(folder / "tokenizer.json", first_line(error)) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def hash_files(paths: Iterable[Path], *, extra: str = "") -> str:
    """Return the SHA-256 of the files' bytes, one after another, and of `extra`."""
    digest = hashlib.sha256(extra.encode())
    for path in paths:
        try:
            digest.update(path.read_bytes())
        except OSError as error:
            raise _broken(path, error.strerror or "?") from error
    return digest.hexdigest()


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _broken(path, first_line(error)) from error
    if not isinstance(found, dict):
        raise _broken(path, "JSON")
    return found


def first_line(error: Exception) -> str:
    """Return what an error says, for a message of ours: one line, and not a long one."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]


def _broken(path: Path, why: str) -> ModelError:
    return ModelError(
        f"{path}: không mở được tệp của mô hình ({why}). Hãy cài lại gói (make install) rồi chạy `qa doctor`.",
        f"{path}: a file of the model cannot be opened ({why}). Install the package again (make install) "
        "and run `qa doctor`.",
    )
