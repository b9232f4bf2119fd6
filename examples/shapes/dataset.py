"""Pictures as latents with their captions: drawn once, encoded once, kept in a file."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL

from captions import caption
from domain import CANVAS, POSITIONS, SIZES, Scene, all_one_object_scenes, random_scene, render
from progress import Progress, autocast, device
from train_vae import to_tensor

CAPTIONS_PER_PICTURE = 6
ENCODED_AT_ONCE = 32
LATENT_SIDE = CANVAS // 8
OBJECT_WEIGHT = 6.0  # how much more the surroundings of an object count than empty background
OBJECT_MARGIN = 6  # pixels


@dataclass
class Dataset:
    latents: torch.Tensor  # pictures x channels x 16 x 16, normalised
    captions: list[list[str]]  # several a picture
    weights: torch.Tensor  # pictures x 16 x 16: how much the error at each place counts, 1 on average


def scenes(rng: np.random.Generator, one_object: int, two_objects: int) -> list:
    """One-object scenes in shuffled rounds through every training combination, then random two-object ones."""
    every = [scene for scene in all_one_object_scenes() if not scene.is_held_out()]
    singles = []
    while len(singles) < one_object:
        singles += [every[index] for index in rng.permutation(len(every))]
    return singles[:one_object] + [random_scene(rng, two_objects=True) for _ in range(two_objects)]


def weight_map(scene: Scene) -> np.ndarray:
    """More weight where the caption says that something is; nothing but the caption decides, so no picture is favoured."""
    weights = np.ones((LATENT_SIDE, LATENT_SIDE), np.float32)
    for thing in scene.things:
        reach = SIZES[thing.size] + OBJECT_MARGIN
        (left, right), (top, bottom) = (
            (max(0, centre - reach) // 8, -(-(centre + reach) // 8)) for centre in POSITIONS[thing.position]
        )
        weights[top:bottom, left:right] = OBJECT_WEIGHT
    return weights / weights.mean()


@torch.no_grad()
def build(vae: AutoencoderKL, path: Path, one_object: int, two_objects: int, seed: int = 4) -> Dataset:
    """Draws and encodes the pictures, or reads them back from `path`."""
    rng = np.random.default_rng(seed)
    wanted = scenes(rng, one_object, two_objects)
    weights = torch.from_numpy(np.stack([weight_map(scene) for scene in wanted]))
    if path.exists():
        return Dataset(**torch.load(path, weights_only=False), weights=weights)
    vae = vae.to(device(), memory_format=torch.channels_last)
    progress = Progress("latents", len(wanted))
    latents = []
    for start in range(0, len(wanted), ENCODED_AT_ONCE):
        pictures = to_tensor([render(scene, rng) for scene in wanted[start : start + ENCODED_AT_ONCE]])
        with autocast():
            mode = vae.encode(pictures).latent_dist.mode().float()
        latents.append((mode - (vae.config.shift_factor or 0.0)) * vae.config.scaling_factor)
        progress.update(start + len(pictures))
    encoded = {
        "latents": torch.cat(latents).to(torch.bfloat16).contiguous().cpu(),
        "captions": [[caption(scene, rng) for _ in range(CAPTIONS_PER_PICTURE)] for scene in wanted],
    }
    torch.save(encoded, path)
    return Dataset(**encoded, weights=weights)
