"""Runs the encoder over the words of an article, window by window."""

from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from annotator.domain.frozen import frozen
from annotator.suggest.encoder.decoding import Pointing, SpanNumbers
from annotator.suggest.encoder.pieces import WordPieces
from annotator.suggest.encoder.windows import Window, Words, windows

Floats = NDArray[np.float32]
MODEL, VOCABULARY, POINTING = "encoder.onnx", "vocabulary.txt", "pointing.npz"


@frozen
class Seen:
    """What the encoder makes of a window: arrays have a row for each word read."""

    window: Window
    entities: Floats
    anchors: Floats
    spans: SpanNumbers


class Reader:
    """The encoder of a folder, on one thread: articles are many, and the window has work to do too."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError or ValueError if the folder lacks a file or one is damaged."""
        import onnxruntime  # late: pipelines without an encoder need not wait for it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4  # what goes wrong is raised
        try:
            self._pieces = WordPieces((folder / VOCABULARY).read_text(encoding="utf-8").split("\n"))
        except KeyError as error:
            raise ValueError(f"{VOCABULARY} is damaged (it has no {error})") from error
        model = (folder / MODEL).read_bytes()
        try:
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's own errors have no parent of theirs
            raise ValueError(f"{MODEL} is damaged ({type(error).__name__})") from error
        try:
            with np.load(folder / POINTING, allow_pickle=False) as stored:
                self.pointing = Pointing(
                    *(stored[name].astype(np.float32) for name in ("polar", "distance", "length"))
                )
        except (EOFError, KeyError, BadZipFile) as error:
            raise ValueError(f"{POINTING} is damaged ({error})") from error

    def __call__(self, words: Words) -> Iterator[Seen]:
        """Every window of the words, in order."""
        for window in windows(words, self._pieces):
            entities, anchors, *spans = self._session.run(
                None,
                {
                    "pieces": np.array([window.pieces], dtype=np.int64),
                    "shapes": np.array([window.shapes], dtype=np.int64),
                    "first": np.array([window.first], dtype=np.int64),
                },
            )
            yield Seen(window, entities[0], anchors[0], SpanNumbers(*(rows[0] for rows in spans)))
