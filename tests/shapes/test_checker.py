"""The checker is right on pictures drawn by the domain, and says no to degraded ones.

Run from the repository: python -m unittest discover -s tests/shapes
"""

import sys
import unittest
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "shapes"))

from checker import look, verdict  # noqa: E402
from domain import COLOURS, POSITIONS, SHAPES, Scene, Thing, random_scene, render  # noqa: E402


def drawn(count: int, two_objects: bool = False, seed: int = 11) -> list[tuple[Scene, np.ndarray]]:
    rng = np.random.default_rng(seed)
    scenes = [random_scene(rng, two_objects) for _ in range(count)]
    return [(scene, render(scene, rng)) for scene in scenes]


def share(pictures, attribute: str, change=lambda picture: picture) -> float:
    """How many pictures pass after a change."""
    return float(np.mean([verdict(change(picture), scene)[attribute] for scene, picture in pictures]))


class GroundTruth(unittest.TestCase):
    def test_one_object(self):
        self.assertGreater(share(drawn(1000), "all"), 0.99)

    def test_two_objects(self):
        self.assertGreater(share(drawn(500, two_objects=True), "all"), 0.98)

    def test_every_shape(self):
        rng = np.random.default_rng(12)
        for shape in SHAPES:
            with self.subTest(shape=shape):
                scenes = [Scene("white", (Thing("blue", shape, "small", position),)) for position in POSITIONS]
                self.assertGreater(share([(scene, render(scene, rng)) for scene in scenes], "all"), 0.85)

    def test_wrong_size_of_picture_is_refused(self):
        with self.assertRaises(ValueError):
            look(np.zeros((64, 64, 3), np.uint8))


class Degraded(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pictures = drawn(200)

    def test_wrong_colour(self):
        rng = np.random.default_rng(13)
        names = list(COLOURS)
        for scene, _ in self.pictures[:100]:
            thing = scene.things[0]
            other = next(name for name in names if name not in (thing.colour, scene.background))
            recoloured = Scene(scene.background, (Thing(other, thing.shape, thing.size, thing.position),))
            self.assertFalse(verdict(render(recoloured, rng), scene)["colour"])

    def test_wrong_position(self):
        def shifted(picture):
            return np.roll(picture, 32, axis=1)

        self.assertLess(share(self.pictures, "position", shifted), 0.02)

    def test_missing_object(self):
        def emptied(picture):
            return np.broadcast_to(np.median(picture[:2].reshape(-1, 3), axis=0), picture.shape).astype(np.uint8)

        for attribute in ("colour", "position", "size", "shape", "all"):
            self.assertEqual(share(self.pictures, attribute, emptied), 0.0)

    def test_second_object_that_nobody_asked_for(self):
        def crowded(picture):
            picture = picture.copy()
            corner = (10, 10) if abs(picture[10, 10].astype(int) - picture[64, 2]).max() < 20 else (117, 117)
            cv2.circle(picture, corner, 8, (200, 30, 200), cv2.FILLED)
            return picture

        self.assertLess(share(self.pictures, "all", crowded), 0.05)

    def test_blurred(self):
        def blurred(picture):
            return cv2.GaussianBlur(picture, (0, 0), 7.0)

        self.assertLess(share(self.pictures, "all", blurred), 0.20)

    def test_blobs_instead_of_shapes(self):
        pictures = [(scene, picture) for scene, picture in self.pictures if scene.things[0].shape != "circle"]

        def melted(picture):
            seen = cv2.medianBlur(picture, 31)
            return cv2.GaussianBlur(seen, (0, 0), 3.0)

        self.assertLess(share(pictures, "shape", melted), 0.35)

    def test_noise(self):
        noise = np.random.default_rng(14).integers(0, 256, (20, 128, 128, 3)).astype(np.uint8)
        passed = [verdict(picture, scene)["all"] for picture, (scene, _) in zip(noise, self.pictures)]
        self.assertFalse(any(passed))

    def test_wrong_background(self):
        def darkened(picture):
            return (picture * 0.6).astype(np.uint8)

        pictures = [(scene, picture) for scene, picture in self.pictures if scene.background not in ("black", "white")]
        self.assertLess(share(pictures, "background", darkened), 0.05)


if __name__ == "__main__":
    unittest.main()
