"""The denoiser, FLUX transformer or SDXL UNet: trained on cached latents, with a moving average kept for export."""

from pathlib import Path

import numpy as np
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from dataset import Dataset
from progress import Checkpoint, Progress, cosine_rate, device, seed_everything

WARMUP = 200
AVERAGE_DECAY = 0.999


def optimizers(denoiser: torch.nn.Module, learning_rate: float) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside transformer blocks, AdamW for everything else."""
    matrices, others = [], []
    for name, weight in denoiser.named_parameters():
        in_block = name.startswith(("transformer_blocks", "single_transformer_blocks"))
        (matrices if in_block and weight.ndim == 2 and "norm" not in name else others).append(weight)
    chosen = [torch.optim.AdamW(others, lr=learning_rate, betas=(0.9, 0.99), weight_decay=0.01, fused=True)]
    if matrices:
        chosen.append(torch.optim.Muon(matrices, lr=learning_rate, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"))
    for optimizer in chosen:
        for group in optimizer.param_groups:
            group["full_rate"] = learning_rate
    return chosen


def load_average(family, work: Path) -> torch.nn.Module | None:
    """The averaged denoiser of the latest checkpoint."""
    state = Checkpoint(work / "denoiser.pt").load()
    if state is None:
        return None
    denoiser = family.new_denoiser()
    denoiser.load_state_dict(state["average"])
    return denoiser


def train(family, dataset: Dataset, steps: int, work: Path, seed: int = 5) -> None:
    """Trains the denoiser of a family (the module `flux` or `sdxl`), or goes on where `work` left off."""
    seed_everything(seed)
    denoiser = family.new_denoiser().to(device(), memory_format=torch.channels_last)
    average = torch.optim.swa_utils.AveragedModel(
        denoiser,
        avg_fn=lambda mean, new, count: torch.lerp(mean, new, 1 - min(AVERAGE_DECAY, float((1 + count) / (10 + count)))),
    )
    trainers = optimizers(denoiser, family.LEARNING_RATE)
    checkpoint = Checkpoint(work / "denoiser.pt")
    start = 0
    if state := checkpoint.load():
        denoiser.load_state_dict(state["denoiser"])
        average.module.load_state_dict(state["average"])
        average.n_averaged.fill_(state["step"])
        for optimizer, saved in zip(trainers, state["optimizers"]):
            optimizer.load_state_dict(saved)
        start = state["step"]
    reader = family.Reader.load(work)
    ids = reader.ids([text for texts in dataset.captions for text in texts])
    captions_each = len(dataset.captions[0])
    rng = np.random.default_rng([seed, start])
    torch.manual_seed(seed + start)
    progress = Progress(family.NAME, steps, start)
    for step in range(start, steps):
        for optimizer in trainers:
            for group in optimizer.param_groups:
                group["lr"] = group["full_rate"] * cosine_rate(step, steps, WARMUP)
        pictures = torch.from_numpy(rng.integers(0, len(dataset.latents), family.BATCH))
        texts = (pictures * captions_each + torch.from_numpy(rng.integers(0, captions_each, family.BATCH))).to(device())
        latents = dataset.latents[pictures].float().to(device())
        weights = dataset.weights[pictures, None].to(device())
        # On a CPU the backward pass of the fused attention is far slower than plain matrix products.
        with sdpa_kernel(SDPBackend.MATH):
            text = reader.read(tuple(part[texts] for part in ids), rng)
            errors = family.squared_errors(denoiser, latents, text, rng)
            loss = (errors * weights).mean()
            loss.backward()
        torch.nn.utils.clip_grad_norm_(denoiser.parameters(), 1.0)
        for optimizer in trainers:
            optimizer.step()
            optimizer.zero_grad()
        average.update_parameters(denoiser)
        progress.update(step + 1, loss=float(loss.detach()))
        if checkpoint.is_due() or step + 1 == steps:
            checkpoint.save(
                {
                    "denoiser": denoiser.state_dict(),
                    "average": average.module.state_dict(),
                    "optimizers": [optimizer.state_dict() for optimizer in trainers],
                    "step": step + 1,
                }
            )
