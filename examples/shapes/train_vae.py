"""The picture autoencoder: 128 x 128 pixels to 16 x 16 latents and back.

Three things make it learn in minutes on a CPU: orthogonal convolutions, residual
branches that start at zero, and group norms with two groups only.
"""

from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL

from domain import BACKGROUNDS, CANVAS, POSITIONS, Scene, random_scene, render
from progress import Checkpoint, Progress, autocast, cosine_rate, device, seed_everything

CROP = 64
CROPS_PER_STEP = 5
WHOLE_PICTURES_PER_STEP = 2
WHOLE_PICTURES_FROM = 0.85  # share of the steps that see crops only
LEARNING_RATE = 2e-3
KL_WEIGHT = 5e-4
FIRST_LOG_VARIANCE = -3.0
OBJECT_WEIGHT = 4.0  # how much more a pixel of an object counts than one of the background
OBJECT_DISTANCE = 0.15  # from the background's colour, in [-1, 1]
DENOISER_ERROR = 0.08  # noise that the decoder learns to undo once the encoder stands, in deviations of the latents


def new_vae(latent_channels: int, quant_convs: bool) -> AutoencoderKL:
    """An untrained autoencoder that already passes signals through undistorted."""
    vae = AutoencoderKL(
        block_out_channels=(16, 32, 64, 64),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=1,
        latent_channels=latent_channels,
        norm_num_groups=2,
        sample_size=CANVAS,
        use_quant_conv=quant_convs,
        use_post_quant_conv=quant_convs,
        force_upcast=True,
    )
    for name, module in vae.named_modules():
        if isinstance(module, torch.nn.Conv2d):
            torch.nn.init.orthogonal_(module.weight)
            torch.nn.init.zeros_(module.bias)
        if name.endswith((".conv2", ".to_out.0")):
            torch.nn.init.zeros_(module.weight)
    moments = vae.quant_conv if quant_convs else vae.encoder.conv_out
    torch.nn.init.constant_(moments.bias[latent_channels:], FIRST_LOG_VARIANCE)
    with torch.no_grad():
        moments.weight[latent_channels:] *= 0.1
    return vae


def to_tensor(pictures: list[np.ndarray]) -> torch.Tensor:
    """8-bit pictures to a batch in [-1, 1]."""
    batch = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1.0
    return batch.to(device()).contiguous(memory_format=torch.channels_last)


def crop_around_a_thing(picture: np.ndarray, scene: Scene, rng: np.random.Generator) -> np.ndarray:
    across, down = POSITIONS[scene.things[rng.integers(len(scene.things))].position]
    left, top = (int(np.clip(centre - rng.integers(8, CROP - 8), 0, CANVAS - CROP)) for centre in (across, down))
    return picture[top : top + CROP, left : left + CROP]


def random_batch(rng: np.random.Generator, whole: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures, and how much each of their pixels counts."""
    pictures, backgrounds = [], []
    for _ in range(WHOLE_PICTURES_PER_STEP if whole else CROPS_PER_STEP):
        scene = random_scene(rng, two_objects=rng.random() < 0.3)
        picture = render(scene, rng)
        pictures.append(picture if whole else crop_around_a_thing(picture, scene, rng))
        backgrounds.append(np.array(BACKGROUNDS[scene.background], np.uint8).reshape(1, 1, 3))
    batch = to_tensor(pictures)
    distance = (batch - to_tensor(backgrounds)).abs().amax(dim=1, keepdim=True)
    weights = 1.0 + OBJECT_WEIGHT * (distance > OBJECT_DISTANCE)
    return batch, weights / weights.mean()


def reconstruction_loss(decoded: torch.Tensor, pictures: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    difference = decoded.float() - pictures
    return (weights * (difference.abs() + difference.square())).mean()


def decibels(decoded: torch.Tensor, pictures: torch.Tensor) -> float:
    error = ((decoded.float().clamp(-1, 1) - pictures) / 2).square().mean()
    return float(-10.0 * torch.log10(error))


def train(vae: AutoencoderKL, steps: int, work: Path, decoder_only: bool = False, seed: int = 1) -> AutoencoderKL:
    """Trains the autoencoder, or goes on where `work` left off.

    With `decoder_only` the latents stay as they are, so that this can follow, or run beside, the denoiser's training.
    """
    stage = "decoder" if decoder_only else "vae"
    seed_everything(seed)
    vae = vae.to(device(), memory_format=torch.channels_last)
    trained = [weight for name, weight in vae.named_parameters() if "decoder" in name or not decoder_only]
    optimizer = torch.optim.Adam(trained, lr=LEARNING_RATE)
    checkpoint = Checkpoint(work / f"{stage}.pt")
    start = 0
    if state := checkpoint.load():
        vae.load_state_dict(state["vae"])
        optimizer.load_state_dict(state["optimizer"])
        start = state["step"]
    rng = np.random.default_rng([seed, start])
    progress = Progress(stage, steps, start)
    for step in range(start, steps):
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * cosine_rate(step, steps, warmup=100)
        pictures, weights = random_batch(rng, whole=step >= WHOLE_PICTURES_FROM * steps)
        with autocast():
            with torch.set_grad_enabled(not decoder_only):
                posterior = vae.encode(pictures).latent_dist
                latents = posterior.sample()
            if decoder_only:
                latents = latents + DENOISER_ERROR / vae.config.scaling_factor * torch.randn_like(latents)
            decoded = vae.decode(latents).sample
        divergence = posterior.kl().float().mean() / posterior.mean[0].numel()
        loss = reconstruction_loss(decoded, pictures, weights) + KL_WEIGHT * divergence
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        progress.update(step + 1, dB=decibels(decoded.detach(), pictures), KL=float(divergence.detach()))
        if checkpoint.is_due() or step + 1 == steps:
            checkpoint.save({"vae": vae.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1})
    if not decoder_only:
        normalise_latents(vae)
    return vae


@torch.no_grad()
def normalise_latents(vae: AutoencoderKL, pictures: int = 256) -> None:
    """Sets the factors of the configuration so that latents have mean 0 and variance 1.

    Where there are quantisation convolutions (SDXL has them, and no shift factor) they take the shift in.
    """
    rng = np.random.default_rng(0)
    latents = torch.cat(
        [
            vae.encode(to_tensor([render(random_scene(rng), rng) for _ in range(32)])).latent_dist.mode()
            for _ in range(pictures // 32)
        ]
    )
    if vae.config.use_quant_conv:
        channels = vae.config.latent_channels
        mean = latents.mean(dim=(0, 2, 3))
        vae.quant_conv.bias[:channels] -= mean
        vae.post_quant_conv.bias += vae.post_quant_conv.weight[:, :, 0, 0] @ mean
        latents = latents - mean[:, None, None]
        shift = None
    else:
        shift = round(float(latents.mean()), 4)
    vae.register_to_config(shift_factor=shift, scaling_factor=round(float(1.0 / latents.std()), 4))
