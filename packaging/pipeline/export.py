"""Writes a trained network as the files the program reads: weights in whole numbers of eight bits."""

import argparse
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import torch
from network import WEIGHTS, Network
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from annotator.suggest.encoder.component import ODDS
from annotator.suggest.encoder.odds import StanceOdds
from annotator.suggest.encoder.reader import MODEL, POINTING, VOCABULARY

OPSET = 17
ENCODER = "/network/encoder/"  # the heads are small, and stay exact
INPUTS = ("pieces", "shapes", "first")
OUTPUTS = ("entities", "anchors", "queries", "keys", "starts", "ends")


class Exported(nn.Module):
    """The network without what only training needs; reads one window at a time, without padding."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, pieces: Tensor, shapes: Tensor, first: Tensor) -> tuple[Tensor, ...]:
        read = self.network(pieces, shapes, None, first)
        return read.entities, read.anchors, read.queries, read.keys, read.starts, read.ends


def load(path: Path) -> Network:
    """The network of a checkpoint, ready to read."""
    state = torch.load(path)
    network = Network(len(state["relations"]), len(state["tags"]))
    network.load_state_dict(state["weights"])
    return network.eval()


def export(network: Network, out: Path) -> None:
    """Writes the model, its vocabulary and what turns its outputs into pointers into the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    example = (torch.tensor([[101, 2023, 102]]), torch.zeros(1, 3, dtype=torch.long), torch.tensor([[1]]))
    with TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            Exported(network),
            example,
            str(whole),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes={name: {1: "pieces" if name != "first" else "words"} for name in INPUTS}
            | {name: {1: "words"} for name in OUTPUTS},
            opset_version=OPSET,
            dynamo=False,
        )
        nodes = onnx.load(whole).graph.node
        heads = [n.name for n in nodes if n.op_type == "MatMul" and not n.name.startswith(ENCODER)]
        quantize_dynamic(
            whole, out / MODEL, weight_type=QuantType.QInt8, per_channel=True, nodes_to_exclude=heads
        )
    shutil.copyfile(WEIGHTS / "vocab.txt", out / VOCABULARY)
    StanceOdds().to_disk(out / ODDS)
    np.savez(
        out / POINTING,
        **{
            name: getattr(network, name).detach().numpy().astype(np.float16)
            for name in ("polar", "distance", "length")
        },
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    export(load(arguments.checkpoint), arguments.out)


if __name__ == "__main__":
    main()
