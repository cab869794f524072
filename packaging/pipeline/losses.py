"""What the network is taught to make small, for a batch of windows."""

import numpy as np
import torch
from batches import UNLABELLED, Batch, Stance
from network import Network, Read
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from annotator.suggest.encoder.decoding import possible
from annotator.suggest.encoder.layout import LONGEST

ANCHOR_WEIGHT = 1.0
PART_WEIGHT = 3.0  # there are three


def entity_loss(read: Read, batch: Batch) -> Tensor:
    """Cross entropy of the words' tags; unlabelled words do not count."""
    return functional.cross_entropy(
        read.entities.float().flatten(0, 1), batch.entities.flatten(), ignore_index=UNLABELLED
    )


def anchor_loss(read: Read, batch: Batch) -> Tensor:
    """Binary cross entropy of every polarity at every word, over a window's mean number of words."""
    assert batch.anchors is not None
    known = ~batch.anchors.isnan()
    loss = functional.binary_cross_entropy_with_logits(
        read.anchors.float()[known], batch.anchors[known], reduction="sum"
    )
    return loss / max(1.0, batch.anchors[known].sum().item())


def part_loss(network: Network, read: Read, batch: Batch) -> Tensor:
    """Mean cross entropy of where the parts of the batch's stances stand among all spans they could be."""
    losses = []
    for row, (stances, sentences) in enumerate(zip(batch.stances, batch.sentences, strict=True)):
        if stances:
            scores = network.spans(
                read,
                row,
                len(sentences),
                torch.tensor([stance.anchor for stance in stances]),
                torch.tensor([stance.polarity for stance in stances]),
            )
            numbers = np.array(sentences)
            allowed = np.stack([possible(numbers, stance.anchor) for stance in stances])
            scores = scores.masked_fill(~torch.from_numpy(allowed), -torch.inf)
            wanted = torch.tensor([places(stance, allowed[i]) for i, stance in enumerate(stances)])
            losses.append(
                functional.cross_entropy(
                    scores.flatten(2).flatten(0, 1),
                    wanted.flatten(),
                    ignore_index=UNLABELLED,
                    reduction="none",
                )
            )
    return torch.cat(losses).mean() if losses else torch.zeros(())


def places(stance: Stance, allowed: NDArray[np.bool_]) -> list[int]:
    """Where the parts stand in the flattened scores of spans; UNLABELLED for one that cannot stand there."""
    found = []
    for part, (start, end) in enumerate((stance.evidence, stance.holder, stance.target)):
        length = end - start - 1
        fits = 0 <= length < LONGEST and allowed[part, start, length]
        found.append(start * LONGEST + length if fits else UNLABELLED)
    return found


def stance_loss(network: Network, read: Read, batch: Batch) -> Tensor:
    return ANCHOR_WEIGHT * anchor_loss(read, batch) + PART_WEIGHT * part_loss(network, read, batch)


def tree_loss(network: Network, read: Read, batch: Batch) -> Tensor:
    """Cross entropy of tags, heads and relations of whole sentences, a window each."""
    width = read.vectors.shape[1]
    heads = torch.full((len(batch.trees), width), UNLABELLED)
    tags, relations = heads.clone(), heads.clone()
    for row, tree in enumerate(batch.trees):
        assert tree is not None
        size = len(tree.heads)
        heads[row, :size] = torch.tensor([width if head == size else head for head in tree.heads])
        tags[row, :size] = torch.tensor(tree.tags)
        relations[row, :size] = torch.tensor(tree.relations)
    arcs = network.arcs(read.vectors).float()
    # The padding of a shorter sentence governs nothing.
    present = torch.cat([batch.first > 0, torch.ones(len(heads), 1, dtype=torch.bool)], 1)
    arcs = arcs.masked_fill(~present.unsqueeze(1), -1e4)
    related = network.relations(read.vectors, heads.clamp(min=0)).float()

    def loss(scores: Tensor, wanted: Tensor) -> Tensor:
        return functional.cross_entropy(scores.flatten(0, 1), wanted.flatten(), ignore_index=UNLABELLED)

    return loss(arcs, heads) + loss(related, relations) + 0.5 * loss(network.tag(read.vectors).float(), tags)
