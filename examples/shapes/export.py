"""Writes a model folder in the layout of the public repositories, replacing the old one in one move."""

import json
import math
import os
import shutil
from pathlib import Path

import diffusers
import torch
from diffusers import AutoencoderKL

from train_denoiser import load_average

LIMIT_MEGABYTES = 12


def export(family, work: Path, folder: Path) -> None:
    """Puts together what the stages left in `work`; what is not trained yet goes in untrained."""
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    reader = family.Reader.load(work)
    polished = work / "vae_polished"
    components = {
        "scheduler": family.scheduler(),
        "text_encoder": reader.first_encoder,
        "text_encoder_2": reader.second_encoder,
        family.DENOISER: load_average(family, work) or family.new_denoiser(),
        "vae": AutoencoderKL.from_pretrained(polished if polished.exists() else work / "vae"),
    }
    index = {"_class_name": family.PIPELINE.__name__, "_diffusers_version": diffusers.__version__}
    for name, component in components.items():
        if isinstance(component, torch.nn.Module):
            component.to("cpu", torch.bfloat16)
        component.save_pretrained(fresh / name)
        library = "transformers" if name.startswith("text") else "diffusers"
        index[name] = [library, type(component).__name__]
    for name, tokenizer in (("tokenizer", reader.first_tokenizer), ("tokenizer_2", reader.second_tokenizer)):
        shutil.copytree(work / name, fresh / name)
        index[name] = ["transformers", type(tokenizer).__name__]
    index |= family.MODEL_INDEX_EXTRAS
    (fresh / "model_index.json").write_text(json.dumps(dict(sorted(index.items())), indent=2) + "\n")
    _drop_infinities(fresh / "scheduler" / "scheduler_config.json")
    _drop_origin(fresh / "vae" / "config.json")
    files = [path for path in fresh.rglob("*") if path.is_file()]
    for path in files:
        path.chmod(0o644)
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    if megabytes > LIMIT_MEGABYTES:
        raise SystemExit(f"{fresh} takes {megabytes:.1f} MB, more than {LIMIT_MEGABYTES}")
    _replace(fresh, folder)
    print(f"{folder}: {megabytes:.1f} MB", flush=True)


def _drop_infinities(config: Path) -> None:
    """Leaves out defaults such as -Infinity: Python writes and reads them, but they are not JSON."""
    fields = json.loads(config.read_text())
    finite = {name: value for name, value in fields.items() if not (isinstance(value, float) and math.isinf(value))}
    config.write_text(json.dumps(finite, indent=2) + "\n")


def _drop_origin(config: Path) -> None:
    """Leaves out the folder that the weights were loaded from."""
    fields = json.loads(config.read_text())
    fields.pop("_name_or_path", None)
    config.write_text(json.dumps(fields, indent=2) + "\n")


def _replace(fresh: Path, folder: Path) -> None:
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        card = folder / "README.md"
        if card.exists():
            shutil.copy(card, fresh)
        os.replace(folder, old)
    os.replace(fresh, folder)
    shutil.rmtree(old, ignore_errors=True)
