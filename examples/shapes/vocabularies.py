"""The tokenizers of the two models, learned from captions: CLIP's byte-pair encoding and T5's unigrams.

Files and conventions are those of the public FLUX and SDXL repositories: in CLIP's vocabulary
the 256 bytes come first, so that "!" is id 0 (SDXL's second tokenizer pads with it), and the end
of text is the largest id; in T5's, padding is 0, the end of sequence 1, the unknown 2.
"""

import collections
import io
import json
from pathlib import Path

import numpy as np
import sentencepiece
from transformers import CLIPTokenizer, T5Tokenizer

from captions import caption
from domain import random_scene

CLIP_LENGTH = 77
T5_LENGTH = 512
CLIP_VOCABULARY = 1000
T5_PIECES = 1000
T5_SENTINELS = 100
CORPUS_SENTENCES = 20_000

BOS, EOS = "<|startoftext|>", "<|endoftext|>"


def corpus() -> list[str]:
    rng = np.random.default_rng(7)
    return [caption(random_scene(rng, two_objects=index % 3 == 0), rng) for index in range(CORPUS_SENTENCES)]


def _byte_symbols() -> list[str]:
    """One printable character for each byte, in the order of CLIP's vocabulary."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + index) for index in range(len(others))]


def _learn_merges(words: collections.Counter, count: int) -> list[tuple[str, str]]:
    """Joins the most frequent neighbours, over and over; ties go to the alphabet."""
    spelled = {word: [*word[:-1], word[-1] + "</w>"] for word in words}
    merges = []
    while len(merges) < count:
        pairs = collections.Counter()
        for word, symbols in spelled.items():
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] += words[word]
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        for word, symbols in spelled.items():
            spelled[word] = _joined(symbols, best)
    return merges


def _joined(symbols: list[str], pair: tuple[str, str]) -> list[str]:
    joined = []
    for symbol in symbols:
        if joined and (joined[-1], symbol) == pair:
            joined[-1] += symbol
        else:
            joined.append(symbol)
    return joined


def write_clip_tokenizer(folder: Path, sentences: list[str], pad_token: str = EOS) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    words = collections.Counter(
        word for sentence in sentences for word in sentence.lower().replace("-", " ").strip(".").replace(",", "").split()
    )
    symbols = _byte_symbols()
    base = symbols + [symbol + "</w>" for symbol in symbols]
    merges = _learn_merges(words, CLIP_VOCABULARY - len(base) - 2)
    tokens = base + [first + second for first, second in merges] + [BOS, EOS]
    vocabulary = {token: index for index, token in enumerate(tokens)}
    CLIPTokenizer(vocab=vocabulary, merges=merges, pad_token=pad_token, model_max_length=CLIP_LENGTH).save_pretrained(folder)
    lines = ["#version: 0.2", *(f"{first} {second}" for first, second in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    special = {"bos_token": BOS, "eos_token": EOS, "pad_token": pad_token, "unk_token": EOS}
    (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=2) + "\n", encoding="utf-8")


def write_t5_tokenizer(folder: Path, sentences: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    model = io.BytesIO()
    # The trainer proposes as pieces only what it finds in two different words: show it each word in two forms.
    words = sorted({word.strip(".,") for sentence in sentences for word in sentence.split()})
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences + [word + "s" for word in words]),
        model_writer=model,
        model_type="unigram",
        vocab_size=T5_PIECES,
        hard_vocab_limit=False,
        required_chars="".join(map(chr, range(ord("!"), ord("~") + 1))),
        pad_id=0,
        eos_id=1,
        unk_id=2,
        bos_id=-1,
        num_threads=1,
        minloglevel=2,
    )
    (folder / "spiece.model").write_bytes(model.getvalue())
    tokenizer = T5Tokenizer.from_pretrained(folder, extra_ids=T5_SENTINELS, model_max_length=T5_LENGTH)
    tokenizer.save_pretrained(folder)
    special = {
        "additional_special_tokens": [f"<extra_id_{index}>" for index in range(T5_SENTINELS)],
        "eos_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
    }
    (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=2) + "\n", encoding="utf-8")
