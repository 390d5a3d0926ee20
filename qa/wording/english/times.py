"""Times of an English question → the same times as Vietnamese articles write them."""

import re
from collections.abc import Callable

from corpus.text import fold

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
NUMBERS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"), start=1
    )
}
QUARTERS = {"1": "I", "2": "II", "3": "III", "4": "IV", "first": "I", "second": "II", "third": "III", "fourth": "IV"}
PARTS = {
    **dict.fromkeys(("early", "beginning", "start"), "đầu"),
    **dict.fromkeys(("mid", "middle"), "giữa"),
    **dict.fromkeys(("late", "end"), "cuối"),
}
LEADS = {
    "by": "đến ", "until": "đến ", "till": "đến ", "to": "đến ", "before": "trước ", "after": "sau ", "since": "từ ",
    "from": "từ ", "as of": "tính đến ",
}  # fmt: skip
_YEAR = r"(?P<y>(?:19|20)\d{2})"
_MONTH = rf"(?P<m>{'|'.join(MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_COUNT = rf"(?P<n>\d{{1,2}}|{'|'.join(NUMBERS)})"
_OF = r"(?:\s+of)?(?:\s+the\s+year)?,?\s+"
_LEAD = (
    r"(?<![\w-])(?:(?P<lead>by|until|till|to|before|after|since|from|as of)\s+"
    r"|(?:in|on|during|throughout|within|for|of)\s+)?"
    r"(?:the\s+)?(?:year\s+)?"
)
_END = r"(?![\w%]|[.,/]\d|-\d)"
Formatter = Callable[[re.Match[str]], str]


def _month(match: re.Match[str]) -> int:
    said = fold(match["m"])  # a pattern takes ſ and ı for s and i, in any case
    return next(number for number, name in enumerate(MONTHS, start=1) if name.startswith(said))


def _half(match: re.Match[str]) -> str:
    return f"6 tháng {'đầu' if fold(match['h']) == 'first' else 'cuối'} năm {match['y']}"


def _months(match: re.Match[str]) -> str:
    said = fold(match["n"])
    return f"{NUMBERS.get(said, said)} tháng {'đầu' if fold(match['h']) == 'first' else 'cuối'} năm {match['y']}"


def _day_of_year(match: re.Match[str]) -> str:
    return f"ngày {match['d']}/{_month(match)}/{match['y']}"


TIMES: tuple[tuple[re.Pattern[str], Formatter], ...] = tuple(
    (re.compile(_LEAD + pattern + _END, re.IGNORECASE), formatter)
    for pattern, formatter in (
        (rf"(?P<h>first|second|last) (?:half|six months|6 months){_OF}{_YEAR}", _half),
        (rf"(?P<h>first|last) {_COUNT} months{_OF}{_YEAR}", _months),
        (
            rf"(?:(?P<h>first|second|third|fourth) quarter|q(?P<q>[1-4])){_OF}{_YEAR}",
            lambda m: f"quý {QUARTERS[fold(m['h'] or m['q'])]}/{m['y']}",
        ),
        (rf"{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}", _day_of_year),
        (rf"{_MONTH}\s+(?:the\s+)?{_DAY}(?:,\s*|\s+){_YEAR}", _day_of_year),
        (r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>(?:19|20)\d{2})", lambda m: f"ngày {m['d']}/{m['m']}/{m['y']}"),
        (r"(?P<y>(?:19|20)\d{2})-(?P<m>\d{2})-(?P<d>\d{2})", lambda m: f"ngày {int(m['d'])}/{int(m['m'])}/{m['y']}"),
        (rf"{_MONTH},?(?:\s+of)?\s+{_YEAR}", lambda m: f"tháng {_month(m)}/{m['y']}"),
        (
            rf"(?:the\s+)?(?P<p>early|mid|late|beginning|start|middle|end)(?:-|\s+)(?:of\s+)?{_YEAR}",
            lambda m: f"{PARTS[fold(m['p'])]} năm {m['y']}",
        ),
        (rf"{_YEAR}\s?[-–]\s?(?P<z>(?:19|20)\d{{2}})", lambda m: f"{m['y']} - {m['z']}"),
        (rf"{_DAY}\s+(?:of\s+)?{_MONTH}", lambda m: f"ngày {m['d']}/{_month(m)}"),
        (rf"{_MONTH}\s+{_DAY}", lambda m: f"ngày {m['d']}/{_month(m)}"),
        (r"last year", lambda m: "năm trước"),
        (r"this year", lambda m: "năm nay"),
        (r"next year", lambda m: "năm sau"),
    )
)
BARE_MONTH = re.compile(rf"(?:(?<=\bin )|(?<=\bsince )|(?<=\bduring )|(?<=\blast )){_MONTH}", re.IGNORECASE)
BARE_YEAR = re.compile(_LEAD + _YEAR + _END, re.IGNORECASE)
FROM_TO = re.compile(r"\bbetween\s+(?:the\s+)?(\x01\d+\x02)\s+and\s+(?:the\s+)?(\x01\d+\x02)", re.IGNORECASE)
PLACEHOLDER = re.compile(r"\x01(\d+)\x02")


def mark_times(text: str) -> tuple[str, list[str]]:
    """Return the text with a marker for each time (see `PLACEHOLDER`), and those times in Vietnamese.

    A preposition before the time goes with it; a year that has none is left as a number: it may belong to a name.
    """
    found: list[str] = []

    def put(match: re.Match[str], said: str) -> str:
        lead = LEADS.get(fold(match.groupdict().get("lead") or ""), "")
        found.append(lead + said)
        return f" \x01{len(found) - 1}\x02 "

    for pattern, formatter in TIMES:
        text = pattern.sub(lambda m, say=formatter: put(m, say(m)), text)  # type: ignore[misc]
    text = BARE_YEAR.sub(lambda m: put(m, m["y"] if m[0] == m["y"] else f"năm {m['y']}"), text)
    text = BARE_MONTH.sub(lambda m: put(m, f"tháng {_month(m)}"), text)
    text = " ".join(text.split())
    return FROM_TO.sub(lambda m: _join(found, m), text), found


def _join(found: list[str], match: re.Match[str]) -> str:
    first, last = (int(PLACEHOLDER.findall(group)[0]) for group in match.groups())
    since, until = (f"năm {found[n]}" if found[n].isdigit() else found[n] for n in (first, last))
    found[first] = f"từ {since} đến {until}"
    return match[1]
