# SPDX-License-Identifier: Apache-2.0
"""Random model repositories in the shapes of FLUX and SDXL: every size drawn from a seed, every weight too.

Norm weights are random and not one, projections that the classes start at zero are random too: swapped halves, missing
biases and wrong orders show only then.
"""

import importlib.util
import random
from pathlib import Path

import torch
from diffusers import AutoencoderKL, FluxPipeline, FluxTransformer2DModel, StableDiffusionXLPipeline, UNet2DConditionModel
from diffusers import FlowMatchEulerDiscreteScheduler
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer, T5Config, T5EncoderModel, T5Tokenizer

_spec = importlib.util.spec_from_file_location("tokenizer_cases", Path(__file__).parent.parent / "tokenizer_cases.py")
tokenizer_cases = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tokenizer_cases)


def randomise(model, seed, scale=1.0):
    """Weights of a sensible size, none of them special: the signal neither dies nor explodes over the blocks."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        values = torch.randn(parameter.shape, generator=generator)
        if parameter.dim() == 1:
            is_norm = name.endswith("weight")
            parameter.data.copy_(1 + 0.2 * values if is_norm else 0.1 * values)
        else:
            fan_in = parameter[0].numel()
            parameter.data.copy_(scale * values / fan_in**0.5)
    return model.eval()


def write_tokenizers(folder):
    """CLIP files with the end token as padding, CLIP files with "!" as padding, T5 as spiece.model."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary, merges = tokenizer_cases.train_bpe(tokenizer_cases.sentences()[:200], 1000)
    special = {"bos_token": tokenizer_cases.BOS, "eos_token": tokenizer_cases.EOS, "unk_token": tokenizer_cases.EOS}
    for name, pad in (("clip", tokenizer_cases.EOS), ("clip_bang", "!")):
        tokenizer_cases.clip_files(str(folder / name), vocabulary, merges)
        tokenizer_cases.write(str(folder / name), "special_tokens_map.json", {**special, "pad_token": pad})
        tokenizer_cases.write(str(folder / name), "tokenizer_config.json",
                              {**special, "pad_token": pad, "model_max_length": 77, "tokenizer_class": "CLIPTokenizer"})
    tokenizer_cases.train_spiece(str(folder / "t5"), tokenizer_cases.sentences()[:400], vocab_size=600)
    tokenizer_cases.write(str(folder / "t5"), "tokenizer_config.json", {"model_max_length": 512, "extra_ids": 100})
    return len(vocabulary)


def clip(rng, seed, vocabulary, width, projection=None, **more):
    heads = rng.choice([1, 2, 4])
    config = CLIPTextConfig(vocab_size=vocabulary + rng.randint(0, 9), hidden_size=width, intermediate_size=rng.randint(20, 80),
                            num_hidden_layers=rng.randint(2, 4), num_attention_heads=heads, max_position_embeddings=77,
                            hidden_act=rng.choice(["quick_gelu", "gelu"]), projection_dim=projection or width,
                            eos_token_id=rng.choice([2, vocabulary - 1]), bos_token_id=vocabulary - 2, pad_token_id=1, **more)
    return randomise((CLIPTextModelWithProjection if projection else CLIPTextModel)(config), seed)


def t5(rng, seed, width):
    config = T5Config(vocab_size=720, d_model=width, d_kv=rng.choice([4, 8, 16]), d_ff=rng.randint(20, 70), num_layers=rng.randint(1, 3),
                      num_heads=rng.choice([1, 2, 3]), feed_forward_proj=rng.choice(["gated-gelu", "relu", "gated-silu"]),
                      relative_attention_num_buckets=rng.choice([8, 32]), relative_attention_max_distance=rng.choice([20, 128]))
    return randomise(T5EncoderModel(config), seed)


def vae(rng, seed, latent_channels, shift=None, blocks=None):
    groups = rng.choice([1, 2, 4])
    channels = blocks or [groups * rng.randint(2, 6) for _ in range(rng.randint(1, 4))]
    quant = rng.random() < 0.5
    model = AutoencoderKL(block_out_channels=channels, down_block_types=["DownEncoderBlock2D"] * len(channels),
                          up_block_types=["UpDecoderBlock2D"] * len(channels), layers_per_block=rng.randint(1, 2),
                          latent_channels=latent_channels, norm_num_groups=groups, sample_size=64,
                          scaling_factor=rng.uniform(0.2, 1.6), shift_factor=shift,
                          use_quant_conv=quant, use_post_quant_conv=quant, mid_block_add_attention=rng.random() < 0.8)
    return randomise(model, seed)


