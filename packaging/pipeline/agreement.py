"""How far two labellers of the same texts agree, by the figures of `annotator evaluate`."""

import argparse
from collections import defaultdict
from pathlib import Path

from evaluate import as_wanted
from splits import OURS
from stand_off import LABELS, Record, read

from annotator.agreement.alignment import Compared, compare
from annotator.agreement.scores import score
from annotator.services.evaluation_report import table
from annotator.services.projects import label_set


def compared(first: Record, second: Record) -> Compared:
    """The second labeller's reading against the first's; whose is called gold changes no F1."""
    gold, found = as_wanted(first), as_wanted(second)
    return compare(gold.text, gold.marks, found.marks, gold.zones)


def pairs(data: Path) -> dict[str, list[Compared]]:
    """The texts labelled twice, by file."""
    again = {record["id"]: record for record in read(LABELS / "second.jsonl", data)}
    found = defaultdict(list)
    for file in OURS.values():
        for record in read(LABELS / f"{file}.jsonl", data):
            if record["id"] in again:
                found[file].append(compared(record, again[record["id"]]))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of the data sets")
    by_file = pairs(parser.parse_args().data)
    labels = [label.name for label in label_set().labels]
    for name, of_file in {**by_file, "all": [each for texts in by_file.values() for each in texts]}.items():
        print(f"\n{name}: {len(of_file)} texts")
        print("\n".join(table(score(of_file, labels=labels))))


if __name__ == "__main__":
    main()
