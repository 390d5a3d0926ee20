"""Names and files → question sets, each with the articles it is about."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus import sample_folder
from corpus.errors import InputError
from corpus.read import find_sources, read_source
from evals.officers import officers_file, read_officers
from evals.questions import FOLDER, EvalQuestion, check_gold, default_kind, read_questions
from evals.viquad import context_files, write_articles
from index.search import Index
from index.store import hash_file
from index.training.examples import Example, read_examples

SAMPLE = "sample"
OVER_THE_SAMPLE = (SAMPLE, "english_sample")


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions with a name and a fingerprint; SQuAD sets bring their contexts as articles, files by name.

    `left_out` names the questions of a SQuAD file whose gold answers stand nowhere in their contexts.
    """

    name: str
    path: Path
    sha256: str
    questions: tuple[EvalQuestion, ...]
    articles: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def corpus(self, folder: Path) -> Path | None:
        """Return the articles that the set itself brings, written to `folder` if need be; None if it brings none."""
        if self.articles:
            return write_articles(self.articles, folder)
        return sample_folder() if self.brings_articles else None

    @property
    def brings_articles(self) -> bool:
        """Whether the set comes with its articles."""
        return bool(self.articles) or self.path in [FOLDER / f"{name}.jsonl" for name in OVER_THE_SAMPLE]

    def check(self, index: Index) -> None:
        """Check the gold against the articles of an index; `InputError` says which line is wrong."""
        texts = {stored.article.id: stored.article.text for stored in index.database.articles()}
        self._check(texts, index.directory)

    def check_files(self, folder: Path) -> None:
        """Check the gold against a folder of articles; `InputError` says which line is wrong."""
        sources, _ = find_sources(folder)
        articles = [outcome.article for outcome in map(read_source, sources) if outcome.article]
        self._check({article.id: article.text for article in articles}, folder)

    def _check(self, texts: Mapping[str, str], where: Path) -> None:
        asked = {article for question in self.questions for article in question.articles}
        if asked and not asked & set(texts):
            raise InputError(
                f"{where}: không có bài nào của bộ câu hỏi {self.name}. Hãy cho --corpus THƯ_MỤC của các bài đó.",
                f"{where}: holds none of the articles of the question set {self.name}. Give --corpus FOLDER of them.",
            )
        check_gold(self.path, self.questions, texts)


def no_articles(name: str) -> InputError:
    """Return the error of a set that brings no articles and got none."""
    return InputError(
        f"Bộ câu hỏi {name} không kèm bài viết. Hãy cho --corpus THƯ_MỤC hoặc --index CHỈ_MỤC.",
        f"The question set {name} brings no articles. Give --corpus FOLDER or --index DIR.",
    )


def known_sets() -> list[str]:
    """Return the names of the sets that come with the project."""
    return sorted(path.stem for path in FOLDER.glob("*.jsonl"))


def read_set(name: str, data: Path | None = None) -> QuestionSet:
    """Read a set by name, or a file: `.jsonl` of our schema, `.json` of SQuAD 1.1 or 2.0, either packed (`.gz`).

    `data` is the folder that `officers-dev` and `officers-train` are read from.
    """
    if path := officers_file(name, data):
        questions, articles = read_officers(path)
        return QuestionSet(name, path, _digest(path), questions, articles)
    path = FOLDER / f"{name}.jsonl" if name in known_sets() else Path(name)
    if not _is_file(path):
        known = ", ".join(known_sets())
        raise InputError(
            f"{name}: không có bộ câu hỏi này. Các bộ có sẵn: {known}; hoặc cho tên tệp .jsonl hay .json (SQuAD).",
            f"{name}: no such question set. Known: {known}; or name a .jsonl file, or a .json file (SQuAD).",
        )
    digest = _digest(path)
    stem = path.name.split(".")[0]
    if ".json" in path.suffixes:
        examples, left_out = _read_squad(path)
        names, contents = context_files(examples)
        return QuestionSet(stem, path, digest, tuple(_as_questions(examples, names)), contents, tuple(left_out))
    return QuestionSet(stem, path, digest, tuple(read_questions(path)))


def _digest(path: Path) -> str:
    try:
        return hash_file(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(f"{path}: không đọc được ({reason}).", f"{path}: cannot be read ({reason}).") from error


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name too long, or with a zero byte
        return False


def _read_squad(path: Path) -> tuple[list[Example], list[str]]:
    left_out: list[str] = []
    try:
        examples = read_examples(path, on_left_out=left_out.append)
        for example in examples:
            f"{example.id}{example.question}{example.context}{example.title}".encode()  # no half of a character
    except (OSError, ValueError, KeyError, TypeError, EOFError, AttributeError, RecursionError, zlib.error) as error:
        reason = f"{type(error).__name__}: {error}"
        raise InputError(
            f"{path}: không đọc được như tệp SQuAD ({reason}).", f"{path}: cannot be read as SQuAD JSON ({reason})."
        ) from error
    if not examples:
        raise InputError(f"{path}: không có câu hỏi nào.", f"{path}: there is no question in it.")
    return examples, left_out


def _as_questions(examples: Sequence[Example], names: Mapping[str, str]) -> list[EvalQuestion]:
    """Ask each example once: equal ids are told apart, the context's article is gold, the kind is the question's."""
    made: dict[str, EvalQuestion] = {}
    for example in examples:
        identity = example.id
        while identity in made:
            identity += "-again"
        made[identity] = EvalQuestion(
            id=identity,
            question=example.question,
            answers=tuple(dict.fromkeys("\n".join(answer.text.splitlines()) for answer in example.answers)),
            articles=(names[example.context],) if example.answers else (),
            kind=default_kind(example.question),
            as_of=None,
            answerable=bool(example.answers),
        )
    return list(made.values())
