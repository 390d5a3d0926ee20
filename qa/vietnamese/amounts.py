"""Words of number and money."""

import re

COUNT_WORD = re.compile(
    r"\d|\b(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|trăm|nghìn|ngàn|triệu|tỷ|nửa|hàng|nhiều|vài|chục|mấy)\b",
    re.IGNORECASE,
)
PERCENT = re.compile(r"%|phần trăm", re.IGNORECASE)
MONEY = re.compile(r"\$|\b(?:USD|đồng|VND|VNĐ|euro|EUR|đô[ -]la|yên|won|nhân dân tệ|bảng|tỷ|tỉ|triệu)\b", re.IGNORECASE)
MONEY_UNITS = frozenset({"tien", "von", "usd", "dong", "ty", "trieu", "kinh"})
