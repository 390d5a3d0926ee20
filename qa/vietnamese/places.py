"""Places by name: the 63 provinces as they were until 30 June 2025, the 34 since, and countries written about."""

import re
from collections.abc import Iterable

# Each province since 1 July 2025, with those that were merged into it.
MERGED: dict[str, tuple[str, ...]] = {
    "Tuyên Quang": ("Hà Giang", "Tuyên Quang"),
    "Lào Cai": ("Yên Bái", "Lào Cai"),
    "Thái Nguyên": ("Bắc Kạn", "Thái Nguyên"),
    "Phú Thọ": ("Vĩnh Phúc", "Hòa Bình", "Phú Thọ"),
    "Bắc Ninh": ("Bắc Giang", "Bắc Ninh"),
    "Hưng Yên": ("Thái Bình", "Hưng Yên"),
    "Hải Phòng": ("Hải Dương", "Hải Phòng"),
    "Ninh Bình": ("Hà Nam", "Nam Định", "Ninh Bình"),
    "Quảng Trị": ("Quảng Bình", "Quảng Trị"),
    "Đà Nẵng": ("Quảng Nam", "Đà Nẵng"),
    "Quảng Ngãi": ("Kon Tum", "Quảng Ngãi"),
    "Gia Lai": ("Bình Định", "Gia Lai"),
    "Khánh Hòa": ("Ninh Thuận", "Khánh Hòa"),
    "Lâm Đồng": ("Đắk Nông", "Bình Thuận", "Lâm Đồng"),
    "Đắk Lắk": ("Phú Yên", "Đắk Lắk"),
    "Hồ Chí Minh": ("Bà Rịa - Vũng Tàu", "Bình Dương", "Hồ Chí Minh"),
    "Đồng Nai": ("Bình Phước", "Đồng Nai"),
    "Tây Ninh": ("Long An", "Tây Ninh"),
    "Cần Thơ": ("Sóc Trăng", "Hậu Giang", "Cần Thơ"),
    "Vĩnh Long": ("Bến Tre", "Trà Vinh", "Vĩnh Long"),
    "Đồng Tháp": ("Tiền Giang", "Đồng Tháp"),
    "Cà Mau": ("Bạc Liêu", "Cà Mau"),
    "An Giang": ("Kiên Giang", "An Giang"),
}
UNCHANGED = (
    "Cao Bằng", "Điện Biên", "Hà Tĩnh", "Lai Châu", "Lạng Sơn", "Nghệ An", "Quảng Ninh", "Thanh Hóa", "Sơn La",
    "Hà Nội", "Huế",
)  # fmt: skip
OTHER_NAMES = (
    "TPHCM", "TP.HCM", "HCM", "Sài Gòn", "Thừa Thiên Huế", "Thừa Thiên - Huế", "Bà Rịa – Vũng Tàu", "Vũng Tàu",
    "Đắc Lắc", "Hoà Bình", "Thanh Hoá", "Khánh Hoà",
)  # fmt: skip
COUNTRIES = (
    "Ai Cập", "Anh", "Angola", "Argentina", "Australia", "Áo", "Ả-rập Xê-út", "Ấn Độ", "Ba Lan", "Bangladesh",
    "Belarus", "Bỉ", "Bồ Đào Nha", "Brazil", "Brunei", "Bulgaria", "Campuchia", "Canada", "Chile", "Colombia",
    "Cuba", "Đan Mạch", "Đài Loan", "Đức", "Hà Lan", "Hàn Quốc", "Hoa Kỳ", "Hungary", "Hy Lạp", "Indonesia",
    "Iran", "Ireland", "Israel", "Italia", "Kazakhstan", "Kuwait", "Lào", "Malaysia", "Mexico", "Mông Cổ",
    "Mozambique", "Mỹ", "Myanmar", "Na Uy", "Nam Phi", "Nepal", "New Zealand", "Nga", "Nhật Bản", "Nhật",
    "Pakistan", "Peru", "Phần Lan", "Pháp", "Philippines", "Qatar", "Romania", "Séc", "Singapore", "Slovakia",
    "Sri Lanka", "Tây Ban Nha", "Thái Lan", "Thổ Nhĩ Kỳ", "Thụy Điển", "Thụy Sĩ", "Triều Tiên", "Trung Quốc",
    "UAE", "Ukraine", "Úc", "Uzbekistan", "Venezuela", "Việt Nam", "Palestine", "Timor-Leste", "Ý", "Italy", "Thụy Sỹ",
    "Hoa Kì",
)  # fmt: skip
PROVINCES = (*(name for old in MERGED.values() for name in old), *UNCHANGED, *OTHER_NAMES)
ALIASES = {
    "TPHCM": "Hồ Chí Minh", "TP.HCM": "Hồ Chí Minh", "HCM": "Hồ Chí Minh", "Sài Gòn": "Hồ Chí Minh",
    "Thừa Thiên Huế": "Huế", "Thừa Thiên - Huế": "Huế", "Bà Rịa – Vũng Tàu": "Bà Rịa - Vũng Tàu",
    "Vũng Tàu": "Bà Rịa - Vũng Tàu", "Đắc Lắc": "Đắk Lắk", "Hoà Bình": "Hòa Bình", "Thanh Hoá": "Thanh Hóa",
    "Khánh Hoà": "Khánh Hòa",
}  # fmt: skip
SAME_COUNTRY = {
    "Mỹ": "Hoa Kỳ", "Hoa Kì": "Hoa Kỳ", "Nhật": "Nhật Bản", "Úc": "Australia", "Ý": "Italia", "Italy": "Italia",
    "Thụy Sỹ": "Thụy Sĩ",
}  # fmt: skip
PLACES = (*PROVINCES, *COUNTRIES)
BEFORE_PLACE = re.compile(
    r"(?:Tỉnh|TP|TP\.|Tp|Tp\.|UBND|HĐND|SNV|Sở|Thành phố|phố|CHDCND|CHND|ĐSQ|TLSQ"
    r"|\b(?:Tại|Ở|Với|Từ|Sang|Nước|Và|Theo|Riêng|Khi|Cả|Đến|Đoàn|Đón|Đưa|Đội|Để|Đi|Đài))\s*$"
)
WORD_BEFORE = re.compile(r"([^\W\d_]+)[ ]$")
NO_COUNTRY = re.compile(r"Lào Cai|Ý (?:nghĩa|kiến|tưởng|chí|thức)")


