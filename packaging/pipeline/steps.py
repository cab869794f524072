"""Steps of training: learning rates, half precision where the processor has it, and progress."""

import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from network import Network
from torch import Tensor

WARM_UP = 0.06
CLIP = 1.0
REPORTED = 50  # steps


def halves() -> bool:
    """Whether the processor multiplies bfloat16 itself: three times as fast, with the same results."""
    if platform.system() != "Linux":
        return False
    flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").partition("flags")[2].partition("\n")[0]
    return "avx512_bf16" in flags or "amx_bf16" in flags


@dataclass(frozen=True, slots=True)
class Rates:
    """The highest learning rates of the pretrained encoder and of the new heads."""

    encoder: float
    heads: float


class Steps:
    """Updates a network; the rates rise over the first steps and fall to zero at the last."""

    def __init__(self, network: Network, rates: Rates, count: int) -> None:
        self.network = network
        self.count = count
        self.done = 0
        self._half = halves()
        inner = [p for name, p in network.named_parameters() if name.startswith("encoder.")]
        outer = [p for name, p in network.named_parameters() if not name.startswith("encoder.")]
        groups = [{"params": inner, "lr": rates.encoder}, {"params": outer, "lr": rates.heads}]
        self._optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
        self._schedule = torch.optim.lr_scheduler.LambdaLR(self._optimizer, self._share)
        self._begin = time.monotonic()
        self._losses: dict[str, float] = {}

    def _share(self, step: int) -> float:
        passed = step / self.count
        return min(1.0, passed / WARM_UP) * max(0.0, 1 - passed) + 1e-3

    def step(self, name: str, loss: Callable[[], Tensor]) -> None:
        """One update by a loss; `name` is what progress calls it."""
        self.network.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=self._half):
            value = loss()
        self._optimizer.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), CLIP)
        self._optimizer.step()
        self._schedule.step()
        self.done += 1
        self._losses[name] = 0.98 * self._losses.get(name, value.item()) + 0.02 * value.item()
        if self.done % REPORTED == 0:
            losses = ", ".join(f"{name} {loss:.3f}" for name, loss in sorted(self._losses.items()))
            print(f"{self.done}/{self.count}, {time.monotonic() - self._begin:.0f} s: {losses}", flush=True)
