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
)  # fmt: skip
PROVINCES = (*(name for old in MERGED.values() for name in old), *UNCHANGED, *OTHER_NAMES)
ALIASES = {
    "TPHCM": "Hồ Chí Minh", "TP.HCM": "Hồ Chí Minh", "HCM": "Hồ Chí Minh", "Sài Gòn": "Hồ Chí Minh",
    "Thừa Thiên Huế": "Huế", "Thừa Thiên - Huế": "Huế", "Bà Rịa – Vũng Tàu": "Bà Rịa - Vũng Tàu",
    "Vũng Tàu": "Bà Rịa - Vũng Tàu", "Đắc Lắc": "Đắk Lắk", "Hoà Bình": "Hòa Bình", "Thanh Hoá": "Thanh Hóa",
    "Khánh Hoà": "Khánh Hòa",
}  # fmt: skip
PLACES = (*PROVINCES, *COUNTRIES)


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
