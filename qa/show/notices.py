"""What is told on stderr about a question, its answer, or the reader."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpus.visible import visible
from qa.show.messages import language, notice, say

if TYPE_CHECKING:
    from qa.question.types import Question
    from qa.reading.spans import SpanReader
    from qa.result import Result


def tell_if_uncalibrated(reader: "SpanReader") -> None:
    """Say on stderr that confidence was fitted for the shipped reader, if this is another one."""
    from qa.reading.onnx import SHIPPED, Reader

    if reader.name != SHIPPED and reader.fingerprint != Reader().fingerprint:
        notice(say("reader_uncalibrated", name=reader.name))


def tell_wording(question: "Question", sentences: "Sequence[str]" = ()) -> None:
    """Say how a question was understood that was not typed so, and that an answer is from before a merger."""
    from qa.wording.former_names import to_tell

    if question.read_as:
        notice(say("read_as", text=visible(question.read_as, inline=True)))
    for merger in to_tell(question.mergers, sentences):
        vi, en = merger.notice
        notice(vi if language.get() == "vi" else en)


def tell_result(result: "Result", *, is_filtered: bool) -> None:
    """Tell how the question was read, which citations no longer stand, and that a refusal is of some articles only."""
    tell_wording(result.question, [c.sentence for answer in result.answers for c in answer.citations])
    if result.unverified:
        where = ", ".join(citation.id for citation in result.unverified)
        notice(say("unverified", n=len(result.unverified), where=where))
    if is_filtered and not result.answers:
        notice(say("filtered"))
