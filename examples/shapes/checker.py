"""Says what a picture of the shapes domain shows, with OpenCV only and no learned parts."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from domain import BACKGROUNDS, CANVAS, COLOURS, POSITIONS, SHAPES, SIZES, Scene, Thing, coverage

MASK_DISTANCE = 16.0  # in Lab, from the background
BACKGROUND_DISTANCE = 12.0  # in Lab, farther than that from every background is none of them
COLOUR_DISTANCE = 24.0
POSITION_DISTANCE = 10.0  # pixels
SMALLEST_AREA = 30  # pixels; smaller specks are not objects
NORMALISED = 48  # side of the square in which shapes are compared
SHAPE_OVERLAP = 0.70  # intersection over union
BORDER = 3

ATTRIBUTES = ("background", "colour", "position", "size", "shape")


@dataclass(frozen=True)
class Seen:
    """What the checker recognises; None where nothing of the domain fits."""

    background: str | None
    things: tuple[Thing, ...]  # in reading order: left to right, or top to bottom


def to_lab(picture: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(picture.astype(np.float32) / 255.0, cv2.COLOR_RGB2LAB)


def _nearest(lab: np.ndarray, palette: dict[str, tuple], limit: float) -> str | None:
    names = list(palette)
    distances = np.linalg.norm(to_lab(np.array([list(palette.values())]))[0] - lab, axis=1)
    return names[distances.argmin()] if distances.min() <= limit else None


def look(picture: np.ndarray) -> Seen:
    """Reads a picture: 128 x 128 x RGB, 8 bit."""
    if picture.shape != (CANVAS, CANVAS, 3):
        raise ValueError(f"a picture of {CANVAS} x {CANVAS} RGB is needed, not {picture.shape}")
    lab = to_lab(picture)
    border = np.concatenate([edge.reshape(-1, 3) for edge in (lab[:BORDER], lab[-BORDER:], lab[:, :BORDER], lab[:, -BORDER:])])
    background = np.median(border, axis=0)
    mask = (np.linalg.norm(lab - background, axis=2) > MASK_DISTANCE).astype(np.uint8)
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = []
    for label in range(1, count):
        if statistics[label, cv2.CC_STAT_AREA] >= SMALLEST_AREA:
            left, top, width, height = statistics[label, :4]
            component = (labels == label).astype(np.uint8)
            found.append(((left + width / 2, top + height / 2), _recognise(lab, component, (left, top, width, height))))
    if len(found) == 2 and abs(found[0][0][0] - found[1][0][0]) > abs(found[0][0][1] - found[1][0][1]):
        found.sort(key=lambda entry: entry[0][0])
    else:
        found.sort(key=lambda entry: entry[0][1])
    return Seen(_nearest(background, BACKGROUNDS, BACKGROUND_DISTANCE), tuple(thing for _, thing in found))


def _recognise(lab: np.ndarray, component: np.ndarray, box: tuple[int, int, int, int]) -> Thing:
    core = cv2.erode(component, np.ones((3, 3), np.uint8))
    pixels = lab[core > 0] if core.any() else lab[component > 0]
    colour = _nearest(np.median(pixels, axis=0), COLOURS, COLOUR_DISTANCE)
    left, top, width, height = box
    normalised = _normalise(component.astype(np.float32), box)
    overlaps = [(_overlap(normalised, template.mask), template) for template in _templates()]
    overlap, best = max(overlaps, key=lambda entry: entry[0])
    radius = (width / best.width + height / best.height) / 2
    centre = (left + width / 2 - best.offset[0] * radius, top + height / 2 - best.offset[1] * radius)
    return Thing(
        colour=colour,
        shape=best.shape if overlap >= SHAPE_OVERLAP else None,
        size=min(SIZES, key=lambda name: abs(SIZES[name] - radius)),
        position=_nearest_position(centre),
    )


def _nearest_position(centre: tuple[float, float]) -> str | None:
    distances = {name: np.hypot(x - centre[0], y - centre[1]) for name, (x, y) in POSITIONS.items()}
    name = min(distances, key=distances.get)
    return name if distances[name] <= POSITION_DISTANCE else None


def _normalise(mask: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
    """The content of a box, centred in a square of fixed size."""
    left, top, width, height = box
    side = max(width, height)
    square = np.zeros((side, side), np.float32)
    down, across = (side - height) // 2, (side - width) // 2
    square[down : down + height, across : across + width] = mask[top : top + height, left : left + width]
    return cv2.resize(square, (NORMALISED, NORMALISED), interpolation=cv2.INTER_AREA if side > NORMALISED else cv2.INTER_LINEAR)


def _overlap(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.minimum(first, second).sum() / np.maximum(first, second).sum())


@dataclass(frozen=True)
class _Template:
    shape: str
    mask: np.ndarray
    width: float  # of the bounding box, in radii
    height: float
    offset: tuple[float, float]  # from the shape's centre to the box's centre, in radii


@lru_cache(maxsize=1)
def _templates() -> list[_Template]:
    """Every shape as it looks at each of the three sizes."""
    templates = []
    middle = CANVAS / 2
    for shape in SHAPES:
        for radius in SIZES.values():
            mask = (coverage(shape, (middle, middle), radius) > 0.25).astype(np.uint8)
            left, top, width, height = box = cv2.boundingRect(mask)
            offset = ((left + width / 2 - middle) / radius, (top + height / 2 - middle) / radius)
            templates.append(
                _Template(shape, _normalise(mask.astype(np.float32), box), width / radius, height / radius, offset)
            )
    return templates


def verdict(picture: np.ndarray, scene: Scene) -> dict[str, bool]:
    """Per attribute whether the picture shows what the scene says, of every object; `all` includes that there is no other."""
    seen = look(picture)
    answers = {"background": seen.background == scene.background}
    complete = len(seen.things) == len(scene.things)
    for attribute in ATTRIBUTES[1:]:
        answers[attribute] = complete and all(
            getattr(there, attribute) == getattr(wanted, attribute) for there, wanted in zip(seen.things, scene.things)
        )
    answers["all"] = all(answers.values())
    return answers
