"""Tiles pictures of held-out prompts, to look at: python contact_sheet.py MODEL_FOLDER SHEET.png"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from evaluate import draw_with_diffusers, held_out_prompts

COLUMNS = 8
GAP = 4


def sheet(pictures: list[np.ndarray]) -> np.ndarray:
    framed = [cv2.copyMakeBorder(picture, GAP, 0, GAP, 0, cv2.BORDER_CONSTANT, value=(255, 255, 255)) for picture in pictures]
    rows = [np.concatenate(framed[start : start + COLUMNS], axis=1) for start in range(0, len(framed), COLUMNS)]
    return cv2.copyMakeBorder(np.concatenate(rows), 0, GAP, 0, GAP, cv2.BORDER_CONSTANT, value=(255, 255, 255))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("sheet", type=Path)
    parser.add_argument("--rows", type=int, default=5)
    arguments = parser.parse_args()
    prompts = held_out_prompts(arguments.rows * COLUMNS)
    pictures = draw_with_diffusers(arguments.model, prompts)
    arguments.sheet.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(arguments.sheet), sheet(pictures)[:, :, ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    main()
