# SPDX-License-Identifier: Apache-2.0
"""Builds tokenizer folders in the shapes of public repositories and writes what transformers makes of many strings.

    python tokenizer_cases.py OUT

OUT/cases.json: {"texts": [hex of bytes], "cases": [{"folder", "kind", "maxLength", "padsLeft", "pad", "ids", "cut"}]}.
"ids" holds the ids without padding, in the order of "texts"; null where the reference itself fails. "cut" is the
decoded text that was truncated, or null where it is not compared.
"""

import json
import os
import random
import shutil
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import sentencepiece  # noqa: E402
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers  # noqa: E402
from tokenizers import AddedToken  # noqa: E402
from transformers import CLIPTokenizer, T5Tokenizer, T5TokenizerFast  # noqa: E402

assert T5TokenizerFast is T5Tokenizer, "FLUX repositories name T5TokenizerFast"

BOS, EOS = "<|startoftext|>", "<|endoftext|>"

CORPUS = """
A photograph of an astronaut riding a horse on the moon, highly detailed, cinematic lighting, 35mm film grain.
An oil painting of a lighthouse in a storm at dusk; dramatic clouds, waves crashing against the rocks.
A cat wearing sunglasses sits on a skateboard in front of a graffiti wall, street photography, shallow depth of field.
Isometric illustration of a tiny village with thatched roofs, a river, two bridges and a watermill, soft pastel colours.
Portrait of an old fisherman with a grey beard, wearing a yellow raincoat, looking straight into the camera.
It's the artist's studio: they've painted, we're watching, I'll stay, he'd leave, don't worry, I'm here, that's fine.
A bowl of ramen with a soft-boiled egg, spring onions and seaweed, studio lighting, macro shot, f/1.8, ISO 100.
Futuristic city skyline at night with neon signs, flying cars, rain reflections, cyberpunk, ultra wide angle, 8k.
Watercolor of cherry blossoms over a quiet pond with koi fish, gentle ripples, morning mist and a wooden bridge.
The quick brown fox jumps over the lazy dog while 1234567890 birds fly over the hills and far away.
Ein Foto von einem Schloss auf einem Hügel im Nebel, größer als üblich, mit schönen Türmen und Bäumen.
Une photographie d'un château près de la rivière, élégante, naïve, où l'été brûle les façades dorées.
Una fotografía de un niño pequeño jugando en la montaña, mañana soleada, cielo azul y nubes blancas.
Фотография старого города на рассвете, туман над рекой, тёплый свет, высокая детализация.
一张宇航员在月球上骑马的照片，高清，电影感光照。夜晚的城市，霓虹灯，雨。
桜の木の下で猫が寝ている写真、柔らかい光、水彩画のような雰囲気です。
صورة لقلعة قديمة على تل عند الغروب مع غيوم درامية ونهر هادئ
한국의 전통 가옥과 산을 그린 수채화, 부드러운 빛
Ένα λευκό σπίτι δίπλα στη θάλασσα, καλοκαίρι, φως.
Best quality, masterpiece, sharp focus! No text, no watermark; (vivid colors:1.3), [blurry], {red|green|blue} & more...
"""


def sentences():
    rng = random.Random(7)
    lines = [line for line in CORPUS.strip().split("\n") if line]
    words = [word for line in lines for word in line.split()]
    out = list(lines) * 4
    for _ in range(3000):
        out.append(" ".join(rng.choice(words) for _ in range(rng.randint(3, 18))))
    return out


# ---------------------------------------------------------------------------------------------------------- strings


