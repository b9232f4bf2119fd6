"""shapes-flux: a FLUX.1-schnell in small. CLIP and T5 read, a transformer draws in four steps."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import FlowMatchEulerDiscreteScheduler, FluxPipeline, FluxTransformer2DModel
from transformers import CLIPTextModel, CLIPTokenizer, T5EncoderModel, T5Tokenizer

import train_text
from progress import autocast, device
from vocabularies import CLIP_LENGTH, T5_LENGTH, write_clip_tokenizer, write_t5_tokenizer

NAME = "shapes-flux"
LATENT_CHANNELS = 16
QUANT_CONVS = False
PIPELINE = FluxPipeline
DENOISER = "transformer"
SAMPLING = {"num_inference_steps": 4, "guidance_scale": 0.0}
MODEL_INDEX_EXTRAS = {}

CLIP_WIDTH = 96
T5_WIDTH = 128
BATCH = 16
LEARNING_RATE = 1.3e-3
SAMPLER_SIGMAS = (1.0, 0.75, 0.5, 0.25)
SAMPLER_SHARE = 0.7  # of the training samples; the others take any sigma, for other numbers of steps
# T5 tokens including padding, and how often; attention is over all of them, so cost grows with length.
T5_LENGTHS = {28: 0.93, 64: 0.05, 256: 0.015, T5_LENGTH: 0.005}


def write_tokenizers(work: Path, sentences: list[str]) -> None:
    write_clip_tokenizer(work / "tokenizer", sentences)
    write_t5_tokenizer(work / "tokenizer_2", sentences)


def train_text_encoders(work: Path, steps: int) -> None:
    clip_tokenizer = CLIPTokenizer.from_pretrained(work / "tokenizer")
    t5_tokenizer = T5Tokenizer.from_pretrained(work / "tokenizer_2")
    clip = train_text.new_clip(len(clip_tokenizer), CLIP_WIDTH, layers=2, activation="quick_gelu", projection=False)
    train_text.train(clip, clip_tokenizer, ("pooled",), steps, work / "text_encoder")
    t5 = train_text.new_t5(len(t5_tokenizer), T5_WIDTH, layers=2)
    train_text.train(t5, t5_tokenizer, ("tokens",), steps, work / "text_encoder_2")


def new_denoiser() -> FluxTransformer2DModel:
    transformer = FluxTransformer2DModel(
        in_channels=4 * LATENT_CHANNELS,
        num_layers=2,
        num_single_layers=4,
        attention_head_dim=32,
        num_attention_heads=4,
        joint_attention_dim=T5_WIDTH,
        pooled_projection_dim=CLIP_WIDTH,
        axes_dims_rope=(8, 12, 12),
    )
    # Every block starts as the identity, and the answer at zero.
    modulations = (".norm.linear", ".norm1.linear", ".norm1_context.linear")
    for name, module in transformer.named_modules():
        if name in ("norm_out.linear", "proj_out") or name.endswith(modulations):
            torch.nn.init.zeros_(module.weight)
            torch.nn.init.zeros_(module.bias)
    return transformer


@dataclass
class Reader:
    """Both frozen text encoders with their tokenizers."""

    first_tokenizer: CLIPTokenizer
    first_encoder: CLIPTextModel
    second_tokenizer: T5Tokenizer
    second_encoder: T5EncoderModel

    @classmethod
    def load(cls, work: Path) -> "Reader":
        return cls(
            CLIPTokenizer.from_pretrained(work / "tokenizer"),
            CLIPTextModel.from_pretrained(work / "text_encoder").to(device()).eval(),
            T5Tokenizer.from_pretrained(work / "tokenizer_2"),
            T5EncoderModel.from_pretrained(work / "text_encoder_2").to(device()).eval(),
        )

    def ids(self, captions: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
        options = {"padding": "max_length", "truncation": True, "return_tensors": "pt"}
        return (
            self.first_tokenizer(captions, max_length=CLIP_LENGTH, **options).input_ids.to(device()),
            self.second_tokenizer(captions, max_length=T5_LENGTH, **options).input_ids.to(device()),
        )

    @torch.no_grad()
    def read(self, ids: tuple[torch.Tensor, torch.Tensor], rng: np.random.Generator) -> dict[str, torch.Tensor]:
        clip_ids, t5_ids = ids
        length = rng.choice(list(T5_LENGTHS), p=list(T5_LENGTHS.values()))
        while length < T5_LENGTH and (t5_ids[:, length] != self.second_tokenizer.pad_token_id).any():
            length *= 2
        # The pooled state is the one at the first end of text: what stands behind it does not matter.
        longest = int((clip_ids == self.first_tokenizer.eos_token_id).int().argmax(dim=1).max()) + 1
        with autocast():
            return {
                "pooled_projections": self.first_encoder(clip_ids[:, :longest]).pooler_output.float(),
                "encoder_hidden_states": self.second_encoder(t5_ids[:, :length]).last_hidden_state.float(),
            }


def pack(latents: torch.Tensor) -> torch.Tensor:
    """2 x 2 latents to a token: channel slowest, then row, then column."""
    batch, channels, height, width = latents.shape
    return (
        latents.reshape(batch, channels, height // 2, 2, width // 2, 2)
        .permute(0, 2, 4, 1, 3, 5)
        .reshape(batch, height * width // 4, channels * 4)
    )


def unpack(tokens: torch.Tensor, height: int, width: int) -> torch.Tensor:
    batch, _, channels = tokens.shape
    return (
        tokens.reshape(batch, height // 2, width // 2, channels // 4, 2, 2)
        .permute(0, 3, 1, 4, 2, 5)
        .reshape(batch, channels // 4, height, width)
    )


def squared_errors(
    denoiser: FluxTransformer2DModel, latents: torch.Tensor, text: dict, rng: np.random.Generator
) -> torch.Tensor:
    """The errors of the velocity from picture to noise, at noise levels that the sampler will ask for."""
    batch, _, height, width = latents.shape
    sigmas = np.where(rng.random(batch) < SAMPLER_SHARE, rng.choice(SAMPLER_SIGMAS, batch), rng.random(batch))
    sigmas = torch.from_numpy(sigmas).float().to(latents.device)
    clean = pack(latents)
    noise = torch.randn_like(clean)
    noisy = torch.lerp(clean, noise, sigmas[:, None, None])
    rows, columns = torch.meshgrid(torch.arange(height // 2), torch.arange(width // 2), indexing="ij")
    image_ids = torch.stack([torch.zeros_like(rows), rows, columns], dim=-1).reshape(-1, 3).to(latents.device)
    text_ids = torch.zeros(text["encoder_hidden_states"].shape[1], 3, device=latents.device)
    with autocast():
        velocity = denoiser(
            hidden_states=noisy, timestep=sigmas, img_ids=image_ids, txt_ids=text_ids, **text, return_dict=False
        )[0]
    return unpack((velocity.float() - (noise - clean)).square(), height, width)


def scheduler() -> FlowMatchEulerDiscreteScheduler:
    return FlowMatchEulerDiscreteScheduler(num_train_timesteps=1000, shift=1.0)
