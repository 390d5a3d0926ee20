"""The order of an English question → the order of a Vietnamese one: where question words and auxiliaries go."""

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.wording.english.groups import Chunk

AMOUNT = re.compile(r"(?:số|tổng số|tổng vốn|vốn|trị giá|ngân sách|kinh phí|tỷ lệ|kim ngạch|dân số)\b", re.IGNORECASE)
SUM = re.compile(r"(?:vốn|tiền|tổng vốn|USD|đồng|ngân sách|kinh phí)\b")
AUXILIARIES, VERBS = frozenset("bhom"), frozenset("vi")
WORDS = {
    "when": "khi nào", "where": "ở đâu", "why": "vì sao", "how": "như thế nào", "howlong": "bao lâu",
    "howoften": "bao lâu một lần",
}  # fmt: skip
TIMES = ("ngày nào", "tháng nào", "năm nào")
COUNTS = ("howmany", "howmuch", "howpercent")


def clause(said: Sequence[Chunk]) -> str:
    """Return a question in Vietnamese order, without its question mark."""
    asked = next((n for n, chunk in enumerate(said) if chunk.part == "w"), None)
    if asked is None:
        return _yes_or_no(said)
    lead, word, after = list(said[:asked]), said[asked].english, [_plain(chunk) for chunk in said[asked + 1 :]]
    noun = next((n for n, chunk in enumerate(after) if chunk.part in AUXILIARIES | VERBS), len(after))
    if word in WORDS or word in ("who", "whom"):
        noun = 0
    wanted, after = _wanted(word, after[:noun]), after[noun:]
    if any(chunk.part in AUXILIARIES | VERBS for chunk in lead):
        return f"{say(lead)} {wanted} {say(after)}"
    preposition = lead.pop() if lead and lead[-1].part == "p" else None
    opening = f"{say(lead).strip(' ,')}, " if lead and say(lead).strip(" ,") else ""
    is_time = wanted.startswith(TIMES) and len(after) > 1 and after[0].part in "boh" and after[1].part == "N"
    if word in WORDS or preposition or is_time:
        return opening + _adverbial(word, wanted, preposition, after)
    return opening + _argument(word, wanted, after)


def _plain(chunk: Chunk) -> Chunk:
    """Take a second question word ("the mayor who worked with …") for the relative pronoun that it is."""
    return replace(chunk, part="d", text="") if chunk.part == "w" else chunk


def _yes_or_no(said: Sequence[Chunk]) -> str:
    if not said or said[0].part not in AUXILIARIES:
        return say(said)
    rest = list(said[1:])
    verb = next((n for n, chunk in enumerate(rest) if chunk.part in VERBS), None)
    if verb is None:
        return f"{say(rest[:1])} {say([said[0], *rest[1:]])} phải không"
    if said[0].part == "m":
        rest = _with_will(said, rest)
    else:
        rest.insert(verb, Chunk("có", "r", ""))
    return f"{say(rest, is_passive=said[0].part == 'b')} không"


def _wanted(word: str, noun: Sequence[Chunk]) -> str:
    """Return the question word with its noun: "tỉnh nào", "bao nhiêu đại biểu"."""
    text = say(noun)
    if word in WORDS:
        return WORDS[word]
    if word in ("who", "whom"):
        return "ai"
    if word == "whose":
        return f"{text} của ai"
    if word in COUNTS:
        unit = {"howpercent": "phần trăm ", "howmuch": "" if not text or SUM.match(text) else "tiền "}.get(word, "")
        return f"bao nhiêu {unit}{text}".strip()
    return _which(text, noun[0].head if noun else "")


def _which(text: str, head: str) -> str:
    if not text:
        return "gì"
    before, found, modifiers = text.partition(head) if head else (text, "", "")
    if not found or not modifiers[1:2].isupper():
        return f"{text} nào"
    return f"{before}{head} nào của{modifiers}"


def _adverbial(word: str, wanted: str, preposition: Chunk | None, after: Sequence[Chunk]) -> str:
    """Place "khi nào", "ở đâu", "ở tỉnh nào" at the end and the time in front; "vì sao" opens."""
    is_passive = bool(after) and after[0].part == "b"
    rest = list(after[1:] if after and after[0].part in AUXILIARIES else after)
    rest = _with_will(after, rest)
    if word == "why":
        return f"{wanted} {say(rest, is_passive=is_passive)}"
    has_verb = any(chunk.part in VERBS for chunk in rest)
    times = [chunk for chunk in rest if chunk.part == "t"]
    rest = [chunk for chunk in rest if chunk.part != "t"]
    said = say(rest, is_passive=is_passive)
    if not has_verb and word in ("when", "where"):
        said += " diễn ra" if word == "when" else ""
    if preposition and not wanted.startswith(("ngày", "năm", "tháng", "bao nhiêu")):
        wanted = f"{preposition.text} {wanted}"
    opening = f"{say(times)}, " if times else ""
    return f"{opening}{said} {wanted}"


def _with_will(after: Sequence[Chunk], rest: list[Chunk]) -> list[Chunk]:
    """Put "will" from before the subject to before the verb."""
    verb = next((n for n, chunk in enumerate(rest) if chunk.part in "vib"), None)
    if not after or after[0].part != "m" or verb is None:
        return rest
    return [*rest[:verb], after[0], *rest[verb:]]


