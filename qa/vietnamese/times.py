"""Words of time."""

import re

TIME_WORD = re.compile(
    r"(?<!\d)(?:1\d|20)\d{2}(?!\d)|\d\s?[/\-–]\s?\d|\b\d{1,2}[.:]\d{1,2}(?!\d)|\d\s?(?:h|g|giờ)\b|\bthập (?:niên|kỷ)\b"
    r"|\b(?:năm|tháng|ngày|hôm|tuần|quý|sáng|trưa|chiều|tối|đêm|đầu|cuối|giữa|nay|qua|thế kỷ|mùng|mồng|rằm|tết|mùa|dịp"
    r"|chủ nhật|thứ (?:hai|ba|tư|năm|sáu|bảy))\b",
    re.IGNORECASE,
)
DAY = re.compile(r"\d{1,2}\s?[/.\-–]\s?\d{1,2}(?!\d)|(?:ngày|mùng|mồng)\s+\w|\d{1,2}\s+tháng\b", re.IGNORECASE)
DATE_ONLY = re.compile(r"(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?:/\d{4})?")
TIME_UNITS = frozenset({"nam", "thang", "ngay", "tuan", "gio", "phut", "lan"})
# "lần thứ hai" counts times: it is neither a number of things nor a Monday.
ORDINAL_TIME = re.compile(r"\blần thứ\s+\w+", re.IGNORECASE)
