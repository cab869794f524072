"""Who gets which articles: some of them everyone, the rest one person each, and everyone as much to read."""

import random
from collections.abc import Mapping, Sequence

from annotator.domain.frozen import frozen


@frozen
class Shares:
    """`shared` articles are everyone's; `own` are the articles of each person alone. Ids, in no order."""

    shared: tuple[int, ...]
    own: Mapping[str, tuple[int, ...]]

    def of(self, name: str) -> set[int]:
        return {*self.shared, *self.own[name]}


def shares(words: Mapping[int, int], people: Sequence[str], *, overlap: float, seed: int) -> Shares:
    """Shares articles out; `words` are their lengths by id.

    `overlap`, 0 to 1, of them go to everyone, drawn at random. The rest goes one by one, the longest first,
    to whoever has the fewest words by then (longest processing time first: Graham, "Bounds on Multiprocessing
    Timing Anomalies", 1969). The same articles, people and seed give the same shares, in whatever order.
    """
    draw = random.Random(seed)
    ids = sorted(words)
    draw.shuffle(ids)
    names = sorted(people)
    draw.shuffle(names)
    count = round(len(ids) * overlap) if len(names) > 1 else 0
    shared, rest = ids[:count], ids[count:]
    own: dict[str, list[int]] = {name: [] for name in names}
    loads = dict.fromkeys(names, 0)
    for article_id in sorted(rest, key=lambda each: -words[each]):  # equal ones stay as they were drawn
        lightest = min(names, key=lambda name: (loads[name], len(own[name])))
        own[lightest].append(article_id)
        loads[lightest] += words[article_id]
    return Shares(tuple(shared), {name: tuple(found) for name, found in own.items()})
