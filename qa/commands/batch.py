"""Many questions: a file of JSON lines in, one result a line out, whatever the lines are."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import InputError, QaError
from qa.show.messages import WORDS, language, notice, say

if TYPE_CHECKING:
    from index.search import Filters, Mode
    from qa.answer import Answerer


MAX_BYTES = 16 * 1024 * 1024
BOM = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_lines(path: Path) -> list[str]:
    """Read a batch file (`-` is stdin), blank lines included; `InputError` if it cannot be read or asks nothing.

    Bytes that are not UTF-8 are kept as lone surrogates, so that only their lines are lost, unless that is the file.
    """
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with path.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            f"{path}: không đọc được tệp câu hỏi ({reason}). Hãy kiểm tra đường dẫn và quyền đọc.",
            f"{path}: the batch file cannot be read ({reason}). Check the path and its permissions.",
        ) from error
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise InputError(
            f"{path}: lớn hơn {limit} MB. Hãy chia các câu hỏi ra nhiều tệp.",
            f"{path}: larger than {limit} MB. Divide the questions among several files.",
        )
    text = data.removeprefix(BOM).decode("utf-8", "surrogateescape")
    lines = text.split("\n")
    if data.startswith(UTF_16) or not any(_is_utf8(line) for line in lines):
        raise _not_utf8(str(path))
    if not text.strip():
        raise InputError(
            f"{path}: không có câu hỏi nào. Hãy ghi mỗi dòng một đối tượng JSON.",
            f"{path}: there is no question in it. Write one JSON object a line.",
        )
    return lines


def _is_utf8(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True


def _not_utf8(where: str) -> InputError:
    return InputError(
        f"{where}: không phải UTF-8. Hãy lưu lại các câu hỏi với bảng mã UTF-8.",
        f"{where}: not UTF-8. Save the questions again as UTF-8.",
    )


def ask_lines(
    answerer: "Answerer", lines: Sequence[str], name: str, *, as_of: str | None, mode: "Mode", filters: "Filters"
) -> Iterator[dict[str, Any]]:
    """Yield one result a line, in order; a line that cannot be asked gets a result that says why, and a notice."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{name}:{number}"
        row = _row(line)
        try:
            when = row.get("as_of")
            asked = answerer.ask(
                _question(row, line, where), as_of=as_of if when is None else str(when), mode=mode, filters=filters
            )
        except QaError as error:
            message = error.in_language(language.get())
            notice(message if where in message else f"{where}: {message}")
            yield _error(row, message)
            continue
        if asked.unverified:
            ids = ", ".join(citation.id for citation in asked.unverified)
            notice(f"{where}: {say('unverified', n=len(asked.unverified), where=ids)}")
        yield asked.to_json(result_id=row.get("id"))


def _row(line: str) -> dict[str, Any]:
    """Return the line's object; empty if it is none, not UTF-8, or holds a number JSON cannot say (NaN, infinity)."""
    try:
        line.encode()
        row = json.loads(line)
        json.dumps(row, allow_nan=False)
    except (ValueError, RecursionError):
        return {}
    return row if isinstance(row, dict) else {}


def _question(row: dict[str, Any], line: str, where: str) -> str:
    if not _is_utf8(line):
        raise _not_utf8(where)
    question = row.get("question")
    if not isinstance(question, str):
        vi, en = WORDS["batch_line"]
        raise InputError(vi.format(where=where), en.format(where=where))
    return question


def _error(row: dict[str, Any], message: str) -> dict[str, Any]:
    return {
        "id": row.get("id"), "question": row.get("question"), "status": "error", "as_of": row.get("as_of"),
        "answers": [], "evidence": [],
        "passages": [], "unverified": [], "error": message, "timings_ms": {"retrieve": 0.0, "read": 0.0, "total": 0.0},
    }  # fmt: skip
