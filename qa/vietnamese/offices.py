"""Offices and the bodies that have them."""

import re

OFFICE = re.compile(
    r"\b(?:(?:phó|nguyên|quyền|cựu|thứ|tổng|đại|bộ|cục|vụ|trưởng|chánh)\s+)*"
    r"(?:thứ trưởng|bộ trưởng|cục trưởng|vụ trưởng|trưởng (?:ban|phòng|đoàn)|thủ tướng|chủ tịch|giám đốc|bí thư"
    r"|tổng thống|tổng lãnh sự|đại sứ|thư ký|trợ lý|ủy viên|uỷ viên|văn phòng|thị trưởng|thống đốc)\b",
    re.IGNORECASE,
)
HOLDER = re.compile(
    r"\b(?:(?:phó|nguyên|thứ|tổng|đại|bộ|cục|vụ)\s+)*(?:(?:thứ|bộ|cục|vụ|thị) trưởng|thủ tướng|tổng thống"
    r"|chủ tịch|giám đốc|bí thư|thống đốc)\b",
    re.IGNORECASE,
)
BODY = re.compile(r"(?:Cục|Bộ|Sở|UBND|HĐND|SNV|Vụ|Ủy ban|Uỷ ban|Liên hiệp|Hội|Chính phủ|Trung ương)\b")
# In a folded text: what stands before an office and makes it another one, and the office.
TITLE = (
    r"(?:(pho|nguyen|cuu) )?(cuc truong|vu truong|thu truong|bo truong|truong ban|thu tuong|chu tich|giam doc|bi thu"
    r"|tong thu ky|tong thong|dai su|tong lanh su|thong doc|chanh van phong|thi truong)\b"
)
TITLES = re.compile(rf"\b{TITLE}")
Title = tuple[str, str]


def titles(folded: str) -> frozenset[Title]:
    """Return the offices that a folded text names, as `("pho", "cuc truong")`."""
    return frozenset(TITLES.findall(folded))