def texts():
    rng = random.Random(11)
    lines = [line for line in CORPUS.strip().split("\n") if line]
    words = [word for line in lines for word in line.split()]
    out = ["", " ", "  ", "\t", "\n", " \t\r\n ", "\u00a0", "\u3000\u2003 ", "\u200b", "\u200b \u200d", "\ufeff", "\x00",
           "a", "A", "!", "!!!", "Hello!!! World!", "hi !", "! !", "a!b", "¡!", "wow!?", "'s", "'S", "it's", "IT'S",
           "''s", "'sss", "don't can't WON'T we'Ve I'LL he'd", "’s ’t ’re", "'re've'm'll'd", "rock'n'roll", "!'s", "x's!",
           "1234567890", "3.14159", "½ ² ³ Ⅷ ①② ٣٤٥ ५६ 一二三", "v1.0-beta_2", "a1b2c3", "x²+y²=z²", "1,000,000.00",
           "\u2581", "\u2581\u2581a\u2581", "a\u2581b \u2581c", "hello\u2581\u2581world", "a b", " a", "a ", "a  b",
           "a\u2581 b", "  leading and trailing  ", "tab\tnew\nline\r\ncr\rend", "a\x0bb\x0cc\x1cd\x1de\x85f\u2028g\u2029h",
           "ÀÉÎÕÜ ñ Ç", "A\u0300 E\u0301 o\u0308\u0323 o\u0323\u0308", "\u0041\u030a \u212b \u00c5", "\u1e9b\u0323",
           "İstanbul ıI", "STRASSE straße ẞ", "ΑΣ ΟΔΥΣΣΕΥΣ σς", "ǅ ǈ ǋ Ǆ", "ﬁ ﬂ ﬃ ﬀ ſt", "ｆｕｌｌ ｗｉｄｔｈ ＡＢＣ１２３！",
           "ﾊﾝｶｸ ｶﾞ", "㍿ ㌔ ㎏ ℃ № ™ ® ©", "\ufb2a \ufb1d שלום", "\u0e01\u0e33 ภาษาไทย", "한글 \u1112\u1161\u11ab \u1100\u1161",
           "हिन्दी क्षेत्र क्\u200dष", "தமிழ் నీ ক্ষ", "မြန်မာ", "\u0f40\u0f72 \u0f71\u0f72", "Zalgo\u0335\u0321\u0300\u0315\u031b",
           "😀", "😀😃", "👍🏽", "👩\u200d💻 👨\u200d👩\u200d👧\u200d👦", "🏳️\u200d🌈 🇩🇪🇫🇷🇯", "❤️ ☃︎ ✌🏿️", "1️⃣#️⃣", "🫠🫨🪿",
           "\U0001f468\u200d\U0001f9b0", "\u200d😀\u200d", "a\u200db", "\U00010400\U00010428 \U0001d400\U0001d7d9 \U00016ea0",
           "\U000e0001\U000e0067", "\U0010ffff", "\ue000", "\ufffe", "\ufffd", "a\u00adb", "a\u034fb", "\u061c\u200e\u200f\u202e x",
           "\u180e", "\u1680a", "a\u0085b", "\u2060a\u2061", "a\u0001\u0002b\u007f\u009f", "\u0001abc", "™\x1eg", "\x1e",
           "e\u0301\u0302\u0303\u0304\u0305\u0306", "\u0301", "\u0301a", "\u0345\u0300", "\U00011935\U00011930 \U00011938",
           "a\u08d3\u0316\u0334", "a\u1ac1\u0316", "\u0344 \u0374 \u037e \u0387 \u2126 \u2000 \u2001", "…‥ ‼ ⁉ ⁇", "“quotes” ‘single’ «g»",
           "—–-‐−", "a/b\\c|d", "<>", "< |startoftext| >", "<|", "|>", "<|startoftext", "<|endoftext|", "endoftext",
           "(masterpiece:1.2), ((best quality)), [ugly]::2", "https://example.com/a?b=c&d=%20e#f", "user@example.com", "C:\\dir\\x.png",
           "{'json': [1, 2.5e-3, null]}", "$100 €50 £20 ¥1000 ₿", "#hashtag @mention", "~`^_=+*&%", "\\n\\t", "a_b__c", "CamelCaseWORDS",
           "ok\u202fok", "½cup", "x" * 500, "é" * 300, "漢" * 300, "! " * 120, "1" * 200, "🎉" * 120, " " * 300 + "a" + " " * 300,
           "ab " * 400, "\u0301" * 80, "'" * 100, "<" * 90, "</s>" * 90]
    special = [BOS, EOS, "<|StartOfText|>", "<|ENDOFTEXT|>", "</s>", "</S>", "<pad>", "<PAD>", "<unk>", "<extra_id_0>", "<extra_id_9>",
               "<extra_id_99>", "<extra_id_100>", "<extra_id_", "<lora>", "<Style>", "STYLE", "style", "[MASK]", "<mask>", "<user>", "é<x>"]
    for token in special:
        out += [token, token + token, f"a{token}b", f"a {token} b", f" {token} ", f"{token}!", f"Über{token}  x", f"x {token}\u3000y",
                f"_{token}", f"{token}9", f"\u0301{token}\u0301"]
    emoji = ["😀", "👩\u200d🚀", "🏳️\u200d🌈", "🇯🇵", "👍🏿", "❤️", "🧑🏻\u200d🤝\u200d🧑🏿", "⚡", "🫶", "☕️"]
    marks = ["\u0300", "\u0301", "\u0323", "\u0327", "\u0334", "\u0345", "\u200d", "\ufe0f", "\u093f", "\u094d", "\u0e31", "\u3099"]
    blocks = [(0x20, 0x7F), (0x20, 0x7F), (0xA0, 0x250), (0x250, 0x530), (0x530, 0x700), (0x700, 0x1100), (0x1100, 0x1400),
              (0x1E00, 0x2300), (0x2300, 0x2C00), (0x3000, 0x3400), (0x4E00, 0x9FFF), (0xA000, 0xABFF), (0xAC00, 0xD7A0),
              (0xF900, 0xFFFF), (0x10000, 0x11FFF), (0x16000, 0x17000), (0x1D000, 0x1F000), (0x1F000, 0x1FB00), (0, 0x20)]
    for _ in range(500):  # prompts
        count = rng.choice([1, 2, 3, 5, 8, 12, 20, 40, 90])
        pieces = [rng.choice(words) for _ in range(count)]
        for _ in range(rng.randint(0, 3)):
            pieces.insert(rng.randint(0, len(pieces)), rng.choice(emoji + special + ["!", "--ar", "16:9", "(x:1.1)", "\n", "  "]))
        joined = rng.choice([" ", " ", " ", ", ", "  ", ""]).join(pieces)
        out.append(rng.choice([joined, joined, joined.upper(), joined.title(), " " + joined, joined + " "]))
    for _ in range(500):  # any characters
        text = ""
        for _ in range(rng.randint(1, 30)):
            if rng.random() < 0.2:
                text += rng.choice(marks + emoji + ["'s", "'", " ", "!", "<", "\u2581", "\u00a0"])
            else:
                low, high = rng.choice(blocks)
                text += chr(rng.randrange(low, high))
        out.append(text)
    for _ in range(200):  # decomposed, composed and compatibility forms of Latin, Greek, Hangul
        import unicodedata

        text = "".join(chr(rng.choice([rng.randrange(0xC0, 0x250), rng.randrange(0x1E00, 0x2000), rng.randrange(0xAC00, 0xD7A0)]))
                       for _ in range(rng.randint(1, 12)))
        out.append(unicodedata.normalize(rng.choice(["NFC", "NFD", "NFKC", "NFKD"]), text))
    raw = [text.encode("utf-8") for text in out]
    raw += [b"\xff", b"a\x80b", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"ok \xe9t\xe9",
            b"\xf0\x9f\x98\x80\xf0\x9f", b"\xe2\x28\xa1", b"\xfe\xfe", b"a\xe2\x82 b", b"\xf8\x88\x80\x80\x80", b"<\xc3|endoftext|>"]
    for _ in range(60):
        raw.append(bytes(rng.choice([rng.randrange(256), rng.randrange(0x20, 0x7F), rng.randrange(0x80, 0xF8)])
                         for _ in range(rng.randint(1, 24))))
    return raw


