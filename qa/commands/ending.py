"""How the program ends: whatever stopped it is one message on stderr and an exit code, never a traceback.

What was to be written is known to be written, or it is said that it wasn't: a full disk, a closed or broken output.
"""

import os
import sys
import traceback
from typing import TextIO

from corpus.errors import QaError
from qa.show.messages import language, notice

FAILED, INTERRUPTED, BROKEN_PIPE = 1, 130, 141  # 128 + SIGINT, 128 + SIGPIPE, as a shell says it


def open_closed_streams() -> None:
    """Put something in the place of standard streams that were closed, before a file of ours gets their number.

    Nothing is read from it; results fail to be written to it, and what is said on stderr is lost.
    """
    if None not in (sys.stdin, sys.stdout, sys.stderr):
        return
    while (descriptor := os.open(os.devnull, os.O_RDONLY)) <= 2:
        pass
    os.close(descriptor)
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115 - open to the end
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def code_of(stop: SystemExit) -> int:
    """Return the exit code of a command that ended; what it hides, an interruption or a broken pipe, is raised."""
    hidden = stop.__cause__ or stop.__context__
    while hidden is not None:
        if isinstance(hidden, KeyboardInterrupt | BrokenPipeError):
            raise hidden from None
        hidden = hidden.__cause__ or hidden.__context__
    return stop.code if isinstance(stop.code, int) else int(stop.code is not None)


def tell(error: BaseException) -> int:
    """Say what stopped the program and return the exit code; a reader of the output that went away needs no word."""
    if isinstance(error, BrokenPipeError):
        return BROKEN_PIPE
    told = error if isinstance(error, QaError) else _in_words(error)
    notice(told.in_language(language.get()))
    is_interrupted = isinstance(error, KeyboardInterrupt) or isinstance(error.__context__, KeyboardInterrupt)
    return INTERRUPTED if is_interrupted else told.exit_code


def _in_words(error: BaseException) -> QaError:
    if isinstance(error, KeyboardInterrupt):
        return QaError("Đã dừng theo yêu cầu.", "Stopped as asked.")
    if isinstance(error, MemoryError):
        return QaError(
            "Không đủ bộ nhớ. Hãy đóng bớt chương trình khác, hoặc chia nhỏ việc rồi chạy lại.",
            "There is not enough memory. Close other programs, or do the work in parts.",
        )
    if isinstance(error, OSError) and error.filename is None:
        return QaError(
            f"Không ghi được kết quả ({error.strerror or error}). Hãy giải phóng chỗ trống hoặc ghi ra nơi khác.",
            f"The result cannot be written ({error.strerror or error}). Free some space, or write it elsewhere.",
        )
    if isinstance(error, OSError):
        where = os.fsencode(error.filename).decode(errors="backslashreplace") if error.filename else ""
        return QaError(
            f"{where}: không dùng được ({error.strerror}). Hãy kiểm tra đường dẫn và quyền.",
            f"{where}: cannot be used ({error.strerror}). Check the path and its permissions.",
        )
    return _unforeseen(error)


def _unforeseen(error: BaseException) -> QaError:
    """Say of a fault of the program's own where it happened, so that it can be reported and mended."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else "?"
    what = f"{type(error).__name__}: {error}"[:300]
    return QaError(
        f"Lỗi của chương trình ({what}; {place}). Hãy báo lại kèm lệnh đã chạy và thông báo này.",
        f"A fault of the program itself ({what}; {place}). Please report it with the command and this message.",
    )


def let_go(stream: TextIO) -> None:
    """Write out what a stream still holds; what it cannot be rid of shall trouble nobody when the program ends."""
    try:
        stream.flush()
    except (OSError, ValueError):
        _silence(stream)


def _silence(stream: TextIO) -> None:
    try:
        descriptor = os.open(os.devnull, os.O_WRONLY)
        os.dup2(descriptor, stream.fileno())
        os.close(descriptor)
    except (OSError, ValueError):  # a stream without a descriptor
        pass
