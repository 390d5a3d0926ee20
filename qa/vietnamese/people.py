"""Names of people: the surnames of Vietnam, and what is a name and nothing else."""

from qa.vietnamese.places import PLACES, PROVINCES

SURNAMES = frozenset(
    name.casefold()
    for name in (
        "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
        "Lý", "Đào", "Đoàn", "Vương", "Trịnh", "Trương", "Đinh", "Lâm", "Phùng", "Mai", "Tô", "Hà", "Tạ", "Cao", "Đôn",
        "Lương", "Lưu", "Châu", "Thái", "Quách", "Chu", "Kiều", "Triệu", "Nghiêm", "Đàm", "Tôn", "Thạch", "Giàng",
    )
)  # fmt: skip


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
