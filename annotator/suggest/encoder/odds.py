"""How likely a stance the encoder points out is to be right as a whole."""

from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from annotator.suggest.encoder.decoding import FoundStance
from annotator.suggest.encoder.layout import POLARITIES

Floats = NDArray[np.float64]


def features(stance: FoundStance) -> Floats:
    """One row: log odds of the anchor, log chances of holder and target, their lengths, the polarity."""
    anchor, holder, target = (min(0.999, max(0.001, chance)) for chance in stance.chances)
    row = [
        np.log(anchor / (1 - anchor)),
        np.log(holder),
        np.log(target),
        np.log(stance.evidence[1] - stance.evidence[0]),
        float(stance.evidence[0] <= stance.holder[0] < stance.evidence[1]),
        *(float(stance.polarity == polarity) for polarity in POLARITIES),
    ]
    return np.array(row)


WIDTH = 5 + len(POLARITIES)


@dataclass(slots=True)
class StanceOdds:
    """A logistic model of `features`, fitted on texts the encoder has not seen.

    Stances less likely than `least` are not suggested.
    """

    weights: Floats = field(default_factory=lambda: np.zeros(WIDTH))
    least: float = 0.0

    def __call__(self, stance: FoundStance) -> float:
        """The odds as a probability, 0.01 to 0.99."""
        chance = 1 / (1 + float(np.exp(-(features(stance) @ self.weights))))
        return min(0.99, max(0.01, chance))

    def to_disk(self, path: Path) -> None:
        np.savez(path, weights=self.weights, least=np.array(self.least))

    @classmethod
    def from_disk(cls, path: Path) -> "StanceOdds":
        """Raises OSError or ValueError if the file is missing or damaged."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                return cls(stored["weights"], float(stored["least"]))
        except (EOFError, KeyError, BadZipFile) as error:
            raise ValueError(f"{path.name} is damaged ({error})") from error
