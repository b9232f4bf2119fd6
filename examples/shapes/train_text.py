"""The text encoders, trained to say what a caption describes before any denoiser listens to them.

Without this the denoiser has to learn reading and drawing at once, and draws backgrounds only for a long time.
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    PreTrainedModel,
    T5Config,
    T5EncoderModel,
)

from captions import caption
from domain import BACKGROUNDS, COLOURS, POSITIONS, SHAPES, SIZES, Scene, random_scene
from progress import Progress, autocast, cosine_rate, device, seed_everything
from vocabularies import CLIP_LENGTH, T5_LENGTH

BATCH = 64
CAPTIONS = 48_000
LEARNING_RATE = 2e-3

# Encoders see padding: mostly a short one, because that is quick, and now and then the longer ones.
CLIP_LENGTHS = {40: 0.85, CLIP_LENGTH: 0.15}
T5_LENGTHS = {48: 0.90, 128: 0.08, T5_LENGTH: 0.02}

_OF_A_THING = {"colour": tuple(COLOURS), "shape": SHAPES, "size": tuple(SIZES), "position": tuple(POSITIONS)}
ATTRIBUTE_SIZES = [len(BACKGROUNDS)] + 2 * [len(values) + 1 for values in _OF_A_THING.values()]


def attributes(scene: Scene) -> list[int]:
    """The scene as class numbers: background, then each thing's; the last class of each means there is none."""
    numbers = [list(BACKGROUNDS).index(scene.background)]
    for place in range(2):
        for name, values in _OF_A_THING.items():
            there = place < len(scene.things)
            numbers.append(values.index(getattr(scene.things[place], name)) if there else len(values))
    return numbers


def new_clip(vocabulary: int, width: int, layers: int, activation: str, projection: bool) -> PreTrainedModel:
    config = CLIPTextConfig(
        vocab_size=vocabulary,
        hidden_size=width,
        intermediate_size=4 * width,
        projection_dim=width,
        num_hidden_layers=layers,
        num_attention_heads=width // 32,
        max_position_embeddings=CLIP_LENGTH,
        hidden_act=activation,
        bos_token_id=0,  # as in the public files: an end token of 2 means that the largest id ends the text
        eos_token_id=2,
        pad_token_id=1,
    )
    return (CLIPTextModelWithProjection if projection else CLIPTextModel)(config)


def new_t5(vocabulary: int, width: int, layers: int) -> T5EncoderModel:
    config = T5Config(
        vocab_size=vocabulary,
        d_model=width,
        d_kv=32,
        d_ff=2 * width,
        num_layers=layers,
        num_heads=width // 32,
        feed_forward_proj="gated-gelu",
        dropout_rate=0.0,
        tie_word_embeddings=False,
    )
    return T5EncoderModel(config)


class TokenReader(nn.Module):
    """Guesses every attribute from token states, each through an attention of its own."""

    def __init__(self, width: int):
        super().__init__()
        self.attention = nn.Linear(width, len(ATTRIBUTE_SIZES))
        self.guess = nn.ModuleList(nn.Linear(width, classes) for classes in ATTRIBUTE_SIZES)

    def forward(self, states: torch.Tensor) -> list[torch.Tensor]:
        weights = self.attention(states).softmax(dim=1)
        pooled = torch.einsum("bta,btw->baw", weights, states)
        return [guess(pooled[:, index]) for index, guess in enumerate(self.guess)]


class VectorReader(nn.Module):
    """Guesses every attribute from one vector."""

    def __init__(self, width: int):
        super().__init__()
        self.guess = nn.ModuleList(nn.Linear(width, classes) for classes in ATTRIBUTE_SIZES)

    def forward(self, vector: torch.Tensor) -> list[torch.Tensor]:
        return [guess(vector) for guess in self.guess]


def _features(encoder: PreTrainedModel, ids: torch.Tensor, uses: tuple[str, ...]) -> dict[str, torch.Tensor]:
    """What the picture pipelines read from this encoder: "tokens", "penultimate" or "pooled"."""
    output = encoder(ids, output_hidden_states=True)
    found = {"penultimate": output.hidden_states[-2], "tokens": output.hidden_states[-1]}
    if "pooled" in uses:
        found["pooled"] = output.text_embeds if hasattr(output, "text_embeds") else output.pooler_output
    return {use: found[use] for use in uses}


def train(encoder: PreTrainedModel, tokenizer, uses: tuple[str, ...], steps: int, folder: Path, seed: int = 2) -> None:
    """Trains one encoder through readers of the features that a denoiser will use, and saves it."""
    seed_everything(seed)
    rng = np.random.default_rng(seed)
    scenes = [random_scene(rng, two_objects=index % 3 == 0) for index in range(CAPTIONS)]
    texts = [caption(scene, rng) for scene in scenes]
    truth = torch.tensor([attributes(scene) for scene in scenes], device=device())
    lengths = CLIP_LENGTHS if tokenizer.model_max_length == CLIP_LENGTH else T5_LENGTHS
    shortest, longest = min(lengths), max(lengths)
    ids = tokenizer(texts, padding="max_length", max_length=longest, truncation=True, return_tensors="pt").input_ids
    ids = ids.to(device())

    encoder = encoder.to(device())
    width = encoder.config.hidden_size
    readers = nn.ModuleDict({use: (VectorReader if use == "pooled" else TokenReader)(width) for use in uses}).to(device())
    weights = [*encoder.parameters(), *readers.parameters()]
    optimizer = torch.optim.AdamW(weights, lr=LEARNING_RATE, weight_decay=0.01)
    progress = Progress(folder.name, steps)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * cosine_rate(step, steps, warmup=50)
        length = rng.choice(list(lengths), p=list(lengths.values()))
        chosen = torch.from_numpy(rng.integers(0, CAPTIONS, BATCH * shortest // length)).to(device())
        with autocast():
            features = _features(encoder, ids[chosen, :length], uses)
        loss, right = 0.0, []
        for use in uses:
            for index, guess in enumerate(readers[use](features[use].float())):
                loss = loss + nn.functional.cross_entropy(guess, truth[chosen, index])
                right.append((guess.argmax(1) == truth[chosen, index]).float().mean())
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        progress.update(step + 1, loss=float(loss.detach()), right=float(torch.stack(right).mean()))
    encoder.save_pretrained(folder)
