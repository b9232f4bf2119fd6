"""Draws held-out prompts, or takes pictures that were drawn, and counts what the checker finds right.

    python evaluate.py --model ../shapes-flux/models/shapes-flux --diffusers
    python evaluate.py --model ../shapes-flux/models/shapes-flux --tintype ../../build/release/tintype --gate
    python evaluate.py --model ../shapes-flux/models/shapes-flux --tintype tintype --diffusers    (compares both)
    python evaluate.py --write-prompts prompts.json
    python evaluate.py --prompts prompts.json --pictures FOLDER    (000.png, 001.png, ...)
"""

import argparse
import dataclasses
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

from captions import caption
from checker import ATTRIBUTES, verdict
from domain import CANVAS, Scene, Thing, all_one_object_scenes, random_scene

GATES = {"background": 0.97, "colour": 0.97, "position": 0.97, "shape": 0.92, "all": 0.88}
SAMPLING = {
    "FluxPipeline": {"num_inference_steps": 4, "guidance_scale": 0.0},
    "StableDiffusionXLPipeline": {"num_inference_steps": 7, "guidance_scale": 3.0},
}
PROMPT_SEED = 2026


@dataclasses.dataclass(frozen=True)
class Prompt:
    text: str
    seed: int
    scene: Scene


def held_out_prompts(one_object: int, two_objects: int = 0) -> list[Prompt]:
    """A fixed list: the first of the shuffled combinations that training never saw, one sentence each."""
    rng = np.random.default_rng(PROMPT_SEED)
    unseen = [scene for scene in all_one_object_scenes() if scene.is_held_out()]
    if one_object > len(unseen):
        raise SystemExit(f"there are only {len(unseen)} held-out combinations of one object")
    scenes = [unseen[index] for index in rng.permutation(len(unseen))[:one_object]]
    scenes += [random_scene(rng, two_objects=True, held_out=True) for _ in range(two_objects)]
    return [Prompt(caption(scene, rng), seed, scene) for seed, scene in enumerate(scenes)]


def write_prompts(prompts: list[Prompt], path: Path) -> None:
    path.write_text(json.dumps([dataclasses.asdict(prompt) for prompt in prompts], indent=1) + "\n")


def read_prompts(path: Path) -> list[Prompt]:
    prompts = []
    for entry in json.loads(path.read_text()):
        things = tuple(Thing(**thing) for thing in entry["scene"]["things"])
        prompts.append(Prompt(entry["text"], entry["seed"], Scene(entry["scene"]["background"], things)))
    return prompts


def sampling_of(model: Path) -> dict:
    pipeline = json.loads((model / "model_index.json").read_text())["_class_name"]
    return SAMPLING[pipeline]


