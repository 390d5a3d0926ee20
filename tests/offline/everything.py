"""Uses everything once, in this process: `python everything.py ARTICLES SECONDS`, in an empty working directory.

Every command runs as it would be typed; with seconds to live, whatever is imported anywhere is imported as well and a
model of one's own is made and opened, and the process stays until it is that old.
"""

import json
import sys
import time
from pathlib import Path

BEGAN = time.monotonic()
ASKED = "Ai là Cục trưởng Cục Ngoại vụ năm 2018?"
QUESTION = {
    "id": "a", "question": ASKED, "answers": ["Nguyễn Hoàng Long"], "kind": "who", "as_of": "2018", "answerable": True,
    "articles": ["2018-08-12-hoi-nghi-ngoai-vu-toan-quoc-19.md"], "notes": "",
}  # fmt: skip


def run(*arguments):
    from evals.cli import main

    sys.argv = ["qa", *arguments]
    try:
        main()
    except SystemExit as stop:
        if stop.code:
            raise RuntimeError(f"{arguments} exits {stop.code}") from stop


def use_every_command(articles):
    Path("batch.jsonl").write_text(f'{{"question": "{ASKED}"}}\n', encoding="utf-8")
    Path("set.jsonl").write_text(json.dumps(QUESTION), encoding="utf-8")
    run("index", articles)
    run("ask", ASKED)
    run("ask", "--batch", "batch.jsonl")
    run("search", ASKED)
    run("cite", "--quote", "Cục trưởng Cục Ngoại vụ Nguyễn Hoàng Long", "--export", "footnote")
    run("timeline", "Cục trưởng Cục Ngoại vụ", "--plot", "timeline.svg")
    run("verify")
    run("status")
    run("doctor")
    run("eval", "run", "set.jsonl", "--index", ".qa", "--html", "page.html")


def use_a_model_of_ones_own():
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    from index.encoder import load_encoder

    size = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    BertModel(BertConfig(vocab_size=3, **size)).save_pretrained("plain")
    words = Tokenizer(models.WordLevel({"[UNK]": 0, "[PAD]": 1, "a": 2}, unk_token="[UNK]"))
    PreTrainedTokenizerFast(tokenizer_object=words, unk_token="[UNK]", pad_token="[PAD]").save_pretrained("plain")
    SentenceTransformer(modules=[Transformer("plain"), Pooling(32, "mean")], device="cpu").save("model")
    assert load_encoder("model").encode(["a"], kind="query").shape == (1, 32)


def import_whatever_is_here():
    import importlib
    import pkgutil

    for folder in ("corpus", "index", "qa", "evals"):
        package = importlib.import_module(folder)
        for module in pkgutil.walk_packages(package.__path__, f"{folder}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    for name in ("matplotlib.pyplot", "sklearn.linear_model", "huggingface_hub", "torch", "faiss", "ir_measures"):
        importlib.import_module(name)


if __name__ == "__main__":
    articles, seconds = sys.argv[1], float(sys.argv[2])
    use_every_command(articles)
    if seconds:
        import_whatever_is_here()
        use_a_model_of_ones_own()
        time.sleep(max(0.0, seconds - (time.monotonic() - BEGAN)))
