"""The training loop of the span reader: AdamW, linear decay, bf16, checkpoints that resume."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from transformers import BertForQuestionAnswering

from index.training.loop import (
    CHECKPOINT,
    HAS_BF16,
    SAVE_EVERY_S,
    average,
    copy_weights,
    make_optimizer,
    make_schedule,
    resume,
    save,
)
from qa.training.features import Feature, batches, collate

LOG_EVERY = 50


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run of training can vary; `tokens` is the size of a padded batch.

    `frozen` is how many layers stay as they are, from the lowest up, and the word vectors with them.
    """

    epochs: float = 2.0
    learning_rate: float = 1.5e-4
    weight_decay: float = 0.01
    tokens: int = 4096
    seed: int = 1
    average: float = 0.999
    frozen: int = 0


def load_base(path: Path) -> BertForQuestionAnswering:
    """Load an encoder or a reader as a reader without dropout (which would turn the fast attention off).

    In float32 PyTorch's fused attention is the faster one.
    """
    return BertForQuestionAnswering.from_pretrained(
        path,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        attn_implementation="eager" if HAS_BF16 else "sdpa",
        local_files_only=True,
        use_safetensors=True,
    )


def freeze(model: BertForQuestionAnswering, layers: int) -> None:
    """Keep the word vectors and the lowest `layers` layers as they are; 0: train everything."""
    if layers:
        for part in (model.bert.embeddings, *model.bert.encoder.layer[:layers]):
            part.requires_grad_(False)


def span_loss(logits: torch.Tensor, allowed: torch.Tensor, gold: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy of the start and the end token; token 0 stands for no answer."""
    masked = logits.float().masked_fill(~allowed[..., None], -1e4)
    start = nn.functional.cross_entropy(masked[..., 0], gold[:, 0])
    end = nn.functional.cross_entropy(masked[..., 1], gold[:, 1])
    return (start + end) / 2


def train(
    model: BertForQuestionAnswering,
    features_of: Callable[[int], list[Feature]],
    out: Path,
    *,
    recipe: Recipe,
    say: Callable[[str], None] = print,
) -> BertForQuestionAnswering:
    """Train and save to `out` the running average of the weights; a run that was cut off goes on from its checkpoint.

    `features_of(epoch)` gives an epoch's sequences, so that augmentation differs from epoch to epoch.
    """
    out.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model.to(device).train()
    freeze(model, recipe.frozen)
    first = features_of(0)
    per_epoch = sum(1 for _ in batches(first, tokens=recipe.tokens, rng=random.Random(recipe.seed)))
    total = max(1, int(per_epoch * recipe.epochs))
    optimizer = make_optimizer(model, learning_rate=recipe.learning_rate, weight_decay=recipe.weight_decay)
    schedule = make_schedule(optimizer, total)
    averaged = copy_weights(model)
    step = resume(out / CHECKPOINT, model, optimizer, schedule, averaged, recipe=repr(recipe), say=say)
    began, seen, running, saved = time.monotonic(), 0, 0.0, time.monotonic()
    done = step
    while step < total:
        epoch, skip = divmod(step, per_epoch)
        features = first if epoch == 0 else features_of(epoch)
        for number, batch in enumerate(batches(features, tokens=recipe.tokens, rng=random.Random(recipe.seed + epoch))):
            if number < skip:
                continue
            if step >= total or number >= per_epoch:
                break
            ids, attention, allowed, gold = (x.to(device) for x in collate(batch, pad=model.config.pad_token_id))
            with torch.autocast(device.type, torch.bfloat16, enabled=HAS_BF16):
                output = model(input_ids=ids, attention_mask=attention)
                logits = torch.stack([output.start_logits, output.end_logits], dim=-1)
            loss = span_loss(logits, allowed, gold)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            average(averaged, model, min(recipe.average, (step + 1) / (step + 10)))
            seen += int(attention.sum())
            running = loss.item() if step == done + 1 else 0.98 * running + 0.02 * loss.item()
            if step % LOG_EVERY == 0:
                pace = time.monotonic() - began
                left = pace / (step - done) * (total - step) / 60
                say(f"step {step}/{total} loss {running:.3f} tokens/s {seen / pace:.0f} minutes left {left:.1f}")
            if time.monotonic() - saved > SAVE_EVERY_S:
                save(out / CHECKPOINT, model, optimizer, schedule, averaged, step, recipe=repr(recipe))
                saved = time.monotonic()
        else:
            step = max(step, min(total, (epoch + 1) * per_epoch))
    model.load_state_dict(averaged)
    model.to("cpu").eval().save_pretrained(out)
    (out / CHECKPOINT).unlink(missing_ok=True)
    return model