# ---------------------------------------------------------------------------------------------------------- folders


def write(folder, name, value):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1))


def byte_characters():
    """The 256 stand-ins in the order of OpenAI's vocabulary: "!" has id 0."""
    plain = list(range(ord("!"), ord("~") + 1)) + list(range(0xA1, 0xAD)) + list(range(0xAE, 0x100))
    rest = [byte for byte in range(256) if byte not in plain]
    return [chr(byte) for byte in plain] + [chr(0x100 + index) for index in range(len(rest))]


def train_bpe(lines, size):
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>", continuing_subword_prefix=""))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"), behavior="removed", invert=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.train_from_iterator(lines, trainers.BpeTrainer(
        vocab_size=size, end_of_word_suffix="</w>", initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    merges = [tuple(merge) if not isinstance(merge, str) else tuple(merge.split(" "))
              for merge in json.loads(tokenizer.to_str())["model"]["merges"]]
    tokens = byte_characters()
    tokens += [token + "</w>" for token in tokens]
    for left, right in merges:
        if left + right not in tokens:
            tokens.append(left + right)
    return {token: index for index, token in enumerate(tokens + [BOS, EOS])}, merges


def clip_files(folder, vocab, merges):
    write(folder, "vocab.json", vocab)
    write(folder, "merges.txt", "#version: 0.2\n" + "".join(f"{left} {right}\n" for left, right in merges))


def clip_json(folder, vocab, merges, added, as_strings=False, **more):
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges, end_of_word_suffix="</w>", continuing_subword_prefix="", unk_token=EOS))
    tokenizer.normalizer = normalizers.NFD()  # not read by CLIPTokenizer
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.post_processor = processors.RobertaProcessing((EOS, vocab[EOS]), (BOS, vocab[BOS]), False, False)
    tokenizer.add_tokens(added)
    data = json.loads(tokenizer.to_str())
    if as_strings:
        data["model"]["merges"] = [" ".join(merge) for merge in merges]
    data.update(more)
    write(folder, "tokenizer.json", data)


