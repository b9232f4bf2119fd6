"""The shapes domain: what a picture may contain, and how it is drawn.

A `Scene` is the exact content of a picture; `render` draws it with the small
random variations (centre, radius, colour, background gradient) that make two
pictures of one scene differ.
"""

import hashlib
import math
from dataclasses import dataclass

import cv2
import numpy as np

CANVAS = 128

COLOURS = {
    "red": (215, 35, 35),
    "orange": (245, 135, 20),
    "yellow": (245, 215, 35),
    "green": (35, 160, 65),
    "blue": (35, 80, 215),
    "purple": (125, 45, 165),
    "pink": (245, 120, 185),
    "black": (25, 25, 25),
}

BACKGROUNDS = {
    "white": (248, 248, 248),
    "grey": (160, 160, 160),
    "black": (20, 20, 20),
    "light blue": (175, 215, 245),
    "beige": (238, 222, 185),
}

SHAPES = ("circle", "square", "triangle", "star", "ring", "cross", "heart")

SIZES = {"small": 13, "medium": 20, "large": 28}

POSITIONS = {
    "centre": (64, 64),
    "left": (32, 64),
    "right": (96, 64),
    "top": (64, 32),
    "bottom": (64, 96),
    "top left": (32, 32),
    "top right": (96, 32),
    "bottom left": (32, 96),
    "bottom right": (96, 96),
}

DEFAULT_BACKGROUND = "white"
DEFAULT_SIZE = "medium"
DEFAULT_POSITION = "centre"

CENTRE_JITTER = 2.0  # pixels
RADIUS_JITTER = 0.04  # share of the radius
COLOUR_JITTER = 6  # levels per channel
GRADIENT = (7.0, 4.0)  # levels, across and down

HELD_OUT_SHARE = 16  # one combination in so many is never trained on

_SUPERSAMPLING = 4
_FIXED_POINT_BITS = 4


@dataclass(frozen=True)
class Thing:
    """One object of a scene."""

    colour: str
    shape: str
    size: str
    position: str


@dataclass(frozen=True)
class Scene:
    """A background and one or two things, in reading order (left or top first)."""

    background: str
    things: tuple[Thing, ...]

    def is_held_out(self) -> bool:
        """Whether this combination is kept out of training, decided by its hash."""
        words = [self.background]
        for thing in self.things:
            words += [thing.colour, thing.shape, thing.size, thing.position]
        digest = hashlib.sha256("|".join(words).encode()).digest()
        return digest[0] % HELD_OUT_SHARE == 0


def all_one_object_scenes() -> list[Scene]:
    """Every one-object combination, in a fixed order."""
    return [
        Scene(background, (Thing(colour, shape, size, position),))
        for background in BACKGROUNDS
        for colour in COLOURS
        if colour != background
        for shape in SHAPES
        for size in SIZES
        for position in POSITIONS
    ]


def _choose(rng: np.random.Generator, values) -> str:
    values = list(values)
    return values[rng.integers(len(values))]


def _random_thing(rng: np.random.Generator, background: str, position: str) -> Thing:
    colour = _choose(rng, [name for name in COLOURS if name != background])
    return Thing(colour, _choose(rng, SHAPES), _choose(rng, SIZES), position)


def random_scene(rng: np.random.Generator, two_objects: bool = False, held_out: bool = False) -> Scene:
    """A scene of the training split, or of the held-out one."""
    while True:
        background = _choose(rng, BACKGROUNDS)
        if two_objects:
            positions = (("left", "right"), ("top", "bottom"))[rng.integers(2)]
        else:
            positions = (_choose(rng, POSITIONS),)
        scene = Scene(background, tuple(_random_thing(rng, background, position) for position in positions))
        if scene.is_held_out() == held_out:
            return scene


def outline(shape: str, radius: float) -> list[np.ndarray]:
    """Polygons around the origin; overlapping ones cancel out, which makes the hole of a ring."""
    if shape == "circle":
        return [_regular_polygon(radius)]
    if shape == "ring":
        return [_regular_polygon(radius), _regular_polygon(0.55 * radius)]
    if shape == "square":
        half = 0.9 * radius
        return [np.array([(-half, -half), (half, -half), (half, half), (-half, half)])]
    if shape == "triangle":
        return [_regular_polygon(radius, corners=3)]
    if shape == "star":
        points = _regular_polygon(radius, corners=10)
        points[1::2] *= 0.43
        return [points]
    if shape == "cross":
        arm = 0.36 * radius
        quarter = np.array([(-arm, -arm), (-arm, -radius), (arm, -radius)])
        turns = [quarter]
        for _ in range(3):
            turns.append(np.stack([-turns[-1][:, 1], turns[-1][:, 0]], axis=1))
        return [np.concatenate(turns)]
    if shape == "heart":
        angle = np.linspace(0.0, 2.0 * math.pi, 96, endpoint=False)
        across = 16.0 * np.sin(angle) ** 3
        down = -(13.0 * np.cos(angle) - 5.0 * np.cos(2 * angle) - 2.0 * np.cos(3 * angle) - np.cos(4 * angle))
        points = np.stack([across, down], axis=1)
        points[:, 1] -= (points[:, 1].max() + points[:, 1].min()) / 2.0
        return [points * (radius / 16.0)]
    raise ValueError(f"no such shape: {shape}")


def _regular_polygon(radius: float, corners: int = 96) -> np.ndarray:
    """Corners on a circle, the first one at the top."""
    angle = np.linspace(0.0, 2.0 * math.pi, corners, endpoint=False)
    return radius * np.stack([np.sin(angle), -np.cos(angle)], axis=1)


def coverage(shape: str, centre: tuple[float, float], radius: float, canvas: int = CANVAS) -> np.ndarray:
    """How much of each pixel the shape covers, 0 to 1."""
    scale = _SUPERSAMPLING * (1 << _FIXED_POINT_BITS)
    half_sample = 1 << (_FIXED_POINT_BITS - 1)
    corners = [
        np.round((polygon + np.asarray(centre)) * scale - half_sample).astype(np.int32)
        for polygon in outline(shape, radius)
    ]
    fine = np.zeros((canvas * _SUPERSAMPLING, canvas * _SUPERSAMPLING), np.uint8)
    cv2.fillPoly(fine, corners, 255, shift=_FIXED_POINT_BITS)
    return cv2.resize(fine, (canvas, canvas), interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0


def render(scene: Scene, rng: np.random.Generator) -> np.ndarray:
    """The picture of a scene: height x width x RGB, 8 bit."""
    ramp = np.linspace(-1.0, 1.0, CANVAS, dtype=np.float32)
    across, down = (rng.uniform(-limit, limit) for limit in GRADIENT)
    gradient = across * ramp[None, :, None] + down * ramp[:, None, None]
    picture = np.asarray(BACKGROUNDS[scene.background], np.float32) + gradient
    for thing in scene.things:
        centre = np.asarray(POSITIONS[thing.position]) + rng.uniform(-CENTRE_JITTER, CENTRE_JITTER, 2)
        radius = SIZES[thing.size] * (1.0 + rng.uniform(-RADIUS_JITTER, RADIUS_JITTER))
        colour = np.asarray(COLOURS[thing.colour]) + rng.uniform(-COLOUR_JITTER, COLOUR_JITTER, 3)
        alpha = coverage(thing.shape, centre, radius)[:, :, None]
        picture = picture * (1.0 - alpha) + colour.astype(np.float32) * alpha
    return np.clip(np.round(picture), 0, 255).astype(np.uint8)
