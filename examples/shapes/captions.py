"""Sentences that describe a scene: several phrasings, synonyms, careless typing."""

import numpy as np

from domain import DEFAULT_BACKGROUND, DEFAULT_POSITION, DEFAULT_SIZE, Scene, Thing

SIZE_WORDS = {
    "small": ("small", "small", "tiny", "little"),
    "medium": ("medium", "medium-sized"),
    "large": ("large", "large", "big", "huge"),
}

SHAPE_WORDS = {
    "circle": ("circle", "circle", "circle", "disc"),
    "square": ("square",),
    "triangle": ("triangle",),
    "star": ("star", "star", "star", "five-pointed star"),
    "ring": ("ring",),
    "cross": ("cross", "cross", "cross", "plus sign"),
    "heart": ("heart",),
}

BACKGROUND_WORDS = {
    "white": ("white",),
    "grey": ("grey", "gray"),
    "black": ("black",),
    "light blue": ("light blue",),
    "beige": ("beige",),
}

# Where something is: the bare words, and the phrases that follow "a red circle".
POSITION_WORDS = {
    "centre": ("centre", "center", "middle"),
    "left": ("left",),
    "right": ("right",),
    "top": ("top",),
    "bottom": ("bottom",),
    "top left": ("top left", "upper left"),
    "top right": ("top right", "upper right"),
    "bottom left": ("bottom left", "lower left"),
    "bottom right": ("bottom right", "lower right"),
}

OPENINGS = (
    "a photo of ",
    "a drawing of ",
    "a picture of ",
    "an image of ",
    "a painting of ",
    "an illustration of ",
    "draw ",
)

OMIT_DEFAULT = 0.5  # how often a default background, size or position goes unsaid


def _pick(rng: np.random.Generator, values) -> str:
    return values[rng.integers(len(values))]


def _article(words: str) -> str:
    return ("an " if words[0] in "aeiou" else "a ") + words


def _describe(rng: np.random.Generator, thing: Thing) -> str:
    """Size, colour and shape without an article: "large red circle"."""
    unsaid = thing.size == DEFAULT_SIZE and rng.random() < OMIT_DEFAULT
    size = "" if unsaid else _pick(rng, SIZE_WORDS[thing.size]) + " "
    return f"{size}{thing.colour} {_pick(rng, SHAPE_WORDS[thing.shape])}"


def _where(rng: np.random.Generator, position: str) -> str:
    words = _pick(rng, POSITION_WORDS[position])
    if position == "centre":
        return f"in the {words}"
    if " " in position:
        return _pick(rng, (f"in the {words}", f"at the {words}", f"in the {words} corner", f"on the {words}"))
    return _pick(rng, (f"on the {words}", f"at the {words}", f"on the {words} side"))


def _one_object(rng: np.random.Generator, scene: Scene) -> str:
    thing = scene.things[0]
    background = f"{_pick(rng, BACKGROUND_WORDS[scene.background])} background"
    described = _describe(rng, thing)
    subject = _article(described)
    no_background = scene.background == DEFAULT_BACKGROUND and rng.random() < OMIT_DEFAULT
    no_position = thing.position == DEFAULT_POSITION and rng.random() < OMIT_DEFAULT
    where = "" if no_position else _where(rng, thing.position)
    bare_where = "" if no_position else _pick(rng, POSITION_WORDS[thing.position])
    if no_background:
        after = f" {where}" if where else ""
        listed = f", {bare_where}" if bare_where else ""
        return _pick(rng, (f"{subject}{after}", f"{described}{listed}"))
    behind = f"on {_article(background)}"
    if not where:
        return _pick(
            rng,
            (
                f"{subject} {behind}",
                f"{described}, {background}",
                f"{described} {behind}",
                f"{_article(background)} with {subject}",
            ),
        )
    return _pick(
        rng,
        (
            f"{subject} {where} {behind}",
            f"{subject} {behind}, {bare_where}",
            f"{subject} {behind} {where}",
            f"{described}, {bare_where}, {background}",
            f"{described} {where}, {background}",
            f"{_article(background)} with {subject} {where}",
            f"{where}, {subject} {behind}",
            f"{background}, {described}, {bare_where}",
        ),
    )


def _two_objects(rng: np.random.Generator, scene: Scene) -> str:
    first, second = (_article(_describe(rng, thing)) for thing in scene.things)
    if scene.things[0].position == "left":
        pair = _pick(
            rng,
            (
                f"{first} to the left of {second}",
                f"{second} to the right of {first}",
                f"{first} on the left and {second} on the right",
                f"{first} left of {second}",
            ),
        )
    else:
        pair = _pick(
            rng,
            (
                f"{first} above {second}",
                f"{second} below {first}",
                f"{first} at the top and {second} at the bottom",
                f"{first} on top of {second}",
            ),
        )
    if scene.background == DEFAULT_BACKGROUND and rng.random() < OMIT_DEFAULT:
        return pair
    background = f"{_pick(rng, BACKGROUND_WORDS[scene.background])} background"
    return _pick(
        rng,
        (
            f"{pair} on {_article(background)}",
            f"{pair}, {background}",
            f"{_article(background)} with {pair}",
        ),
    )


def caption(scene: Scene, rng: np.random.Generator) -> str:
    """One of the many sentences for a scene."""
    text = _one_object(rng, scene) if len(scene.things) == 1 else _two_objects(rng, scene)
    if text.startswith(("a ", "an ")) and rng.random() < 0.25:
        text = _pick(rng, OPENINGS) + text
    if rng.random() < 0.3:
        text = text[0].upper() + text[1:]
    if rng.random() < 0.25:
        text += "."
    return text
