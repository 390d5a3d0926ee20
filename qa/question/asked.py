"""A question analysed: what it asks for, closer than its kind, and what it names. Each thing is looked for once."""

import re
from dataclasses import dataclass
from functools import cached_property

from corpus.text import fold, syllables
from qa.question.types import Kind, Question, Window
from qa.vietnamese.amounts import MONEY_UNITS
from qa.vietnamese.ordinals import ordinals
from qa.vietnamese.people import people
from qa.vietnamese.places import COUNTRY, PLACES, countries, provinces
from qa.vietnamese.words import content_words, words

COUNTED = r"(?<!\bsố )(?<!\bthứ )\b(?:bao nhiêu|mấy)\s+(?!so với)([^\W\d_]+)"
PARTICLES = frozenset(
    {"ve", "la", "o", "trong", "cua", "cho", "tai", "do", "khi", "va", "voi", "tu", "nguoi", "thi", "vao"}
)
HOW_MANY = re.compile(r"\b(?:bao nhiêu|mấy)\s+")
JOINED = re.compile(r",\s+|\s+và\s+")
HOME = "Việt Nam"


@dataclass(frozen=True)
class Asked:
    """A question analysed; patterns are matched on the question without accents, names looked for in all it is about.

    One is made of a question and handed on, so that nothing is looked for in it twice.
    """

    question: Question

    @property
    def text(self) -> str:
        """The question as it is searched and read."""
        return self.question.text

    @property
    def kind(self) -> Kind:
        """The kind of answer asked for."""
        return self.question.kind

    @property
    def window(self) -> Window | None:
        """The days asked about, if any are named."""
        return self.question.window

    @cached_property
    def folded(self) -> str:
        """The question without accents and capitals."""
        return fold(self.text)

    @cached_property
    def lowered(self) -> str:
        """The question without capitals."""
        return self.text.casefold()

    @cached_property
    def has_accents(self) -> bool:
        """Whether the question was typed with accents, so that "máy" is not "mấy"."""
        return self.lowered != self.folded

    def words(self, text: str) -> frozenset[str]:
        """Return the words of a text as they are compared with this question's: without accents if it has none."""
        return words(text, accented=self.has_accents)

    @cached_property
    def all_words(self) -> frozenset[str]:
        """The question's words, as `words` gives them."""
        return self.words(self.text)

    @cached_property
    def folded_words(self) -> frozenset[str]:
        """The question's words without accents, however it was typed."""
        return frozenset(syllables(self.folded))

    @cached_property
    def content_words(self) -> frozenset[str]:
        """Those of the question's words that say what it is about."""
        return content_words(self.text, accented=self.has_accents)

    @cached_property
    def counted_words(self) -> frozenset[str]:
        """Those of the words from "bao nhiêu" or "mấy" on that say what is counted; of all, if none does."""
        return content_words(self.counted, accented=self.has_accents) or self.content_words

    @cached_property
    def provinces(self) -> frozenset[str]:
        """The provinces asked about, those that became part of them too."""
        return frozenset(provinces(self.question.about))

    @cached_property
    def countries(self) -> frozenset[str]:
        """The countries asked about."""
        return frozenset(countries(self.question.about))

    @cached_property
    def abroad(self) -> frozenset[str]:
        """The countries asked about but Vietnam, of which every article speaks."""
        return self.countries - {HOME}

    @cached_property
    def ordinals(self) -> frozenset[tuple[str, str]]:
        """Which of a series is asked about, as `(what is counted, number)`."""
        return ordinals(self.text)

    @cached_property
    def people(self) -> tuple[str, ...]:
        """The people asked about."""
        return people(self.text)

    @cached_property
    def unit(self) -> str:
        """The word after "bao nhiêu" or "mấy", folded: what is counted; empty if there is none."""
        pattern = COUNTED if self.has_accents else fold(COUNTED)
        found = re.findall(pattern, self.lowered if self.has_accents else self.folded)
        return "" if not found or fold(found[-1]) in PARTICLES else fold(found[-1])

    @cached_property
    def counted(self) -> str:
        """The question from "bao nhiêu" or "mấy" on; empty if it asks for no count."""
        return "".join(HOW_MANY.split(self.lowered)[1:])

    @cached_property
    def wants_ordinal(self) -> bool:
        """Whether the how-manieth is asked for."""
        if self.has_accents:
            return bool(re.search(r"\bthứ (?:mấy|bao nhiêu)\b", self.lowered))
        return bool(
            re.search(
                r"(?<!doanh )(?<!nguon )(?<!tong )\bthu (?:may|bao nhieu)\b(?! (?:tien|ty|trieu|dong))", self.folded
            )
        )

    @cached_property
    def wants_percent(self) -> bool:
        """Whether a share is asked for."""
        return bool(re.search(r"bao nhieu\s*(?:phan tram|%)", self.folded))

    @cached_property
    def wants_money(self) -> bool:
        """Whether a sum is asked for."""
        is_sum = re.search(r"\b(?:kinh phi|ngan sach|so tien|tri gia)\b", self.folded) and not self.unit
        is_other = re.search(r"bao nhiêu (?:tiến|đồng (?:chí|bào)|kinh nghiệm)", self.lowered)
        return (self.unit in MONEY_UNITS or bool(is_sum)) and not self.wants_percent and not is_other

    @cached_property
    def wants_day(self) -> bool:
        """Whether the very day is asked for."""
        return bool(re.search(r"\b(?:ngay|hom) (?:nao|may|bao nhieu)\b", self.folded))

    @cached_property
    def wants_person(self) -> bool:
        """Whether only a person can be meant: "ai là", "là ai", an office; who holds a meeting may be a ministry."""
        return bool(re.search(r"\bai la\b|\bla ai\b|\bten\b|\b(?:truong|chu tich|giam doc|bi thu) nao\b", self.folded))

    def is_echo(self, text: str) -> bool:
        """Tell whether a text only repeats the question, which doesn't give it to choose ("Hà Nội hay Đà Nẵng?")."""
        own = self.words(text)
        is_choice = re.search(r"\s(?:hay|hoặc)\s", self.lowered)
        if not own or is_choice:
            return False
        return own <= self.all_words or self._is_list_of_asked(text)

    def _is_list_of_asked(self, text: str) -> bool:
        """Tell whether a text lists places, one of them asked about: it neither tells where something is nor a name."""
        parts = JOINED.split(text)
        named = self.provinces | self.countries
        return (
            self.kind in (Kind.WHERE, Kind.WHO)
            and not self.wants_places
            and len(parts) > 1
            and all(part in PLACES for part in parts)
            and not named.isdisjoint(provinces(text) | countries(text))
        )

    @cached_property
    def wants_office(self) -> bool:
        """Whether the office that somebody holds is asked for."""
        return bool(re.search(r"\b(?:chuc vu|chuc danh|cuong vi|giu chuc) (?:gi|nao)\b", self.folded))

    @cached_property
    def wants_province(self) -> bool:
        """Whether a province or city of Vietnam is asked for."""
        abroad = COUNTRY.search(self.text) and re.search(r"\bcua\b", self.folded)
        return bool(re.search(r"\b(?:tinh|dia phuong)(?: thanh)?(?: pho)? nao\b", self.folded)) and not abroad

    @cached_property
    def wants_places(self) -> bool:
        """Whether provinces or countries are asked for, not where something is."""
        return self.wants_province or self.wants_country or bool(re.search(r"\bnhung\b|\bcac\b", self.folded))

    @cached_property
    def wants_country(self) -> bool:
        """Whether a country is asked for."""
        return bool(re.search(r"\b(?:nuoc(?: lang gieng)?|quoc gia) nao\b", self.folded))
