"""What the numbers that go into and come out of the encoder stand for."""

ENTITY_LABELS = ("PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "DATE")
ENTITY_TAGS = ("O", *(f"{prefix}-{label}" for label in ENTITY_LABELS for prefix in "BI"))
POLARITIES = ("FAVOR", "AGAINST", "NEUTRAL")
# A stance hangs on one word of its evidence, the anchor, which points to the ends of its parts.
POINTERS = ("evidence first", "evidence last", "holder first", "holder last", "target first", "target last")
REACH = 48  # words; farther ones count as this far from an anchor
