#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the schedulers of diffusers over many configurations with a small deterministic model, and writes what came out.

Usage: schedulers.py FOLDER [--seed N] [--random N]
Writes FOLDER/schedulers.json (cases, timesteps) and FOLDER/schedulers.bin (samples after each step, float32).
The other side is schedulers.cpp.
"""
import argparse
import importlib.util
import inspect
import itertools
import json
import logging
import pathlib
import random
import warnings

import diffusers
import numpy as np
import torch

warnings.filterwarnings("ignore")
diffusers.utils.logging.set_verbosity(logging.CRITICAL)

SHAPE = (2, 4, 8, 8)
NOISE_SEED = 1234
HAS_SCIPY = importlib.util.find_spec("scipy") is not None
SDXL = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}
STEPS = [1, 2, 3, 4, 5, 7, 8, 10, 14, 15, 20, 25, 50]


def noise(seed, dtype=torch.float32):
    return torch.randn(SHAPE, generator=torch.Generator("cpu").manual_seed(seed), dtype=dtype)


def model(sample, timestep, constant):
    """Depends on the sample, the timestep and a constant; every operation is one that ATen makes in C++ too."""
    weight = 0.5 * float(timestep) / (abs(float(timestep)) + 100.0)
    return sample * weight + constant * (1.0 - weight)


def prepare(scheduler, case):
    """As FluxPipeline (with "tokens") or StableDiffusionXLPipeline calls set_timesteps."""
    steps = case["steps"]
    if case.get("tokens") is None:
        scheduler.set_timesteps(steps, device="cpu")
    else:
        config = scheduler.config
        mu = diffusers.pipelines.flux.pipeline_flux.calculate_shift(
            case["tokens"],
            config.get("base_image_seq_len", 256),
            config.get("max_image_seq_len", 4096),
            config.get("base_shift", 0.5),
            config.get("max_shift", 1.15),
        )
        if hasattr(config, "use_flow_sigmas") and config.use_flow_sigmas:
            scheduler.set_timesteps(steps, device="cpu", mu=mu)
        else:
            scheduler.set_timesteps(sigmas=np.linspace(1.0, 1 / steps, steps), device="cpu", mu=mu)
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(0)


def run(case):
    """Timesteps, factor of the initial noise, and the samples after each step."""
    scheduler = getattr(diffusers, case["class"]).from_config(json.loads(case["config"]))
    prepare(scheduler, case)
    dtype = getattr(torch, case["dtype"])
    accepted = inspect.signature(scheduler.step).parameters
    arguments = {"eta": 0.0} if "eta" in accepted else {}
    if "generator" in accepted:
        arguments["generator"] = torch.Generator("cpu").manual_seed(case["seed"])
    factor = getattr(scheduler, "init_noise_sigma", 1.0)
    latents = noise(NOISE_SEED, dtype) * factor
    constant = noise(NOISE_SEED + 1, dtype)
    samples = []
    for timestep in scheduler.timesteps:
        scaled = scheduler.scale_model_input(latents, timestep) if hasattr(scheduler, "scale_model_input") else latents
        output = model(scaled, timestep, constant)
        latents = scheduler.step(output, timestep, latents, **arguments, return_dict=False)[0]
        samples.append(latents.float().numpy().copy())
    return [float(timestep) for timestep in scheduler.timesteps], float(factor), samples


BETAS = [
    {}, SDXL, SDXL, {"beta_schedule": "squaredcos_cap_v2"}, {"beta_schedule": "linear", "num_train_timesteps": 500},
    {"trained_betas": [0.0002 + 0.00002 * i for i in range(1000)]}, {**SDXL, "rescale_betas_zero_snr": True},
]
SPACING = [{}, {"timestep_spacing": "linspace"}, {"timestep_spacing": "leading", "steps_offset": 1},
           {"timestep_spacing": "leading"}, {"timestep_spacing": "trailing"}]
BETA_SIGMAS = [{"use_beta_sigmas": True}] if HAS_SCIPY else []
SIGMAS = [{}, {}, {"use_karras_sigmas": True}, {"use_exponential_sigmas": True}, *BETA_SIGMAS]
ENDS = [{}, {}, {"sigma_min": 0.02, "sigma_max": 12.5}]
FINAL = [{}, {"final_sigmas_type": "zero"}, {"final_sigmas_type": "sigma_min"}]
THRESHOLD = [
    {}, {}, {}, {"thresholding": True},
    {"thresholding": True, "dynamic_thresholding_ratio": 0.9, "sample_max_value": 2.5},
]
CLIP = [{}, {"clip_sample": False}, {"clip_sample": True, "clip_sample_range": 1.7}]
ALPHA = [{}, {"set_alpha_to_one": False}]
ANY_PREDICTION = [{"prediction_type": name} for name in ("epsilon", "epsilon", "v_prediction", "sample")]
FLOW_SIGMAS = [
    {}, {}, {"use_flow_sigmas": True},
    {"use_flow_sigmas": True, "flow_shift": 3.0, "prediction_type": "flow_prediction"},
]
ORDER = [{}, {"solver_order": 1}, {"solver_order": 2}, {"solver_order": 3}]
SOLVER = [{}, {"solver_type": "midpoint"}, {"solver_type": "heun"}, {"solver_type": "bh2"}]
LOWER = [{}, {"lower_order_final": True}, {"lower_order_final": False}]
LAMBDA = [{}, {"lambda_min_clipped": -float("inf")}, {"lambda_min_clipped": -5.1}, {"lambda_min_clipped": -2.0}]

AXES = {
    "FlowMatchEulerDiscreteScheduler": [
        [{}, {"shift": 3.0}, {"shift": 1.7}],
        [{}, {"use_dynamic_shifting": True}],
        [{}, {"base_shift": 0.25, "max_shift": 2.0}, {"base_image_seq_len": 128, "max_image_seq_len": 2048}],
        [{}, {"time_shift_type": "linear"}], [{}, {}, {"shift_terminal": 0.1}], SIGMAS,
        [{}, {}, {"invert_sigmas": True}], [{}, {}, {"stochastic_sampling": True}],
        [{}, {}, {"num_train_timesteps": 500}], [{}, {}, {}, {"use_flow_sigmas": True}],
        [{}, {}, {}, {"sigma_min": 0.02, "sigma_max": 0.97}],
    ],
    "EulerDiscreteScheduler": [
        BETAS, SPACING, SIGMAS, ENDS, FINAL, ANY_PREDICTION + [{"prediction_type": "original_sample"}],
        [{}, {}, {"interpolation_type": "log_linear"}], [{}, {}, {"timestep_type": "continuous"}],
    ],
    "EulerAncestralDiscreteScheduler": [BETAS, SPACING, ANY_PREDICTION],
    "DPMSolverMultistepScheduler": [
        BETAS, SPACING, SIGMAS + [{"use_lu_lambdas": True}], ENDS, FINAL, ANY_PREDICTION, FLOW_SIGMAS, ORDER, SOLVER,
        LOWER, [{}, {"euler_at_final": True}], LAMBDA, THRESHOLD,
        [{}, {}, {"algorithm_type": "sde-dpmsolver++"}, {"algorithm_type": "deis"},
         {"algorithm_type": "dpmsolver", "final_sigmas_type": "sigma_min"},
         {"algorithm_type": "sde-dpmsolver", "final_sigmas_type": "sigma_min"}],
    ],
    "DPMSolverSinglestepScheduler": [
        BETAS, SPACING, SIGMAS, ENDS, FINAL, ANY_PREDICTION, FLOW_SIGMAS, ORDER, SOLVER, LOWER, LAMBDA, THRESHOLD,
        [{}, {}, {"algorithm_type": "sde-dpmsolver++"},
         {"algorithm_type": "dpmsolver", "final_sigmas_type": "sigma_min"}],
    ],
    "DDIMScheduler": [BETAS, SPACING, ANY_PREDICTION, CLIP, THRESHOLD, ALPHA],
    "LCMScheduler": [
        BETAS, SPACING, ANY_PREDICTION, CLIP, THRESHOLD, ALPHA,
        [{}, {}, {"original_inference_steps": 100}, {"timestep_scaling": 3.0}],
    ],
}


def make_case(name, class_name, config, steps, **more):
    text = json.dumps(config)  # with -Infinity, as diffusers writes it
    return {"name": name, "class": class_name, "config": text, "steps": steps, "dtype": "float32", "seed": 7, **more}


def tokens_of(class_name, config, chance):
    """How many image tokens a FLUX run has, or None for an SDXL run."""
    if class_name == "FlowMatchEulerDiscreteScheduler":
        is_plain = chance.random() < 0.2 and not config.get("use_dynamic_shifting")
        return None if is_plain else chance.choice([16, 256, 1024, 4096])
    if config.get("use_flow_sigmas") and config.get("use_dynamic_shifting"):
        return chance.choice([64, 4096])
    return None


def systematic_cases():
    """Every value of every axis once, each with several numbers of steps; then the configurations people really use."""
    chance = random.Random(0)
    for class_name, axes in AXES.items():
        for position, (axis, steps) in enumerate(itertools.product(range(len(axes)), [1, 2, 7, 20, 50])):
            for value in axes[axis]:
                config = {"_class_name": class_name, **(SDXL if position % 2 else {}), **value}
                yield make_case(f"axis {axis}", class_name, config, steps, tokens=tokens_of(class_name, config, chance))
    flux_dev = {"base_image_seq_len": 256, "base_shift": 0.5, "max_image_seq_len": 4096, "max_shift": 1.15,
                "num_train_timesteps": 1000, "shift": 3.0, "use_dynamic_shifting": True}
    flux_schnell = {**flux_dev, "shift": 1.0, "use_dynamic_shifting": False}
    sdxl_base = {**SDXL, "clip_sample": False, "interpolation_type": "linear", "num_train_timesteps": 1000,
                 "prediction_type": "epsilon", "sample_max_value": 1.0, "set_alpha_to_one": False,
                 "skip_prk_steps": True,
                 "steps_offset": 1, "timestep_spacing": "leading", "trained_betas": None, "use_karras_sigmas": False}
    for steps in STEPS:
        for config in (flux_dev, flux_schnell):
            yield make_case("flux", "FlowMatchEulerDiscreteScheduler", config, steps, tokens=64)
        for class_name in list(AXES)[1:]:
            config = {"_class_name": "EulerDiscreteScheduler", **sdxl_base}
            yield make_case("sdxl", class_name, config, steps)
    for class_name in ("DPMSolverMultistepScheduler", "DPMSolverSinglestepScheduler"):
        config = {"use_flow_sigmas": True, "use_dynamic_shifting": True, "prediction_type": "flow_prediction"}
        yield make_case("flux with a DPM solver", class_name, config, 8, tokens=1024)
    for steps in (61, 103, 122):  # numpy's arange makes one timestep more
        for class_name in ("EulerDiscreteScheduler", "DDIMScheduler", "DPMSolverMultistepScheduler"):
            yield make_case("long arange", class_name, {**SDXL, "timestep_spacing": "trailing"}, steps)
    for class_name in AXES:
        yield make_case("too many steps", class_name, {"num_train_timesteps": 40, "original_inference_steps": 40}, 41)
    saved_defaults = {"_class_name": "EulerDiscreteScheduler", "beta_end": 0.5, "beta_start": 0.3,
                      "_use_default_values": ["beta_end", "beta_start"]}
    yield make_case("saved defaults", "DDIMScheduler", saved_defaults, 5)


def random_cases(seed, count):
    chance = random.Random(seed)
    for class_name, axes in AXES.items():
        for _ in range(count):
            config = {"_class_name": class_name}
            for axis in axes:
                config.update(chance.choice(axis))
            if config.get("use_flow_sigmas") and class_name.startswith("DPM") and chance.random() < 0.5:
                config["use_dynamic_shifting"] = True
            target = class_name
            if chance.random() < 0.15:  # as OtherClass.from_config(full config of the first)
                try:
                    config = json.loads(getattr(diffusers, class_name).from_config(config).to_json_string())
                    target = chance.choice(list(AXES)[1:])
                except Exception:
                    pass
            yield make_case(f"random of seed {seed}", target, config, chance.choice(STEPS),
                            seed=chance.randrange(1 << 30), dtype="bfloat16" if chance.random() < 0.15 else "float32",
                            tokens=tokens_of(target, config, chance))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--random", type=int, default=40, help="random configurations of each class")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    np.seterr(all="ignore")
    cases = []
    with open(options.folder / "schedulers.bin", "wb") as blob:
        for case in itertools.chain(systematic_cases(), random_cases(options.seed, options.random)):
            try:
                timesteps, factor, samples = run(case)
                case["finite"] = all(bool(np.isfinite(values).all()) for values in [timesteps, factor, *samples])
                if case["finite"]:
                    case.update(timesteps=timesteps, factor=factor, offset=blob.tell())
                    for sample in samples:
                        blob.write(sample.astype(np.float32).tobytes())
            except Exception as error:  # diffusers refuses this configuration, in whichever way
                case["refused"] = f"{type(error).__name__}: {error}"[:200]
            cases.append(case)
    with open(options.folder / "schedulers.json", "w", encoding="utf-8") as index:
        json.dump({"shape": SHAPE, "noise_seed": NOISE_SEED, "diffusers": diffusers.__version__,
                   "torch": torch.__version__, "cases": cases}, index)
    print(f"{len(cases)} cases, {sum('refused' in case for case in cases)} of them refused by diffusers")


if __name__ == "__main__":
    main()
