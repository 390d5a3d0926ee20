"""Noun groups of an English sentence, put into Vietnamese order: quantity, head, modifiers, ordinal."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.wording.english.words import NOMINAL, Item

EVENT = re.compile(
    r"hội nghị|diễn đàn|cuộc họp|hội thảo|tọa đàm|đại hội|lễ hội|triển lãm|hội chợ|phiên|Gặp gỡ", re.IGNORECASE
)
SCALES = frozenset({"trăm", "nghìn", "triệu", "tỷ", "nghìn tỷ"})
CURRENCIES = frozenset({"USD", "đồng", "VND", "euro", "yên", "đô la"})


@dataclass(frozen=True, slots=True)
class Chunk:
    """A noun group (part N) or a word of another part; `head` is the text of a group's first word in Vietnamese."""

    text: str
    part: str
    english: str
    head: str = ""


def chunks(found: Sequence[Item]) -> list[Chunk]:
    """Gather nouns with their modifiers, and what "of" adds to them."""
    made: list[Chunk] = []
    group: list[Item] = []
    for number, item in enumerate(found):
        following = found[number + 1] if number + 1 < len(found) else None
        if group and not _goes_on(group, item, following):
            _close(made, group)
            group = []
        if item.part in NOMINAL and (item.part != "t" or group or _is_modifier(found, number)):
            group.append(item)
        elif item.part == "d":
            group.append(replace(item, text=""))
        else:
            made.append(Chunk(item.text, item.part, item.english))
    if group:
        _close(made, group)
    return made


def _is_modifier(found: Sequence[Item], number: int) -> bool:
    before = found[number - 1] if number else None
    after = found[number + 1] if number + 1 < len(found) else None
    return bool(before and after and before.part in "ds" and after.part in "nag")


def _goes_on(group: Sequence[Item], item: Item, following: Item | None) -> bool:
    """Tell whether an item belongs to the noun group before it."""
    has_head = any(member.part in "ngx" for member in group)
    is_followed = following is not None and following.part in "nagxu"
    if item.part == "d":
        return not has_head
    if item.part == "t":
        return group[-1].part in "ds" and is_followed
    if item.part == "q":
        return not has_head or not is_followed
    return item.part in NOMINAL


def _close(made: list[Chunk], group: Sequence[Item]) -> None:
    """Add a noun group to the chunks; after "of" it becomes part of the noun group before."""
    text = noun_group(group)
    if not text:
        return
    if len(made) > 1 and made[-1].part == "f" and made[-2].part == "N":
        made.pop()
        owned = made.pop()
        made.append(replace(owned, text=f"{owned.text} {text}", english=""))
        return
    heads = [item.text for item in group if item.part == "n"]
    is_name = all(item.part in "xzd" for item in group)
    made.append(Chunk(text, "N", "name" if is_name else "", heads[-1] if heads else ""))


def noun_group(group: Sequence[Item]) -> str:
    """Put a noun group into Vietnamese order: quantity, head, modifiers; "A's B" is B A."""
    cut = next((n for n, item in enumerate(group) if item.part == "s"), None)
    if cut is not None:
        return " ".join(filter(None, (noun_group(group[cut + 1 :]), noun_group(group[:cut]))))
    words = _amounts([item for item in group if item.text])
    heads = [n for n, item in enumerate(words) if item.part == "n"]
    if not heads:
        return " ".join(_ordinal(item, "") if item.part == "u" else item.text for item in words)
    head = heads[-1]
    quantity = [item.text for item in words[:head] if item.part == "q"]
    before = [item for item in words[:head] if item.part != "q"]
    kind = words[head].text
    inner = [_ordinal(item, kind) for item in reversed(_merged(before)) if item.part != "u"]
    ordinals = [_ordinal(item, kind) for item in before if item.part == "u"]
    return " ".join([*quantity, kind, *inner, *ordinals, *(item.text for item in words[head + 1 :])])


def _amounts(group: Sequence[Item]) -> list[Item]:
    """Join "5", "million" in the order that both languages have; with a currency, if it says which ("5 triệu USD")."""
    made: list[Item] = []
    for number, item in enumerate(group):
        is_scale = item.part == "n" and item.text in SCALES
        is_more = bool(made) and made[-1].part == "q"
        if is_scale and is_more:
            made[-1] = replace(made[-1], text=f"{made[-1].text} {item.text}")
        elif is_more and item.text in CURRENCIES and any(other.part == "n" for other in group[number + 1 :]):
            made[-1] = Item(f"{made[-1].text} {item.text}", "a", item.english)
        else:
            made.append(replace(item, part="q") if is_scale else item)
    return made


def _merged(group: Sequence[Item]) -> list[Item]:
    """Join names that stand side by side, so that they are not turned round."""
    made: list[Item] = []
    for item in group:
        if made and item.part == "x" and made[-1].part == "x":
            made[-1] = replace(item, text=f"{made[-1].text} {item.text}")
        else:
            made.append(item)
    return made


def _ordinal(item: Item, head: str) -> str:
    if item.part != "u":
        return item.text
    if item.text == "nhất" and not EVENT.search(head):
        return "đầu tiên"
    return f"lần thứ {item.text}" if not head or EVENT.search(head) else f"thứ {item.text}"
