"""The words of a text as they are compared, and those that say nothing of what it is about."""

from corpus.text import canonical_syllable, fold, syllables

# Words that say nothing of what is counted.
FUNCTION = (
    "ai là gì nào bao nhiêu mấy khi ở đâu tại sao vì thế có được đã của và các những trong về cho với do vào năm tháng"
    " ngày ra tên bị sẽ đang thì mà này đó người việc theo từ đến ông bà hay không"
)


def words(text: str, *, accented: bool) -> frozenset[str]:
    """Return the syllables of a text as they are compared: their tone marks in one place, or without any accent."""
    return frozenset(map(canonical_syllable if accented else fold, syllables(text)))


def content_words(text: str, *, accented: bool) -> frozenset[str]:
    """Return the words of a text that say what it is about, in the form that `words` gives."""
    said = frozenset(word for word in words(text, accented=accented) if not word[0].isdigit())
    return said - words(FUNCTION, accented=accented)
