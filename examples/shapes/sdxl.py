"""shapes-sdxl: an SDXL in small. Two CLIPs read, a UNet draws in seven guided steps."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import DPMSolverSinglestepScheduler, StableDiffusionXLPipeline, UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

import train_text
from domain import CANVAS
from progress import device
from vocabularies import CLIP_LENGTH, write_clip_tokenizer

NAME = "shapes-sdxl"
LATENT_CHANNELS = 4
QUANT_CONVS = True
PIPELINE = StableDiffusionXLPipeline
DENOISER = "unet"
SAMPLING = {"num_inference_steps": 7, "guidance_scale": 3.0}
MODEL_INDEX_EXTRAS = {"force_zeros_for_empty_prompt": True, "add_watermarker": None}

FIRST_WIDTH = 64
SECOND_WIDTH = 96
TIME_ID_WIDTH = 32
TIME_IDS = (CANVAS, CANVAS, 0, 0, CANVAS, CANVAS)
BATCH = 16
LEARNING_RATE = 1.5e-3
SAMPLER_TIMESTEPS = (999, 856, 714, 571, 428, 285, 143)
SAMPLER_SHARE = 0.7  # of the training samples; the others take any time, for other numbers of steps
CAPTION_DROPOUT = 0.1  # an absent caption is all zeros, as the pipeline makes it for no negative prompt


def write_tokenizers(work: Path, sentences: list[str]) -> None:
    write_clip_tokenizer(work / "tokenizer", sentences)
    write_clip_tokenizer(work / "tokenizer_2", sentences, pad_token="!")


def train_text_encoders(work: Path, steps: int) -> None:
    tokenizer = CLIPTokenizer.from_pretrained(work / "tokenizer")
    first = train_text.new_clip(len(tokenizer), FIRST_WIDTH, layers=3, activation="quick_gelu", projection=False)
    train_text.train(first, tokenizer, ("penultimate",), steps, work / "text_encoder")
    tokenizer = CLIPTokenizer.from_pretrained(work / "tokenizer_2")
    second = train_text.new_clip(len(tokenizer), SECOND_WIDTH, layers=3, activation="gelu", projection=True)
    train_text.train(second, tokenizer, ("penultimate", "pooled"), steps, work / "text_encoder_2")


def new_denoiser() -> UNet2DConditionModel:
    unet = UNet2DConditionModel(
        sample_size=CANVAS // 8,
        in_channels=LATENT_CHANNELS,
        out_channels=LATENT_CHANNELS,
        block_out_channels=(48, 80, 112),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        layers_per_block=1,
        transformer_layers_per_block=[1, 1, 1],
        attention_head_dim=[2, 4, 4],
        norm_num_groups=16,
        cross_attention_dim=FIRST_WIDTH + SECOND_WIDTH,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=TIME_ID_WIDTH,
        projection_class_embeddings_input_dim=SECOND_WIDTH + len(TIME_IDS) * TIME_ID_WIDTH,
    )
    # Residual branches and the answer start at zero.
    for name, module in unet.named_modules():
        if name.endswith((".conv2", ".proj_out", "conv_out")):
            torch.nn.init.zeros_(module.weight)
            torch.nn.init.zeros_(module.bias)
    return unet


@dataclass
class Reader:
    """Both frozen text encoders with their tokenizers."""

    first_tokenizer: CLIPTokenizer
    first_encoder: CLIPTextModel
    second_tokenizer: CLIPTokenizer
    second_encoder: CLIPTextModelWithProjection

    @classmethod
    def load(cls, work: Path) -> "Reader":
        return cls(
            CLIPTokenizer.from_pretrained(work / "tokenizer"),
            CLIPTextModel.from_pretrained(work / "text_encoder").to(device()).eval(),
            CLIPTokenizer.from_pretrained(work / "tokenizer_2"),
            CLIPTextModelWithProjection.from_pretrained(work / "text_encoder_2").to(device()).eval(),
        )

    def ids(self, captions: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
        options = {"padding": "max_length", "max_length": CLIP_LENGTH, "truncation": True, "return_tensors": "pt"}
        return (
            self.first_tokenizer(captions, **options).input_ids.to(device()),
            self.second_tokenizer(captions, **options).input_ids.to(device()),
        )

    @torch.no_grad()
    def read(self, ids: tuple[torch.Tensor, torch.Tensor], rng: np.random.Generator) -> dict[str, torch.Tensor]:
        first = self.first_encoder(ids[0], output_hidden_states=True)
        second = self.second_encoder(ids[1], output_hidden_states=True)
        present = torch.from_numpy(rng.random(len(ids[0])) >= CAPTION_DROPOUT).float().to(device())
        tokens = torch.cat([first.hidden_states[-2], second.hidden_states[-2]], dim=-1)
        return {
            "encoder_hidden_states": tokens * present[:, None, None],
            "text_embeds": second.text_embeds * present[:, None],
        }


def squared_errors(
    denoiser: UNet2DConditionModel, latents: torch.Tensor, text: dict, rng: np.random.Generator
) -> torch.Tensor:
    """The errors of the picture that the predicted noise implies, limited where noise is nearly all there is."""
    batch = len(latents)
    times = np.where(rng.random(batch) < SAMPLER_SHARE, rng.choice(SAMPLER_TIMESTEPS, batch), rng.integers(0, 1000, batch))
    times = torch.from_numpy(times).to(latents.device)
    noise_schedule = scheduler()
    alpha = noise_schedule.alpha_t.to(latents.device)[times][:, None, None, None]
    sigma = noise_schedule.sigma_t.to(latents.device)[times][:, None, None, None]
    noise = torch.randn_like(latents)
    predicted = denoiser(
        alpha * latents + sigma * noise,
        times,
        encoder_hidden_states=text["encoder_hidden_states"],
        added_cond_kwargs={
            "text_embeds": text["text_embeds"],
            "time_ids": torch.tensor(TIME_IDS, dtype=torch.float32, device=latents.device).repeat(batch, 1),
        },
        return_dict=False,
    )[0]
    weight = (sigma / alpha).square().clamp(0.2, 20.0)
    return weight * (predicted - noise).square()


def scheduler() -> DPMSolverSinglestepScheduler:
    return DPMSolverSinglestepScheduler(
        num_train_timesteps=1000,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        solver_order=2,
        lower_order_final=True,
    )
