"""Names of people: the surnames of Vietnam, what is a name and nothing else, and who is named in a text."""

import re
from itertools import takewhile

from qa.vietnamese.places import PLACES, PROVINCES

SURNAMES = frozenset(
    name.casefold()
    for name in (
        "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
        "Lý", "Đào", "Đoàn", "Vương", "Trịnh", "Trương", "Đinh", "Lâm", "Phùng", "Mai", "Tô", "Hà", "Tạ", "Cao", "Đôn",
        "Lương", "Lưu", "Châu", "Thái", "Quách", "Chu", "Kiều", "Triệu", "Nghiêm", "Đàm", "Tôn", "Thạch", "Giàng",
    )
)  # fmt: skip
PERSON = re.compile(r"\b(?:[Ôô]ng|[Bb]à|[Đđ]ồng chí)\s+(?=(.*))")


def is_name(text: str) -> bool:
    """Tell whether a text is a Vietnamese person's name and nothing else."""
    words = text.split()
    return (
        2 <= len(words) <= 5
        and words[0].casefold() in SURNAMES
        and all(word[:1].isupper() and word.isalpha() for word in words)
        and not any(place in text for place in PROVINCES)
        and text not in PLACES
    )


def people(text: str) -> tuple[str, ...]:
    """Return the names after "ông", "bà" or "đồng chí", in order."""
    named = [list(takewhile(str.istitle, match[1].split())) for match in PERSON.finditer(text)]
    return tuple(" ".join(words).strip("?,.") for words in named if len(words) > 1)