def flux_transformer(rng, seed, joint, pooled, latent_channels, mid):
    axes = [16, 56, 56] if mid else rng.choice([[4, 4, 8], [2, 6, 4], [8, 12, 12]])
    heads = 2 if mid else rng.randint(1, 3)
    model = FluxTransformer2DModel(patch_size=1, in_channels=4 * latent_channels, num_layers=2 if mid else rng.randint(1, 2),
                                   num_single_layers=2 if mid else rng.randint(1, 3), attention_head_dim=sum(axes),
                                   num_attention_heads=heads, joint_attention_dim=joint, pooled_projection_dim=pooled,
                                   guidance_embeds=rng.random() < 0.5, axes_dims_rope=axes)
    return randomise(model, seed, scale=0.7)


def flux(folder, tokenizers, vocabulary, seed, scheduler=None, mid=False):
    rng = random.Random(seed)
    width, pooled = rng.choice([24, 32, 48]), rng.choice([16, 32])
    latent_channels = 16 if mid else rng.choice([1, 3, 4, 16])
    pipeline = FluxPipeline(
        scheduler=scheduler or FlowMatchEulerDiscreteScheduler(shift=rng.choice([1.0, 3.0]), use_dynamic_shifting=rng.random() < 0.5),
        text_encoder=clip(rng, seed + 1, vocabulary, pooled), tokenizer=CLIPTokenizer.from_pretrained(tokenizers / "clip"),
        text_encoder_2=t5(rng, seed + 2, width), tokenizer_2=T5Tokenizer.from_pretrained(tokenizers / "t5"),
        vae=vae(rng, seed + 3, latent_channels, shift=rng.uniform(-0.2, 0.2), blocks=[32, 64, 64] if mid else None),
        transformer=flux_transformer(rng, seed + 4, width, pooled, latent_channels, mid))
    pipeline.save_pretrained(folder)
    return pipeline


def unet(rng, seed, cross, projection, mid):
    groups = rng.choice([1, 2, 4])
    levels = 3 if mid else rng.randint(2, 3)
    channels = [32, 64, 128] if mid else [groups * 4 * rng.randint(1, 4) for _ in range(levels)]
    heads = [1, 1, 2] if mid else [rng.choice([1, 2, 4]) for _ in range(levels)]
    attends = [False] + [rng.random() < 0.8 for _ in range(levels - 2)] + [True]
    addition = rng.choice([4, 8])
    model = UNet2DConditionModel(
        sample_size=16, block_out_channels=channels, layers_per_block=2 if mid else rng.randint(1, 2),
        down_block_types=["CrossAttnDownBlock2D" if a else "DownBlock2D" for a in attends],
        up_block_types=["CrossAttnUpBlock2D" if a else "UpBlock2D" for a in reversed(attends)],
        attention_head_dim=heads, transformer_layers_per_block=[rng.randint(1, 2) for _ in range(levels)], norm_num_groups=groups,
        use_linear_projection=rng.random() < 0.7, cross_attention_dim=cross, addition_embed_type="text_time",
        addition_time_embed_dim=addition, projection_class_embeddings_input_dim=6 * addition + projection,
        flip_sin_to_cos=rng.random() < 0.8, freq_shift=rng.choice([0, 1]), norm_eps=rng.choice([1e-5, 1e-6]),
        resnet_time_scale_shift=rng.choice(["default", "default", "scale_shift"]), downsample_padding=rng.choice([1, 1, 0]),
        time_cond_proj_dim=rng.choice([None, None, None, 16]), act_fn=rng.choice(["silu", "silu", "gelu"]))
    return randomise(model, seed, scale=0.8)


def sdxl(folder, tokenizers, vocabulary, seed, scheduler, mid=False):
    rng = random.Random(seed)
    width, width_2, projection = rng.choice([16, 24]), rng.choice([16, 32]), rng.choice([16, 32])
    pipeline = StableDiffusionXLPipeline(
        scheduler=scheduler,
        text_encoder=clip(rng, seed + 1, vocabulary, width), tokenizer=CLIPTokenizer.from_pretrained(tokenizers / "clip"),
        text_encoder_2=clip(rng, seed + 2, vocabulary, width_2, projection),
        tokenizer_2=CLIPTokenizer.from_pretrained(tokenizers / "clip_bang"),
        vae=vae(rng, seed + 3, 4, blocks=[32, 64, 64] if mid else None),
        unet=unet(rng, seed + 4, width + width_2, projection, mid),
        force_zeros_for_empty_prompt=rng.random() < 0.7)
    pipeline.save_pretrained(folder)
    return pipeline
