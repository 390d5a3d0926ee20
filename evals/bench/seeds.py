"""What mutations begin from: inputs as they should be, and fragments that made readers stumble."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from corpus import sample_folder
from evals.questions import FOLDER

# What made readers stumble, here and elsewhere: letters whose case or length changes, digits that are none of ours,
# times that never were, signs that formats obey, halves of characters, the ends of numbers.
NASTY = (
    "İ", "ı", "ſ", "K", "ß", "ﬁ", "ŉ", "ΐ", "ﷺ", "ﾞ", "ﾟ", "ª", "²", "①", "½", "٣", "２０１８", "٢٠١٨", "१२", "𝟚𝟘𝟙𝟠",
    "Ⅳ", "〇", "Ð", "Đ", "quý İ/2013", "quý ı năm 2013", "quý I và İ/2013", "0 tháng đầu năm 2018",
    "13 tháng cuối năm 2018", "00 quý đầu năm 2018", "99 quý cuối năm 2018", "cuốı năm 2018",
    "ſáu tháng đầu năm 2018", "haı tháng đầu năm 2018", "nửa cuốİ năm 2018", "31/02/2018", "0/0/2018", "00/00/0000",
    "1/1/0000", "29/2/1900", "31/12/2099", "năm 1900", "năm 2099", "tháng 0 năm 2018", "tháng 13/2018",
    "2099 đến 1900", "trước năm 1900", "sau năm 2099", "2018-02-30", "từ 1900 đến hết năm 2099",
    "trước ngày 1/1/1900", "lần thứ IVXL", "lần thứ LLLL", "lần thứ nhất", "lần thứ ０", "lần thứ ٣", "Aprıl 2018",
    "ſeptember 2018", "mıd 2018", "fırst quarter of 2018", "ﬁrst half of 2018", "\u0301", "\u0301\u0323" * 40,
    "a" + "\u0301" * 70, "\u200b", "\u200d", "\u202e", "\u2028", "\u2029", "\x85", "\xa0", "\u3000", "\ufeff",
    "\x00", "\x01", "\x03", "\x010\x02", "\x039\x04", "\x1b[31m", "\x7f", "\udcff", "\ud800", "\U0010ffff",
    "👩‍👩‍👧‍👦", "|", "||||", "***", "---", "\n---\n", "...", "…", "?!", "((((", "))))", "[[[[", "{", "}", "{{", "%s",
    "{0}", "\\", "`", "```", "$(id)", "<b>", "&amp;", "](x)", "\"", "'", "“", "”", "«", "»", "‘", "@", "#", "#0-0@",
    "#5-3@00000000", "/", "../", "~", ":", ": ", ":" * 300, "- ", "? ", "&a", "*a", "!!int ", "<<: ", "|\n", ">\n",
    "\t", "\n", "\r", "\r\n", "\n\n\n", " " * 300, "\n" * 300, "null", "true", "NaN", "Infinity", "-0", "1e999",
    "9" * 30, "9" * 5000, "-1", "0x1", "[" * 2000, '{"a":' * 2000, "\\ud800", "\\u0000", '"question": 5',
    '"as_of": 2018', '"as_of": {}', '"id": [[]]', "Thứ Hai, 31/02/2018", "ngày 99/99", "hôm nay ngày 31/2",
    "TIN LIÊN QUAN", "Ý kiến của bạn", "năm nay", "năm tới", "bao nhiêu", "mấy", "ai", "ở đâu", "khi nào", "thứ mấy",
    "TP.", "TP. ", "SNV", "who", "when did", "how many", "'s", "s'", "Meet", "of the", "(", "a" * 300, "Ă" * 300,
    "1/" * 100, "; ",
)  # fmt: skip
QUESTIONS = (
    "Ai là Cục trưởng Cục Ngoại vụ năm 2018?", "Có bao nhiêu đoàn vào năm 2012?", "Hội nghị lần thứ 19 khi nào?",
    "Gặp gỡ Nhật Bản được tổ chức ở tỉnh nào?", "Vì sao Huế tặng Lào kinh phí bao nhiêu tỷ đồng?",
    "Hội nghị lần thứ mấy?", "Ông Vũ Hồng Nam giữ chức vụ gì?", "ai la chu tich tinh Phu Tho?",
)  # fmt: skip


def _seeds_of(folder: Path, pattern: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(folder.glob(pattern)))


@cache
def seeds(kind: str) -> tuple[bytes, ...]:
    """Return inputs of a kind as they should be, to be mutated."""
    sets = _seeds_of(FOLDER, "*sample*.jsonl")
    lines = [line for questions in sets for line in questions.splitlines()]
    typed = [json.loads(line)["question"].encode() for line in lines]
    articles = _seeds_of(sample_folder(), "*.md")
    paragraph = articles[0].decode().split("---\n", 2)[-1].strip()
    gold = {"text": paragraph[:9], "answer_start": 0}
    qas = [{"id": str(n), "question": q.decode(), "answers": [gold]} for n, q in enumerate(typed[:5])]
    kinds: dict[str, Sequence[bytes]] = {
        "article": articles,
        "head": [a.decode().split("---\n", 2)[1].encode() for a in articles],
        "question": [*typed, *(q.encode() for q in QUESTIONS)],
        "sentence": [line for a in articles for line in a.splitlines() if len(line) > 20],
        "date": [b"2018", b"2018-08", b"12/8/2018", b"2018-08-12T10:00", "Bản tin".encode()],
        "batch": [b"\n".join(json.dumps({"id": n, "question": q.decode(), "as_of": "2018"}).encode() for n, q in
                             enumerate(typed[at : at + 2])) for at in range(0, 20, 2)],
        "citation": [b"2018-08-12-hoi-nghi-ngoai-vu-toan-quoc-19.md#883-900@bf6c7584", b"traps.md#0-40@00000000"],
        "lines": [b"\n".join(lines[at : at + 3]) for at in range(0, 30, 3)],
        "squad": [json.dumps({"data": [{"title": "T", "paragraphs": [{"context": paragraph, "qas": qas}]}]}).encode()],
        "pairs": ["Ai là Cục trưởng?\tÔng A là Cục trưởng.\tTin".encode(), b'{"question": "a", "passage": "b c"}'],
        "toml": [b'[tool.qa-evals.tolerances]\n"em" = 0.05\n"f1" = 0.1\n'],
        "json": [*_seeds_of(FOLDER.parent / "baselines", "*.json"), b'{"all": {"em": 1.0}}', b'{"ms": 1.5, "id": "a"}'],
    }  # fmt: skip
    return tuple(kinds[kind])
