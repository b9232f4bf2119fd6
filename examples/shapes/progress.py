"""What every training stage shares: seeds, device, checkpoints and the progress line."""

import os
import random
import time
from pathlib import Path

import numpy as np
import torch


def device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def seed_everything(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def autocast() -> torch.autocast:
    """bfloat16 where it is exact enough: matrix products and convolutions."""
    return torch.autocast(device().type, torch.bfloat16)


class Checkpoint:
    """A dictionary of states in one file, replaced in one move, at most every `interval` seconds."""

    def __init__(self, path: Path, interval: float = 120.0):
        self.path = path
        self.interval = interval
        self._last_saved = time.monotonic()

    def load(self) -> dict | None:
        if not self.path.exists():
            return None
        return torch.load(self.path, map_location=device(), weights_only=False)

    def is_due(self) -> bool:
        return time.monotonic() - self._last_saved >= self.interval

    def save(self, state: dict) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        torch.save(state, fresh)
        os.replace(fresh, self.path)
        self._last_saved = time.monotonic()


class Progress:
    """Prints a line with the smoothed measures, the speed and the time left."""

    def __init__(self, stage: str, steps: int, start: int = 0, every: float = 15.0):
        self.stage = stage
        self.steps = steps
        self.every = every
        self._smoothed: dict[str, float] = {}
        self._first_step = start
        self._begun = self._last_printed = time.monotonic()

    def update(self, step: int, **measures: float) -> None:
        for name, value in measures.items():
            self._smoothed[name] = 0.98 * self._smoothed.get(name, value) + 0.02 * value
        now = time.monotonic()
        if now - self._last_printed < self.every and step < self.steps:
            return
        self._last_printed = now
        seconds_per_step = (now - self._begun) / max(1, step - self._first_step)
        left = int(seconds_per_step * (self.steps - step))
        shown = "  ".join(f"{name} {value:.4f}" for name, value in self._smoothed.items())
        print(
            f"{self.stage} {step}/{self.steps}  {shown}  {seconds_per_step:.3f} s/step  "
            f"ETA {left // 3600}:{left // 60 % 60:02d}:{left % 60:02d}",
            flush=True,
        )


def cosine_rate(step: int, steps: int, warmup: int) -> float:
    """Learning-rate factor: a linear rise, then half a cosine down to zero."""
    if step < warmup:
        return (step + 1) / warmup
    progress = (step - warmup) / max(1, steps - warmup)
    return 0.5 * (1.0 + float(np.cos(np.pi * min(1.0, progress))))