def typed(content, **flags):
    return {"__type": "AddedToken", "content": content, "lstrip": False, "normalized": True, "rstrip": False, "single_word": False, **flags}


def untyped(content, **flags):
    return {"content": content, "lstrip": False, "normalized": True, "rstrip": False, "single_word": False, **flags}


def clip_folders(out):
    vocab, merges = train_bpe(sentences(), 3000)
    other_vocab, other_merges = train_bpe(sentences()[:40], 900)
    config = {"add_prefix_space": False, "bos_token": typed(BOS), "eos_token": typed(EOS), "unk_token": typed(EOS), "pad_token": EOS,
              "do_lower_case": True, "errors": "replace", "model_max_length": 77, "tokenizer_class": "CLIPTokenizer"}
    special_map = {"bos_token": untyped(BOS), "eos_token": untyped(EOS), "unk_token": untyped(EOS), "pad_token": EOS}
    at = lambda name: os.path.join(out, name)  # noqa: E731

    clip_files(at("clip_files"), vocab, merges)  # FLUX tokenizer, SDXL tokenizer
    write(at("clip_files"), "special_tokens_map.json", special_map)
    write(at("clip_files"), "tokenizer_config.json", config)

    clip_files(at("clip_bang"), vocab, merges)  # SDXL tokenizer_2
    write(at("clip_bang"), "special_tokens_map.json", {**special_map, "pad_token": "!"})
    write(at("clip_bang"), "tokenizer_config.json", {**config, "pad_token": "!"})

    clip_files(at("clip_bang_by_id"), vocab, merges)  # the same, saved by transformers 4.4x
    write(at("clip_bang_by_id"), "special_tokens_map.json", {"pad_token": "ignored"})
    write(at("clip_bang_by_id"), "tokenizer_config.json", {
        "added_tokens_decoder": {"0": untyped("!", normalized=False, special=True), str(vocab[BOS]): untyped(BOS, special=True),
                                 str(vocab[EOS]): untyped(EOS, special=True)},
        "bos_token": BOS, "eos_token": EOS, "unk_token": EOS, "pad_token": "!", "model_max_length": 77, "clean_up_tokenization_spaces": True})

    clip_files(at("clip_bare"), vocab, merges)

    clip_json(at("clip_json"), vocab, merges, [AddedToken(BOS, special=True, normalized=True), AddedToken(EOS, special=True, normalized=False)])
    write(at("clip_json"), "tokenizer_config.json", {"model_max_length": 77, "add_bos_token": True})

    clip_json(at("clip_json_strings"), vocab, merges, [AddedToken("<user>", normalized=False, lstrip=True)], as_strings=True)

    clip_json(at("clip_both"), vocab, merges, [AddedToken(EOS, special=True)])  # tokenizer.json wins over the others
    clip_files(at("clip_both"), other_vocab, other_merges)
    write(at("clip_both"), "special_tokens_map.json", special_map)
    write(at("clip_both"), "tokenizer_config.json", config)

    clip_files(at("clip_new_ids"), vocab, merges)
    write(at("clip_new_ids"), "special_tokens_map.json",
          {**special_map, "pad_token": "<pad>", "mask_token": "[MASK]", "extra_special_tokens": ["<lora>", untyped("<Style>")]})
    write(at("clip_new_ids"), "added_tokens.json", {"<user>": len(vocab) + 1, "é<x>": len(vocab)})

    clip_files(at("clip_flags"), vocab, merges)
    write(at("clip_flags"), "tokenizer_config.json", {
        "added_tokens_decoder": {str(vocab[BOS]): untyped(BOS, special=True), str(vocab[EOS]): untyped(EOS, special=True, lstrip=True),
                                 "9000": untyped("STYLE", single_word=True), "9001": untyped("<user>", rstrip=True, normalized=False),
                                 "9002": untyped("<Style>", lstrip=True, rstrip=True, special=True), "9003": untyped("é<x>", lstrip=True)},
        "bos_token": BOS, "eos_token": EOS, "pad_token": "<pad>", "padding_side": "left", "truncation_side": "left", "model_max_length": 77})

    clip_files(at("clip_split_special"), vocab, merges)
    write(at("clip_split_special"), "special_tokens_map.json", special_map)
    write(at("clip_split_special"), "tokenizer_config.json", {**config, "split_special_tokens": True})

    keep = set("abcdefghijklmnopqrstuvwxyz!,.")  # bytes are missing: unknown tokens
    small = [token for token in vocab if set(token.replace("</w>", "")) <= keep or token in (BOS, EOS)]
    small = {token: index for index, token in enumerate(small)}
    clip_files(at("clip_unknown"), small, [m for m in merges if m[0] in small and m[1] in small and m[0] + m[1] in small])
    write(at("clip_unknown"), "special_tokens_map.json", special_map)

    CLIPTokenizer.from_pretrained(at("clip_bang")).save_pretrained(at("clip_saved"))
    return [(name, "clip") for name in ("clip_files", "clip_bang", "clip_bang_by_id", "clip_bare", "clip_json", "clip_json_strings",
                                        "clip_both", "clip_new_ids", "clip_flags", "clip_split_special", "clip_unknown", "clip_saved")]


