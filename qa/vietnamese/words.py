"""The words of a text as they are compared, and those that say nothing of what it is about."""

from corpus.text import canonical_syllable, fold, is_unaccented, syllables

# Words that say nothing of what is counted.
FUNCTION = (
    "ai là gì nào bao nhiêu mấy khi ở đâu tại sao vì thế có được đã của và các những trong về cho với do vào năm tháng"
    " ngày ra tên bị sẽ đang thì mà này đó người việc theo từ đến ông bà hay không"
)


def content_words(question: str) -> set[str]:
    """Return the words of a question that say what it is about, in the form that `words` gives."""
    return {word for word in words(question, like=question) if not word[0].isdigit()} - words(FUNCTION, like=question)


def words(text: str, *, like: str) -> set[str]:
    """Return the syllables of a text as they are compared: without accents if the question `like` has none."""
    return set(map(fold if is_unaccented(like) else canonical_syllable, syllables(text)))
