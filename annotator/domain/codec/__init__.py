"""Native JSONL records to values and back: a superset of Prodigy's, offsets in code points of `text`."""