def train_spiece(folder, lines, **options):
    os.makedirs(folder, exist_ok=True)
    corpus = os.path.join(folder, "corpus.txt")
    write(folder, "corpus.txt", "\n".join(lines) + "\n")
    settings = dict(model_type="unigram", vocab_size=1400, character_coverage=0.995, pad_id=0, eos_id=1, unk_id=2, bos_id=-1,
                    normalization_rule_name="nmt_nfkc", num_threads=1, minloglevel=2, hard_vocab_limit=False)
    sentencepiece.SentencePieceTrainer.train(input=corpus, model_prefix=os.path.join(folder, "spiece"), **{**settings, **options})
    os.remove(corpus)
    os.remove(os.path.join(folder, "spiece.vocab"))


def t5_json(folder, spiece_folder, prepend_scheme, sequence=True, charsmap=True, **metaspace):
    """tokenizer.json as transformers 4 converted it from spiece.model."""
    from transformers.convert_slow_tokenizer import import_protobuf

    proto = import_protobuf().ModelProto()
    with open(os.path.join(spiece_folder, "spiece.model"), "rb") as file:
        proto.ParseFromString(file.read())
    vocab = [(piece.piece, piece.score) for piece in proto.pieces] + [(f"<extra_id_{i}>", 0.0) for i in range(99, -1, -1)]
    tokenizer = Tokenizer(models.Unigram(vocab, unk_id=2, byte_fallback=False))
    steps = [normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap)] if charsmap else []
    if sequence:
        steps += [normalizers.Strip(left=False, right=True), normalizers.Replace(Regex(" {2,}"), "▁")]
    if steps:
        tokenizer.normalizer = normalizers.Sequence(steps) if sequence else steps[0]
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme=prepend_scheme, **metaspace)
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in
                                  ["<pad>", "</s>", "<unk>"] + [f"<extra_id_{i}>" for i in range(99, -1, -1)]])
    write(folder, "tokenizer.json", tokenizer.to_str())


