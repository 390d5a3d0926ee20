"""What training loops share: AdamW, warm-up and linear decay, a running average of the weights, checkpoints."""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

CHECKPOINT = "checkpoint.pt"
SAVE_EVERY_S = 300.0
WARM_UP = 0.06
FLOOR = 0.02
# Where bf16 is emulated it is ten times slower than float32.
HAS_BF16: bool = (
    torch.cuda.is_bf16_supported(including_emulation=False)
    if torch.cuda.is_available()
    else torch.cpu._is_avx512_bf16_supported()
)

Weights = dict[str, torch.Tensor]


def make_optimizer(model: nn.Module, *, learning_rate: float, weight_decay: float) -> torch.optim.AdamW:
    """Return AdamW that decays matrices but neither biases nor norms."""
    decayed = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": weight_decay}, {"params": plain, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=learning_rate, fused=True)


def make_schedule(optimizer: torch.optim.Optimizer, total: int) -> torch.optim.lr_scheduler.LambdaLR:
    """Return a learning rate that warms up, then falls linearly to a fiftieth over `total` steps."""
    return torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (WARM_UP * total)) * max(FLOOR, 1 - step / total)
    )


def copy_weights(model: nn.Module) -> Weights:
    """Return a copy of a model's weights."""
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


@torch.no_grad()
def average(averaged: Weights, model: nn.Module, decay: float) -> None:
    """Move the running average a little towards the model's weights."""
    for name, value in model.state_dict().items():
        if value.is_floating_point():
            averaged[name].lerp_(value, 1 - decay)
        else:
            averaged[name].copy_(value)


def save(
    path: Path, model: nn.Module, optimizer: torch.optim.Optimizer, schedule: torch.optim.lr_scheduler.LambdaLR,
    averaged: Weights, step: int, *, recipe: str,
) -> None:  # fmt: skip
    """Write a checkpoint aside, then put it in its place."""
    aside = path.with_suffix(".part")
    torch.save(
        {
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "schedule": schedule.state_dict(),
            "averaged": averaged,
            "step": step,
            "recipe": recipe,
        },
        aside,
    )
    aside.replace(path)


def resume(
    path: Path, model: nn.Module, optimizer: torch.optim.Optimizer, schedule: torch.optim.lr_scheduler.LambdaLR,
    averaged: Weights, *, recipe: str, say: Callable[[str], None],
) -> int:  # fmt: skip
    """Put back what `save` wrote and return the step it was written at; 0 if there is no checkpoint.

    `ValueError` if it is of a run with another recipe: going on would be neither the one nor the other.
    """
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True, map_location="cpu")
    if state["recipe"] != recipe:
        raise ValueError(f"{path} is of another run ({state['recipe']}); remove it to begin anew")
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    for name, value in state["averaged"].items():
        averaged[name].copy_(value)
    say(f"resumed {path} at step {state['step']}")
    return int(state["step"])