def one_of(names: Iterable[str]) -> str:
    """Return a pattern for any of the names, the longest that fits; that a name begins here is told by one letter."""
    ordered = sorted(set(names), key=lambda name: (-len(name), name))
    initials = "".join(sorted({re.escape(name[0]) for name in ordered}))
    return rf"(?=[{initials}])(?:{'|'.join(map(re.escape, ordered))})"


PROVINCE, COUNTRY = (re.compile(rf"(?<!\w){one_of(names)}(?!\w)") for names in (PROVINCES, COUNTRIES))
_COMMON_WORDS = {"hòa bình", "hoà bình", "thái bình", "an giang"}
_BY_LOWER = {name.casefold(): name for name in PLACES if " " in name and name.casefold() not in _COMMON_WORDS}
_LOWER = re.compile(rf"(?<!\w){one_of(_BY_LOWER)}(?!\w)")


def with_capitals(text: str) -> str:
    """Give places of two syllables or more their capitals, in a text typed without any; another is left as it is."""
    if any(character.isupper() for character in text[1:]):
        return text
    return _LOWER.sub(lambda match: _BY_LOWER[match[0]], text[:1].lower() + text[1:])


def countries(text: str) -> set[str]:
    """Return the countries named, each by one name, but not those within a longer name (Lào Cai, Nguyễn Tuấn Anh)."""
    found = [
        m for m in COUNTRY.finditer(text) if not _is_joined(text, m.start()) and not NO_COUNTRY.match(text, m.start())
    ]
    return {SAME_COUNTRY.get(match[0], match[0]) for match in found}


def provinces(text: str) -> set[str]:
    """Return the provinces named, but not those that are part of a longer name (Nguyễn Hà Giang, Điện Biên Phủ)."""
    return {
        ALIASES.get(match[0], match[0])
        for match in PROVINCE.finditer(text)
        if not _is_part(text, match.start(), match.end())
    }


def _is_part(text: str, start: int, end: int) -> bool:
    return _is_joined(text, start) or (text[end : end + 1] == " " and text[end + 1 : end + 2].isupper())


def _is_joined(text: str, start: int) -> bool:
    before = text[max(0, start - 24) : start]
    word = WORD_BEFORE.search(before)
    return word is not None and word[1][0].isupper() and not BEFORE_PLACE.search(before)