def _argument(word: str, wanted: str, after: Sequence[Chunk]) -> str:
    """Place a question word that is subject or object: "Ai chủ trì …", "… ký bao nhiêu thỏa thuận"."""
    if not after:
        return wanted
    first, rest = after[0], list(after[1:])
    follows = next((chunk for chunk in rest if chunk.part not in "rd"), None)
    if first.part == "b" and follows and follows.part == "e":
        return f"có {wanted} {say([chunk for chunk in rest if chunk.part != 'e'])}"
    is_inverted = first.part in AUXILIARIES and follows is not None and follows.part == "N"
    has_verb = _verb(rest) is not None
    if first.part == "b" and is_inverted and (word in ("who", "what") or not has_verb) and word != "howmany":
        return _copular(word, wanted, rest)
    if is_inverted and (first.part == "o" or (has_verb and not _is_caused(rest))):
        return _object(wanted, _with_will(after, rest), is_passive=first.part == "b")
    if wanted == "bao nhiêu":
        wanted = "bao nhiêu tiền"
    return f"{'có ' if word == 'howmany' else ''}{wanted} {say(after)}"


def _verb(rest: Sequence[Chunk]) -> int | None:
    return next((n for n, chunk in enumerate(rest) if chunk.part in VERBS), None)


def _is_caused(rest: Sequence[Chunk]) -> bool:
    """Tell "had heritage recognised by UNESCO" from "had Vietnam signed"."""
    verb = _verb(rest)
    return verb is not None and verb + 1 < len(rest) and rest[verb + 1].english == "by"


def _copular(word: str, wanted: str, rest: Sequence[Chunk]) -> str:
    if word == "who":
        others = [chunk for chunk in rest if chunk.part not in "td"]
        is_name = len(others) == 1 and others[0].english == "name"
        return f"{say(rest)} là ai" if is_name else f"ai là {say(rest)}"
    if rest and rest[-1].part == "p":
        return f"{say(rest)} {wanted}"
    said = say(rest)
    if wanted == "gì" and AMOUNT.match(said):
        wanted = "bao nhiêu"
    return f"{said} là {wanted}"


def _object(wanted: str, rest: Sequence[Chunk], *, is_passive: bool) -> str:
    """Put the question word behind the verb, or behind the preposition that it left: "hợp tác với thành phố nào"."""
    verb = _verb(rest)
    if verb is None:
        return _had(wanted, rest)
    if rest[-1].part == "p":
        return f"{say(rest, is_passive=is_passive)} {wanted}"
    end = verb + 1
    while end + 1 < len(rest) and rest[verb].english != "do" and (rest[end].part in VERBS or rest[end].english == "to"):
        end += 1
    while end < len(rest) and _is_stranded(rest, end):
        end += 1
    return f"{say(rest[:end], is_passive=is_passive)} {wanted} {say(rest[end:])}"


def _had(wanted: str, rest: Sequence[Chunk]) -> str:
    """Say what somebody has: "have" is the verb, or it is one that the glossary lacks."""
    subject = next((n for n, chunk in enumerate(rest) if chunk.part not in "Nryc"), len(rest))
    after = rest[subject:]
    return f"{say(rest[:subject])} có {wanted} {say(after[1:] if after and after[0].part == 'h' else after)}"


def _is_stranded(rest: Sequence[Chunk], place: int) -> bool:
    is_last = place + 1 == len(rest) or rest[place + 1].part in "pty"
    return rest[place].part == "p" and is_last


def say(said: Sequence[Chunk], *, is_passive: bool = False) -> str:
    """Say a stretch in the order it has: auxiliaries left out, "được" before a passive, "là" for "is"."""
    words: list[str] = []
    agents: set[int] = set()
    for n, chunk in enumerate(said):
        following = said[n + 1 :]
        if n in agents:
            continue
        if chunk.part == "b":
            is_passive = bool(following) and following[0].part in "vr"
            words.append("là" if following and following[0].part in "Nw" else "")
        elif chunk.part == "v" and (agent := _agent(following)):
            words.append(f"được {agent} {chunk.text}")
            agents = {n + 1, n + 2}
            is_passive = False
        elif chunk.part in VERBS:
            is_said = is_passive and chunk.part == "v" and not chunk.english.split()[0].endswith("ing")
            words.append(f"được {chunk.text}" if is_said else chunk.text)
            is_passive = False
        else:
            words.append(_word(chunk, following))
    return " ".join(filter(None, words))


def _agent(following: Sequence[Chunk]) -> str:
    """Return who did it, if "by" and a noun follow."""
    is_by = len(following) > 1 and following[0].english == "by" and following[1].part == "N"
    return following[1].text if is_by else ""


def _word(chunk: Chunk, following: Sequence[Chunk]) -> str:
    if chunk.part == "h":
        is_auxiliary = any(c.part in VERBS | {"b"} for c in following[:1]) or (
            len(following) > 1 and following[0].part == "r" and following[1].part in VERBS
        )
        return "" if is_auxiliary else "có"
    if chunk.part == "m":
        return "sẽ" if chunk.english in ("will", "shall") else ""
    if chunk.english == "to" and following and following[0].part in VERBS:
        return ""
    return chunk.text
