"""Pictures of lines -> text: the recogniser (PP-OCR as rapidocr brings it), one to a process.

The recogniser is asked for what it thinks of each character, not for its verdict only: where a number must stand, the
likeliest digits are read, and how likely they were is how sure the reading is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import onnxruntime
import rapidocr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract.decode.scan_lines import Pixels

DIGITS = "0123456789"
NUMERIC = DIGITS + ",.-+"
_HEIGHT = 48
_STEP = 32
_WIDEST = 2400
_BATCH = 24
_DETECTED_DPI = 110.0


@dataclass(frozen=True, slots=True)
class Words:
    """A line as recognised: ``text``, how likely its least likely character was (0 to 1; 0 for no text), and the mean.

    ``number``: the likeliest reading in the characters of numbers, ``number_odds`` the least of it.
    """

    text: str
    odds: float
    mean: float
    number: str
    number_odds: float


def recognise(pieces: Sequence[Pixels]) -> list[Words]:
    """The words on each picture of a line (grey, any size), in their order."""
    scaled = [_scaled(piece) for piece in pieces]
    order = sorted(range(len(scaled)), key=lambda index: scaled[index].shape[1])
    words: dict[int, Words] = {}
    for start in range(0, len(order), _BATCH):
        part = order[start : start + _BATCH]
        while part:
            width = scaled[part[-1]].shape[1]
            most = max(1, min(_BATCH, 12_000 // width))
            some, part = part[-most:], part[:-most]
            words.update(zip(some, _run([scaled[index] for index in some], width), strict=True))
    return [words[index] for index in range(len(pieces))]


def find_lines(page: Pixels, dpi: float) -> list[Pixels]:
    """Where text stands: quadrangles (4 x 2 pixels), on a grey or coloured page."""
    scale = min(1.0, _DETECTED_DPI / dpi)
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    if small.ndim == 2:
        small = cv2.cvtColor(small, cv2.COLOR_GRAY2BGR)
    found = _detector()(small, use_det=True, use_cls=False, use_rec=False)
    return [] if found.boxes is None else [np.asarray(box, dtype=float) / scale for box in found.boxes]


@cache
def _detector() -> Any:
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": 4000,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


@cache
def _recogniser() -> tuple[Any, list[str]]:
    """The session and its alphabet: the blank of CTC first, then the model's characters, then the space."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    model = next((Path(rapidocr.__file__).parent / "models").glob("*_rec_*.onnx"))
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    characters = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    return session, ["", *characters, " "]


def _scaled(piece: Pixels) -> Pixels:
    height, width = piece.shape[:2]
    wide = min(max(math.ceil(width * _HEIGHT / height), 16), _WIDEST)
    method = cv2.INTER_AREA if height > _HEIGHT else cv2.INTER_CUBIC
    return cv2.resize(piece, (wide, _HEIGHT), interpolation=method)


def _run(pieces: Sequence[Pixels], width: int) -> list[Words]:
    session, alphabet = _recogniser()
    wide = math.ceil(width / _STEP) * _STEP
    batch: Pixels = np.zeros((len(pieces), 3, _HEIGHT, wide), dtype=np.float32)
    for number, piece in enumerate(pieces):
        batch[number, :, :, : piece.shape[1]] = piece.astype(np.float32) / 127.5 - 1.0
    (odds,) = session.run(None, {session.get_inputs()[0].name: batch})
    return [_words(line, alphabet) for line in odds]


@cache
def _numeric() -> tuple[list[int], str]:
    _, alphabet = _recogniser()
    return [alphabet.index(character) for character in NUMERIC], NUMERIC


def _words(odds: Pixels, alphabet: Sequence[str]) -> Words:
    best = odds.argmax(axis=1)
    text, all_odds = _collapsed([(alphabet[token], float(odds[step, token])) for step, token in enumerate(best)])
    indices, characters = _numeric()
    among = odds[:, indices]
    steps = []
    for step, token in enumerate(best):
        if alphabet[token].strip():
            digit = int(among[step].argmax())
            steps.append((characters[digit], float(among[step, digit]) / max(float(among[step].sum()), 1e-9)))
        else:
            steps.append(("", 1.0))
    number, number_odds = _collapsed(steps)
    mean = sum(all_odds) / len(all_odds) if all_odds else 0.0
    return Words(text.strip(), min(all_odds, default=0.0), mean, number, min(number_odds, default=0.0))


def _collapsed(steps: Sequence[tuple[str, float]]) -> tuple[str, list[float]]:
    """Steps of the network as characters: the same one again without a blank between is one character."""
    characters: list[str] = []
    odds: list[float] = []
    before = ""
    for character, likely in steps:
        if character and character == before:
            odds[-1] = max(odds[-1], likely)
        elif character:
            characters.append(character)
            odds.append(likely)
        before = character
    return "".join(characters), odds
