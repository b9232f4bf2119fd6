# SPDX-License-Identifier: Apache-2.0
"""Writes parity cases: random repositories, requests, and what diffusers computes for them at every stage, fp32 on a CPU.

    record.py OUT [--seed N] [--cases N]

A case is OUT/<name>/{model/, case.json, reference.safetensors}; `tintype parity OUT` compares.
"""

import argparse
import functools
import json
import random
import shutil
import sys
from pathlib import Path

import diffusers
import torch
from safetensors.torch import save_file

import repositories

SDXL_SCHEDULERS = [
    ("EulerDiscreteScheduler", dict(beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012, timestep_spacing="leading", steps_offset=1)),
    ("EulerDiscreteScheduler", dict(beta_schedule="scaled_linear", timestep_spacing="trailing", prediction_type="v_prediction")),
    ("EulerAncestralDiscreteScheduler", dict(beta_schedule="scaled_linear", timestep_spacing="leading", steps_offset=1)),
    ("DPMSolverMultistepScheduler", dict(beta_schedule="scaled_linear", use_karras_sigmas=True)),
    ("DPMSolverMultistepScheduler", dict(beta_schedule="scaled_linear", timestep_spacing="leading", steps_offset=1)),
    ("DPMSolverSinglestepScheduler", dict(beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012)),
    ("DDIMScheduler", dict(beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=False, steps_offset=1)),
    ("LCMScheduler", dict(beta_schedule="scaled_linear", clip_sample=False)),
]
PROMPTS = ["A painting of a squirrel eating a burger!", "a large red circle on a white background", "", "二匹の猫 🐈 on the beach, 8k"]


class Recorder:
    """Keeps what passes through a pipeline."""

    def __init__(self, pipeline):
        self.tensors = {}
        self.pipeline = pipeline
        self.wrap(pipeline, "encode_prompt", self.keep_embeddings)
        self.wrap(pipeline, "prepare_latents", self.keep_noise)
        step = pipeline.scheduler.step

        @functools.wraps(step)  # the pipeline asks the signature whether it takes a generator
        def kept_step(model_output, *args, **kwargs):
            self.tensors.setdefault("prediction", model_output.clone())
            return step(model_output, *args, **kwargs)

        pipeline.scheduler.step = kept_step
        decode = pipeline.vae.decode
        pipeline.vae.decode = lambda *args, **kwargs: self.keep_decoded(decode(*args, **kwargs))

    @staticmethod
    def wrap(owner, name, keep):
        function = getattr(owner, name)

        def wrapped(*args, **kwargs):
            result = function(*args, **kwargs)
            keep(result)
            return result

        setattr(owner, name, wrapped)

    def keep_embeddings(self, result):
        if isinstance(self.pipeline, diffusers.FluxPipeline):
            names = ("prompt_embeds", "pooled") if "prompt_embeds" not in self.tensors else ("negative_embeds", "negative_pooled")
            values = result[:2]
        else:
            names, values = ("prompt_embeds", "negative_embeds", "pooled", "negative_pooled"), result
        for name, value in zip(names, values):
            if value is not None:
                self.tensors[name] = value[:1].clone()

    def keep_noise(self, result):
        self.tensors["noise"] = (result[0] if isinstance(result, tuple) else result).clone()

    def keep_decoded(self, result):
        self.tensors["decoded"] = result[0].clone()
        return result

    def keep_step(self, pipeline, index, timestep, values):
        self.tensors[f"latents.{index + 1}"] = values["latents"].clone()
        return values


def sizes(rng, pipeline):
    unit = max(8, 2 * pipeline.vae_scale_factor)
    return unit * rng.randint(2, 5), unit * rng.randint(2, 5)


def run(folder, pipeline, case):
    """Runs the call that case.json describes."""
    recorder = Recorder(pipeline)
    names = {"steps": "num_inference_steps", "num_images": "num_images_per_prompt"}
    arguments = {names.get(key, key): value for key, value in case.items() if key not in ("seed", "model", "scheduler")}
    pipeline.set_progress_bar_config(disable=True)
    with torch.inference_mode():
        pipeline(**arguments, generator=torch.Generator("cpu").manual_seed(case["seed"]), output_type="pt",
                 callback_on_step_end=recorder.keep_step)
        record_vae(pipeline.vae, recorder.tensors)
    tensors = {name: value.float().contiguous() for name, value in recorder.tensors.items()}
    save_file(tensors, folder / "reference.safetensors")
    (folder / "case.json").write_text(json.dumps(case, ensure_ascii=False, indent=1))


