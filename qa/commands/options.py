"""Options that several commands share, and the exit codes."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from qa.show.forms import Format
from qa.show.messages import LANGUAGES, language

NO_ANSWER = 3
FAILED_CHECK = 4


class Mode(StrEnum):
    """How passages are found."""

    HYBRID = "hybrid"
    DENSE = "dense"
    LEXICAL = "lexical"


def _set_language(value: str | None) -> str | None:
    if value is None:
        return None
    if value not in LANGUAGES:
        raise typer.BadParameter("vi | en")
    language.set(value)
    return value


def _share(value: str) -> float:
    """Read a share of 1, with a point or a decimal comma."""
    try:
        share = float(value.replace(",", "."))
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise typer.BadParameter(
            f"{value}: hãy cho một số từ 0 đến 1, ví dụ 0.6; give a number from 0 to 1, such as 0.6"
        )
    return share


IndexOption = Annotated[Path, typer.Option("--index", envvar="QA_INDEX", help="Thư mục chỉ mục. Index folder.")]
FormatOption = Annotated[Format, typer.Option("--format", help="Dạng kết quả. Output format.")]
LanguageOption = Annotated[str | None, typer.Option("--lang", callback=_set_language, is_eager=True, help="vi | en")]
CommonLanguageOption = Annotated[
    str, typer.Option("--lang", envvar="QA_LANG", callback=_set_language, is_eager=True, help="vi | en")
]
SinceOption = Annotated[str | None, typer.Option(help="Chỉ bài từ ngày này. Articles since this date.")]
UntilOption = Annotated[str | None, typer.Option(help="Chỉ bài đến ngày này. Articles until this date.")]
SourceOption = Annotated[str | None, typer.Option(help="Chỉ bài của nguồn này. Articles from this source.")]
ModeOption = Annotated[Mode, typer.Option(help="Cách tìm đoạn. How passages are found.")]
MinConfidenceOption = Annotated[
    float | None,
    typer.Option(
        parser=_share, metavar="0..1", help="Ngưỡng tin cậy thấp nhất. Refuse answers less certain than this."
    ),
]
ModelOption = Annotated[
    str | None, typer.Option("--model", help="Mô hình nhúng khác. Another encoder: folder or hub's OWNER/NAME.")
]
# No `envvar`: QA_READER is looked at apart, because it may name a folder but never leads to a hub.
ReaderOption = Annotated[
    str | None,
    typer.Option(
        "--reader", help="Mô hình đọc khác. Another reader: folder or hub's OWNER/NAME.  [env: QA_READER, folders only]"
    ),
]
DEFAULT_INDEX = Path(".qa")