def t5_folders(out):
    at = lambda name: os.path.join(out, name)  # noqa: E731
    extra = [f"<extra_id_{i}>" for i in range(100)]
    config = {"additional_special_tokens": extra, "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>", "extra_ids": 100,
              "legacy": True, "model_max_length": 512, "sp_model_kwargs": {}, "tokenizer_class": "T5Tokenizer", "add_prefix_space": True}

    train_spiece(at("t5_spiece"), sentences())
    write(at("t5_spiece"), "tokenizer_config.json", config)
    write(at("t5_spiece"), "special_tokens_map.json", {"additional_special_tokens": extra, "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"})

    train_spiece(at("t5_identity"), sentences(), normalization_rule_name="identity", vocab_size=700)
    train_spiece(at("t5_folded"), sentences(), normalization_rule_name="nmt_nfkc_cf", vocab_size=900)
    write(at("t5_folded"), "tokenizer_config.json", {"extra_ids": 3, "model_max_length": 1e30})
    train_spiece(at("t5_symbols"), sentences(), user_defined_symbols=["<lora>", "<user>", "style", "<extra_id_7>"],
                 control_symbols=["<mask>"], byte_fallback=True)
    write(at("t5_symbols"), "tokenizer_config.json", {"extra_ids": 1})
    train_spiece(at("t5_no_extra"), sentences()[:500], vocab_size=500)
    write(at("t5_no_extra"), "tokenizer_config.json", {"extra_ids": 0, "extra_special_tokens": ["<Style>"], "padding_side": "left"})

    for name, scheme in (("t5_json_first", "first"), ("t5_json_always", "always"), ("t5_json_never", "never")):
        t5_json(at(name), at("t5_spiece"), scheme, sequence=scheme != "always")
        write(at(name), "tokenizer_config.json", {**config, "add_prefix_space": scheme != "never", "legacy": scheme == "always"})
    t5_json(at("t5_json_plain"), at("t5_identity"), "first", sequence=False, charsmap=False, split=False)
    t5_json(at("t5_json_bare"), at("t5_spiece"), "always")

    # FLUX tokenizer_2; the spiece.model beside tokenizer.json is another one and must not be read.
    t5_json(at("t5_flux"), at("t5_spiece"), "first")
    shutil.copy(os.path.join(at("t5_folded"), "spiece.model"), at("t5_flux"))
    size = len(json.load(open(os.path.join(at("t5_flux"), "tokenizer.json"), encoding="utf-8"))["model"]["vocab"])
    by_id = {str(i): untyped(token, normalized=False, special=True) for i, token in enumerate(["<pad>", "</s>", "<unk>"])}
    by_id.update({str(size - 1 - i): untyped(f"<extra_id_{i}>", normalized=False, special=True) for i in range(100)})
    write(at("t5_flux"), "tokenizer_config.json", {**config, "added_tokens_decoder": by_id})
    write(at("t5_flux"), "special_tokens_map.json", {"eos_token": untyped("</s>", normalized=False)})

    T5Tokenizer.from_pretrained(at("t5_spiece")).save_pretrained(at("t5_saved"))
    return [(name, "t5") for name in ("t5_spiece", "t5_identity", "t5_folded", "t5_symbols", "t5_no_extra", "t5_json_first",
                                      "t5_json_always", "t5_json_never", "t5_json_plain", "t5_json_bare", "t5_flux", "t5_saved")]


# -------------------------------------------------------------------------------------------------------- reference


def encode(tokenizer, text, max_length):
    """As diffusers' pipelines call it; None where the library itself breaks down."""
    try:
        return tokenizer([text], padding="max_length", max_length=max_length, truncation=True)
    except BaseException as failure:  # a panic of the Rust library is no Exception
        if isinstance(failure, (KeyboardInterrupt, SystemExit)):
            raise
        return None


def run_case(out, name, kind, max_length, strings):
    tokenizer = (CLIPTokenizer if kind == "clip" else T5Tokenizer).from_pretrained(os.path.join(out, name))
    frame = 2 if kind == "clip" else 1
    compares_cut = tokenizer.truncation_side == "right" and not tokenizer.clean_up_tokenization_spaces
    all_ids, all_cut = [], []
    for text in strings:
        encoded = encode(tokenizer, text, max_length)
        if encoded is None:
            all_ids.append(None)
            all_cut.append(None)
            continue
        ids, mask = encoded["input_ids"][0], encoded["attention_mask"][0]
        assert len(ids) == max_length
        all_ids.append([i for i, used in zip(ids, mask) if used])
        cut = None
        if compares_cut:
            whole = tokenizer(text, truncation=False)["input_ids"]
            cut = tokenizer.decode(whole[max_length - 1:-1]) if len(whole) > max_length else ""
            assert frame < max_length
        all_cut.append(cut)
    limit = tokenizer.model_max_length
    return {"folder": name, "kind": kind, "maxLength": max_length, "padsLeft": tokenizer.padding_side == "left",
            "pad": tokenizer.pad_token_id, "modelMaxLength": limit if limit < 2**31 else None, "ids": all_ids, "cut": all_cut}


def main():
    out = sys.argv[1]
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(out)
    raw = texts()
    assert len(raw) >= 1500, len(raw)
    strings = [text.decode("utf-8", errors="replace") for text in raw]
    cases = []
    for name, kind in clip_folders(out) + t5_folders(out):
        for max_length in ((77, 9) if kind == "clip" else (256, 12)):
            cases.append(run_case(out, name, kind, max_length, strings))
    with open(os.path.join(out, "cases.json"), "w", encoding="utf-8") as file:
        json.dump({"texts": [text.hex() for text in raw], "cases": cases}, file, separators=(",", ":"))
    failed = sum(ids is None for case in cases for ids in case["ids"])
    print(f"{len(raw)} texts, {len(cases)} cases; the reference failed on {failed}")


if __name__ == "__main__":
    main()