def record_vae(vae, tensors):
    """Encoding a picture larger than a tile, and both ways in tiles."""
    side = vae.config.sample_size + 3 * 2 ** (len(vae.config.block_out_channels) - 1)
    picture = torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(1)) * 2 - 1
    tensors["vae_picture"] = picture
    tensors["vae_moments"] = vae.encode(picture).latent_dist.parameters
    latents = vae.encode(picture).latent_dist.mean
    vae.enable_tiling()
    tensors["vae_moments_tiled"] = vae.encode(picture).latent_dist.parameters
    tensors["vae_latents"] = latents
    tensors["vae_decoded_tiled"] = vae._decode(latents, return_dict=False)[0]
    vae.disable_tiling()


def shipped_case(out, name, steps, guidance):
    """One of the models that ship, whole."""
    folder = out / name.replace("-", "_")
    folder.mkdir(parents=True)
    model = Path(__file__).resolve().parents[3] / "examples" / name / "models" / name
    pipeline = diffusers.DiffusionPipeline.from_pretrained(model, torch_dtype=torch.float32)
    run(folder, pipeline, dict(model=str(model), prompt="a small green star on the right", height=128, width=128, steps=steps, seed=7, guidance_scale=guidance))
    return folder.name


def flux_case(out, tokenizers, vocabulary, seed, mid):
    rng = random.Random(1000 + seed)
    folder = out / f"flux_{'mid' if mid else 'tiny'}_{seed}"
    pipeline = repositories.flux(folder / "model", tokenizers, vocabulary, seed, mid=mid)
    height, width = sizes(rng, pipeline)
    case = dict(model="model", prompt=rng.choice(PROMPTS), height=height, width=width, steps=rng.choice([1, 2, 4]), seed=rng.randint(0, 2**40),
                guidance_scale=rng.choice([0.0, 3.5]), max_sequence_length=rng.choice([16, 48, 77]), num_images=rng.choice([1, 1, 3]))
    if rng.random() < 0.4:
        case.update(negative_prompt="blurry", true_cfg_scale=rng.choice([1.0, 4.0]))
    run(folder, pipeline, case)
    return folder.name


def sdxl_case(out, tokenizers, vocabulary, seed, mid):
    rng = random.Random(2000 + seed)
    folder = out / f"sdxl_{'mid' if mid else 'tiny'}_{seed}"
    class_name, config = SDXL_SCHEDULERS[seed % len(SDXL_SCHEDULERS)]
    scheduler = getattr(diffusers, class_name)(**config)
    pipeline = repositories.sdxl(folder / "model", tokenizers, vocabulary, seed, scheduler, mid=mid)
    height, width = sizes(rng, pipeline)
    case = dict(model="model", prompt=rng.choice(PROMPTS), height=height, width=width, steps=rng.choice([2, 3, 7]), seed=rng.randint(0, 2**40),
                guidance_scale=rng.choice([1.0, 5.0, 7.5]), guidance_rescale=rng.choice([0.0, 0.0, 0.7]), num_images=rng.choice([1, 1, 3]))
    if rng.random() < 0.5:
        case["negative_prompt"] = rng.choice(["blurry", ""])
    run(folder, pipeline, case)
    return folder.name


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cases", type=int, default=10, help="tiny cases of each family; one mid-size case of each is added")
    options = parser.parse_args()
    shutil.rmtree(options.out, ignore_errors=True)
    tokenizers = options.out / "tokenizers"
    vocabulary = repositories.write_tokenizers(tokenizers)
    for make in (flux_case, sdxl_case):
        for index in range(options.cases + 1):
            name = make(options.out, tokenizers, vocabulary, options.seed + index, mid=index == options.cases)
            print(f"recorded {name}", file=sys.stderr, flush=True)
    for arguments in (("shapes-flux", 4, 0.0), ("shapes-sdxl", 7, 3.0)):
        print(f"recorded {shipped_case(options.out, *arguments)}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
