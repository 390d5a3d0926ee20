"""What no rewording may touch: quotations, numbers of documents, addresses."""

import re
from functools import cache

# A document's number, an address, words quoted: none of the question's own words.
_KIND = "NQ|QĐ|QD|NĐ|ND|CT|TT|TTLT|TB|KH|KL|HD|TTr|CV|BC|QC|PL|CTr|ĐA|GM|CTHĐ|VB"
_ISSUER = "TW|TƯ|TTg|CP|NQ|QH|UBND|HĐND|HDND|BNG|SNV|VPCP"
KEPT = (
    r"\"[^\"]*\"|“[^”]*”|«[^»]*»|‘[^’]*’|(?<!\w)'[^']*'(?!\w)"
    r"|\S+@\S+|(?:https?://|www\.)\S+|(?<![\w.])[\w-]+(?:\.[\w-]+)*\.(?:vn|com|org|net|int)(?!\w)\S*"
    r"|(?<!\w)\d+(?:/\d{4})?[-–/][^\W\d_]\S*"
    rf"|(?<!\w)(?:\d+\s?[-–/]\s?)?(?:{_KIND})\s?[-–/]\s?(?:[^\W_]+[-–/])*[^\W_]+"
    rf"|(?<!\w)\d+\s(?:(?:NQ|QĐ|QD|NĐ|ND|TB|KL|KH)\s(?:{_ISSUER})|CT\s(?:TW|TƯ|TTg))(?!\w)"
)
SIGNS_OF_KEPT = frozenset("\"“«‘'@/.-–")  # one of these, or a digit, is in all of them


def kept_spans(text: str) -> list[tuple[int, int]]:
    """Return the half-open spans that no rewriting may touch: what is quoted, numbers of documents, addresses."""
    return [match.span() for match in kept_pattern().finditer(text)] if may_be_kept(text) else []


@cache
def kept_pattern() -> re.Pattern[str]:
    """Return the pattern of what no rewording may touch; compiled when a question first needs it."""
    return re.compile(KEPT, re.IGNORECASE)


def may_be_kept(text: str) -> bool:
    """Tell whether a text has a sign of what is kept, so that the pattern need not be compiled for others."""
    return any(c in SIGNS_OF_KEPT or c.isdigit() for c in text)
