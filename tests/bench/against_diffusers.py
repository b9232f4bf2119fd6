# SPDX-License-Identifier: Apache-2.0
"""Times Tintype against diffusers eager: same weights, same threads, same run, turn by turn. Prints ratios.

    tests/bench/against_diffusers.py [--only NAME] [--repeats N] [--threads N] [--json FILE]

Subjects: the shipped models, and mid-size models with random weights (FLUX: transformer 1024 wide, 6 + 12 blocks, 512 px;
SDXL: UNet [160, 320, 640], 512 px), fp32, and bf16 where the CPU has it. Last, a process from start to its first picture.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/parity/pipelines"))
BIN = ROOT / "build/release/bin"
SCRATCH = ROOT / "build/bench"


def shapes(name):
    return ROOT / "examples" / name / "models" / name


def make_mid_flux(folder):
    import repositories as r
    from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, FluxPipeline, FluxTransformer2DModel
    from transformers import CLIPTextConfig, CLIPTextModel, T5Config, T5EncoderModel

    tokenizers = SCRATCH / "tokenizers"
    vocabulary = r.write_tokenizers(tokenizers)
    clip = CLIPTextModel(CLIPTextConfig(vocab_size=vocabulary, hidden_size=768, intermediate_size=3072, num_hidden_layers=2, num_attention_heads=12, eos_token_id=2))
    t5 = T5EncoderModel(T5Config(vocab_size=720, d_model=1024, d_kv=64, d_ff=2560, num_layers=2, num_heads=16, feed_forward_proj="gated-gelu"))
    vae = AutoencoderKL(block_out_channels=[64, 128, 256, 256], down_block_types=["DownEncoderBlock2D"] * 4, up_block_types=["UpDecoderBlock2D"] * 4,
                        layers_per_block=2, latent_channels=16, shift_factor=0.1159, scaling_factor=0.3611, use_quant_conv=False, use_post_quant_conv=False)
    transformer = FluxTransformer2DModel(num_layers=6, num_single_layers=12, num_attention_heads=8, joint_attention_dim=1024, pooled_projection_dim=768)
    models = [r.randomise(model, seed) for seed, model in enumerate((clip, t5, vae, transformer))]
    FluxPipeline(scheduler=FlowMatchEulerDiscreteScheduler(shift=1.0), text_encoder=models[0], tokenizer=r.CLIPTokenizer.from_pretrained(tokenizers / "clip"),
                 text_encoder_2=models[1], tokenizer_2=r.T5Tokenizer.from_pretrained(tokenizers / "t5"), vae=models[2], transformer=models[3]).save_pretrained(folder)


def make_mid_sdxl(folder):
    import repositories as r
    from diffusers import AutoencoderKL, DPMSolverSinglestepScheduler, StableDiffusionXLPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    tokenizers = SCRATCH / "tokenizers"
    vocabulary = r.write_tokenizers(tokenizers)
    common = dict(vocab_size=vocabulary, num_hidden_layers=2, eos_token_id=2)
    first = CLIPTextModel(CLIPTextConfig(hidden_size=768, intermediate_size=3072, num_attention_heads=12, **common))
    second = CLIPTextModelWithProjection(CLIPTextConfig(hidden_size=1280, intermediate_size=5120, num_attention_heads=20, projection_dim=1280, hidden_act="gelu", **common))
    vae = AutoencoderKL(block_out_channels=[64, 128, 256, 256], down_block_types=["DownEncoderBlock2D"] * 4, up_block_types=["UpDecoderBlock2D"] * 4,
                        layers_per_block=2, latent_channels=4, scaling_factor=0.13025)
    unet = UNet2DConditionModel(sample_size=64, block_out_channels=[160, 320, 640], layers_per_block=2, attention_head_dim=[5, 5, 10],
                                down_block_types=["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
                                up_block_types=["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"], transformer_layers_per_block=[1, 2, 4],
                                use_linear_projection=True, cross_attention_dim=2048, addition_embed_type="text_time", addition_time_embed_dim=256,
                                projection_class_embeddings_input_dim=6 * 256 + 1280)
    models = [r.randomise(model, seed) for seed, model in enumerate((first, second, vae, unet))]
    scheduler = DPMSolverSinglestepScheduler(beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012)
    StableDiffusionXLPipeline(scheduler=scheduler, text_encoder=models[0], tokenizer=r.CLIPTokenizer.from_pretrained(tokenizers / "clip"),
                              text_encoder_2=models[1], tokenizer_2=r.CLIPTokenizer.from_pretrained(tokenizers / "clip_bang"), vae=models[2],
                              unet=models[3]).save_pretrained(folder)


# name: (folder, how to make it, call, dtypes)
SUBJECTS = {
    "shapes-flux": (shapes("shapes-flux"), None, dict(size=128, steps=4, guidance=0.0), ["float32"]),
    "shapes-sdxl": (shapes("shapes-sdxl"), None, dict(size=128, steps=7, guidance=3.0), ["float32"]),
    "mid-flux": (SCRATCH / "mid-flux", make_mid_flux, dict(size=512, steps=2, guidance=0.0, max_sequence_length=128), ["float32", "bfloat16"]),
    "mid-sdxl": (SCRATCH / "mid-sdxl", make_mid_sdxl, dict(size=512, steps=2, guidance=3.0), ["float32"]),
}
PROMPT = "a large red circle on a white background"


def load_reference(folder, dtype):
    import torch
    from diffusers import DiffusionPipeline

    pipeline = DiffusionPipeline.from_pretrained(folder, torch_dtype=getattr(torch, dtype))
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def time_reference(pipeline, call):
    """Seconds of denoising and decoding, and of the whole call."""
    import torch

    marks = {}
    arguments = dict(prompt=PROMPT, height=call["size"], width=call["size"], num_inference_steps=call["steps"], guidance_scale=call["guidance"],
                     generator=torch.Generator("cpu").manual_seed(0))
    if "max_sequence_length" in call:
        arguments["max_sequence_length"] = call["max_sequence_length"]
    encode = pipeline.encode_prompt

    def marked_encode(*args, **kwargs):
        result = encode(*args, **kwargs)
        marks["text"] = time.perf_counter()
        return result

    pipeline.encode_prompt = marked_encode
    start = time.perf_counter()
    with torch.inference_mode():
        pipeline(**arguments)
    end = time.perf_counter()
    pipeline.encode_prompt = encode
    return {"work": end - marks["text"], "total": end - start}


def time_ours(folder, call, dtype, threads, repeats):
    arguments = ["--model", folder, "--size", call["size"], "--steps", call["steps"], "--guidance", call["guidance"], "--dtype", dtype,
                 "--threads", threads, "--repeats", repeats, "--prompt", PROMPT, "--json"]
    if "max_sequence_length" in call:
        arguments += ["--max-sequence-length", call["max_sequence_length"]]
    run = subprocess.run([BIN / "tintype-worker", "bench", *map(str, arguments)], check=True, capture_output=True, text=True)
    result = json.loads(run.stdout)
    return {"work": result["denoise"] + result["decode"], "total": result["total"]}


def compare(name, dtype, repeats, threads):
    folder, make, call, _ = SUBJECTS[name]
    if make and not (folder / "model_index.json").exists():
        make(folder)
    pipeline = load_reference(folder, dtype)
    time_reference(pipeline, call)
    ours, theirs = [], []
    for _ in range(repeats):
        theirs.append(time_reference(pipeline, call))
        ours.append(time_ours(folder, call, dtype, threads, 1))
    row = {"subject": name, "dtype": dtype}
    for key in ("work", "total"):
        mine, reference = (statistics.median(sample[key] for sample in samples) for samples in (ours, theirs))
        row[key] = {"tintype": mine, "diffusers": reference, "ratio": reference / mine}
    return row


FIRST_PICTURE = """
import torch
from diffusers import DiffusionPipeline
pipeline = DiffusionPipeline.from_pretrained({folder!r}, torch_dtype=torch.float32)
pipeline({prompt!r}, height=128, width=128, num_inference_steps=4, guidance_scale=0.0, generator=torch.Generator("cpu").manual_seed(0)).images[0].save({out!r})
"""


def time_first_picture(repeats):
    """From the start of the process to the picture on disk."""
    folder = str(shapes("shapes-flux"))
    samples = {"tintype": [], "diffusers": []}
    with tempfile.TemporaryDirectory() as scratch:
        out = os.path.join(scratch, "picture.png")
        commands = {
            "tintype": [BIN / "tintype", "generate", "--model", folder, "--prompt", PROMPT, "--steps", "4", "--guidance", "0", "--width", "128",
                        "--height", "128", "--seed", "0", "-o", out],
            "diffusers": [sys.executable, "-c", FIRST_PICTURE.format(folder=folder, prompt=PROMPT, out=out)],
        }
        for _ in range(repeats):
            for name, command in commands.items():
                start = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True)
                samples[name].append(time.perf_counter() - start)
    mine, reference = (statistics.median(samples[name]) for name in ("tintype", "diffusers"))
    return {"subject": "start to first picture", "dtype": "float32", "total": {"tintype": mine, "diffusers": reference, "ratio": reference / mine}}


def show(row):
    for key, title in (("work", "denoise + decode"), ("total", "whole call")):
        if key in row:
            value = row[key]
            print(f"{row['subject']:<24} {row['dtype']:<9} {title:<17} {value['tintype'] * 1000:9.1f} ms {value['diffusers'] * 1000:9.1f} ms {value['ratio']:6.2f}x",
                  flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", action="append", help="a subject, or first-picture")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()

    import torch

    torch.set_num_threads(options.threads)
    has_bf16 = "avx512_bf16" in Path("/proc/cpuinfo").read_text()
    print(f"{'subject':<24} {'dtype':<9} {'what':<17} {'tintype':>12} {'diffusers':>12} {'ratio':>7}   ({options.threads} threads)")
    rows = []
    for name, (folder, make, _, dtypes) in SUBJECTS.items():
        if options.only and name not in options.only:
            continue
        if not make and not folder.exists():
            print(f"{name}: {folder} is not there")
            continue
        for dtype in dtypes:
            if dtype == "bfloat16" and not has_bf16:
                print(f"{name}: this CPU has no bf16 instructions")
                continue
            rows.append(compare(name, dtype, options.repeats, options.threads))
            show(rows[-1])
    if not options.only or "first-picture" in options.only:
        rows.append(time_first_picture(options.repeats))
        show(rows[-1])
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
