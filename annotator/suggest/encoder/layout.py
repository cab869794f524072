"""What the numbers that go into and come out of the encoder stand for."""

ENTITY_LABELS = ("PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "DATE")
ENTITY_TAGS = ("O", *(f"{prefix}-{label}" for label in ENTITY_LABELS for prefix in "BI"))
POLARITIES = ("FAVOR", "AGAINST", "NEUTRAL")
# A stance hangs on one word of its evidence, the anchor, which points to the first and last word of each
# part.
PARTS = ("evidence", "holder", "target")
POINTERS = tuple(f"{part} {end}" for part in PARTS for end in ("first", "last"))
REACH = 48  # words; farther ones count as this far from an anchor
LONGEST = 24  # words of a part of a stance
