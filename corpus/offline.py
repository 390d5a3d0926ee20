"""Nothing leaves this computer, and nothing is left on it: what our packages send, fetch or write unasked is off.

Whatever of ours is imported imports `corpus` first, so the switches are set before any package could look at them,
and they are forced: the environment has no say. `fetch` is the one way to a network.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import ModelError

SWITCHES = {
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime: a device id and a database of events in the user's cache, then sent
    "DO_NOT_TRACK": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",  # a token that is kept here is not shown to a hub
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "DISABLE_SAFETENSORS_CONVERSION": "1",  # transformers: has a service convert the weights of a hub model
    "MPLCONFIGDIR": __file__,  # no folder: matplotlib keeps its caches in a temporary one, and removes that
    "MPL_IGNORE_SYSTEM_FONTS": "1",  # matplotlib: asks fontconfig, which writes a cache; its own font has our letters
    "TORCHDYNAMO_DISABLE": "1",  # torch: compiles into a cache
    "TORCHINDUCTOR_CACHE_DIR": str(Path(__file__).parent),  # torch makes this folder when imported; here it stands
}
WANTED = ("*.json", "*.txt", "*.model", "*.codes", "*.safetensors")  # neither code nor pickled weights
_HUB_NAME = re.compile(r"\w[\w.-]*/[\w.-]+", re.ASCII)


def stay_offline() -> None:
    """Set every switch, over what the environment says."""
    os.environ.update(SWITCHES)


def is_hub_name(name: str) -> bool:
    """Tell whether a model's name is `OWNER/NAME` and no path: a path begins otherwise, or its first folder is here."""
    return bool(_HUB_NAME.fullmatch(name)) and not Path(name).parent.is_dir()


def fetch(name: str) -> Path:
    """Return the folder of a hub model in huggingface_hub's cache, fetched over the network if it is not there yet.

    Only for a name that somebody typed on this command line: no manifest, no file and no variable leads here.
    `ModelError` if there is no such model, or no way to it.
    """
    try:
        return _fetch(name)
    except Exception as error:  # every error of a hub, a network and a disk
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
        raise ModelError(
            f"{name}: không có thư mục này, và không lấy được mô hình từ hub ({reason}). Hãy kiểm tra tên và đường "
            "mạng, hoặc cho --model, --reader đường dẫn tới một thư mục trên máy này, hoặc bỏ đi để dùng mô hình đi "
            "kèm (không cần mạng).",
            f"{name}: there is no such folder, and the model cannot be fetched from the hub ({reason}). Check the name "
            "and the connection, or give --model, --reader the path of a folder on this machine, or leave it out to "
            "use the shipped model (no network needed).",
        ) from error


def _fetch(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(name, allow_patterns=list(WANTED), token=False, local_files_only=True))
        if any(folder.glob("*.safetensors")):  # else a fetch was cut off
            return folder
    except LocalEntryNotFoundError:
        pass
    with _network():
        return Path(snapshot_download(name, allow_patterns=list(WANTED), token=False))


@contextmanager
def _network() -> Iterator[None]:
    """Let huggingface_hub reach its hub for as long as this lasts."""
    from huggingface_hub import constants

    constants.HF_HUB_OFFLINE = False
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = True