def draw_with_diffusers(model: Path, prompts: list[Prompt]) -> list[np.ndarray]:
    import torch
    from diffusers import DiffusionPipeline

    pipeline = DiffusionPipeline.from_pretrained(model, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    pictures = []
    for prompt in prompts:
        generator = torch.Generator("cpu").manual_seed(prompt.seed)
        drawn = pipeline(prompt.text, width=CANVAS, height=CANVAS, generator=generator, **sampling_of(model))
        pictures.append(np.asarray(drawn.images[0].convert("RGB")))
    return pictures


def draw_with_tintype(binary: Path, model: Path, prompts: list[Prompt], folder: Path) -> list[np.ndarray]:
    sampling = sampling_of(model)
    for index, prompt in enumerate(prompts):
        command = [binary, "generate", "--model", model, "--prompt", prompt.text, "--seed", prompt.seed]
        command += ["--steps", sampling["num_inference_steps"], "--guidance", sampling["guidance_scale"]]
        command += ["--width", CANVAS, "--height", CANVAS, "--dtype", "float32", "-o", picture_path(folder, index)]
        subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
    return read_pictures(folder, len(prompts))


def picture_path(folder: Path, index: int) -> Path:
    return folder / f"{index:03d}.png"


def read_pictures(folder: Path, count: int) -> list[np.ndarray]:
    pictures = []
    for index in range(count):
        picture = cv2.imread(str(picture_path(folder, index)), cv2.IMREAD_COLOR)
        if picture is None:
            raise SystemExit(f"no picture {picture_path(folder, index)}")
        pictures.append(np.ascontiguousarray(picture[:, :, ::-1]))
    return pictures


def write_pictures(folder: Path, pictures: list[np.ndarray]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for index, picture in enumerate(pictures):
        cv2.imwrite(str(picture_path(folder, index)), picture[:, :, ::-1])


def accuracy(verdicts: list[dict[str, bool]]) -> dict[str, float]:
    return {name: round(float(np.mean([one[name] for one in verdicts])), 4) for name in (*ATTRIBUTES, "all")}


def report(results: dict[str, dict[str, float]]) -> None:
    width = max(map(len, results))
    print(" " * width, *(f"{name:>10}" for name in (*ATTRIBUTES, "all")))
    for label, shares in results.items():
        print(f"{label:<{width}}", *(f"{shares[name]:10.1%}" for name in (*ATTRIBUTES, "all")))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, help="model folder in the diffusers layout")
    parser.add_argument("--diffusers", action="store_true", help="draw with diffusers")
    parser.add_argument("--tintype", type=Path, metavar="BINARY", help="draw with `BINARY generate`")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="pictures to check; with drawing: where to keep them")
    parser.add_argument("--prompts", type=Path, metavar="JSON", help="prompts instead of the fixed list")
    parser.add_argument("--write-prompts", type=Path, metavar="JSON", help="write the fixed list and stop")
    parser.add_argument("--count", type=int, default=160, help="one-object prompts [160]")
    parser.add_argument("--two-objects", type=int, default=0, metavar="COUNT", help="two-object prompts besides [0]")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--gate", action="store_true", help="exit with 1 below the accuracy that is promised")
    arguments = parser.parse_args()
    if (arguments.diffusers or arguments.tintype) and not arguments.model:
        parser.error("drawing needs --model")
    if not (arguments.diffusers or arguments.tintype or arguments.pictures or arguments.write_prompts):
        parser.error("nothing to check: give --diffusers, --tintype, --pictures or --write-prompts")
    return arguments


def draw_all(arguments: argparse.Namespace, prompts: list[Prompt]) -> dict[str, list[np.ndarray]]:
    drawn = {}
    with tempfile.TemporaryDirectory() as scratch:
        if arguments.tintype:
            drawn["tintype"] = draw_with_tintype(arguments.tintype, arguments.model, prompts, Path(scratch))
    if arguments.diffusers:
        drawn["diffusers"] = draw_with_diffusers(arguments.model, prompts)
    if not drawn:
        drawn["pictures"] = read_pictures(arguments.pictures, len(prompts))
    elif arguments.pictures:
        for label, pictures in drawn.items():
            write_pictures(arguments.pictures / label, pictures)
    return drawn


def main() -> int:
    arguments = parse_arguments()
    prompts = read_prompts(arguments.prompts) if arguments.prompts else held_out_prompts(arguments.count, arguments.two_objects)
    if arguments.write_prompts:
        write_prompts(prompts, arguments.write_prompts)
        return 0
    drawn = draw_all(arguments, prompts)
    verdicts = {
        label: [verdict(picture, prompt.scene) for picture, prompt in zip(pictures, prompts)]
        for label, pictures in drawn.items()
    }
    results, failed = {}, []
    for label, found in verdicts.items():
        for things, kind in ((1, "one object"), (2, "two objects")):
            of_kind = [one for one, prompt in zip(found, prompts) if len(prompt.scene.things) == things]
            if of_kind:
                results[f"{label}, {kind}"] = accuracy(of_kind)
        shares = results.get(f"{label}, one object", {})
        failed += [f"{label}: {name} {shares[name]:.1%} < {gate:.0%}" for name, gate in GATES.items() if shares.get(name, 1) < gate]
    differing = []
    if len(verdicts) == 2:
        differing = [index for index, pair in enumerate(zip(*verdicts.values())) if pair[0] != pair[1]]
    if arguments.json:
        print(json.dumps({"prompts": len(prompts), "accuracy": results, "below_gates": failed, "differing": differing}))
    else:
        report(results)
        for index in differing:
            print(f"verdicts differ on prompt {index}: {prompts[index].text!r}")
        for line in failed:
            print(f"below the gate: {line}")
    return 1 if arguments.gate and (failed or differing) else 0


if __name__ == "__main__":
    sys.exit(main())
