"""The forms that results and citations are printed in."""

from enum import StrEnum


class Format(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    MD = "md"


class Export(StrEnum):
    """The forms that a citation can be written in for other tools."""

    FOOTNOTE = "footnote"
    MARKDOWN = "markdown"
    CSL = "csl-json"
    BIBTEX = "bibtex"
