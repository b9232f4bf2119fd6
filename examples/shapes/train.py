"""Trains one of the two models from nothing: `python train.py flux`. Interrupted, it goes on where it was."""

import argparse
from pathlib import Path

import torch
from diffusers import AutoencoderKL

import dataset
import flux
import sdxl
import train_denoiser
import train_vae
from export import export
from progress import seed_everything
from vocabularies import corpus

EXAMPLES = Path(__file__).resolve().parent.parent


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=("flux", "sdxl"))
    parser.add_argument("--work", type=Path, help="folder of checkpoints [build/training/MODEL below the repository]")
    parser.add_argument("--out", type=Path, help="model folder to write [the one that ships]")
    parser.add_argument("--vae-steps", type=int, default=10_000)
    parser.add_argument("--decoder-steps", type=int, default=8_000, help="of the decoder alone, when all else stands")
    parser.add_argument("--text-steps", type=int, default=1_500)
    parser.add_argument("--denoiser-steps", type=int, default=25_000)
    parser.add_argument("--pictures", type=int, default=7_000, help="one-object pictures to learn from")
    parser.add_argument("--pairs", type=int, default=0, help="two-object pictures to learn from")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads [all]")
    parser.add_argument("--export-only", action="store_true", help="write the model folder from the checkpoints so far")
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    family = {"flux": flux, "sdxl": sdxl}[arguments.model]
    work = arguments.work or EXAMPLES.parent / "build" / "training" / arguments.model
    out = arguments.out or EXAMPLES / family.NAME / "models" / family.NAME
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    if not arguments.export_only:
        work.mkdir(parents=True, exist_ok=True)
        train(family, work, arguments)
    export(family, work, out)


def train(family, work: Path, arguments: argparse.Namespace) -> None:
    """Every stage leaves its result in `work` and is skipped when it is there."""
    if not (work / "vae").exists():
        seed_everything(1)
        vae = train_vae.new_vae(family.LATENT_CHANNELS, family.QUANT_CONVS)
        train_vae.train(vae, arguments.vae_steps, work).save_pretrained(work / "vae")
    if not (work / "text_encoder_2").exists():
        family.write_tokenizers(work, corpus())
        seed_everything(3)
        family.train_text_encoders(work, arguments.text_steps)
    vae = AutoencoderKL.from_pretrained(work / "vae")
    pictures = dataset.build(vae, work / "latents.pt", arguments.pictures, arguments.pairs)
    train_denoiser.train(family, pictures, arguments.denoiser_steps, work)
    if not (work / "vae_polished").exists():
        train_vae.train(vae, arguments.decoder_steps, work, decoder_only=True).save_pretrained(work / "vae_polished")


if __name__ == "__main__":
    main()
