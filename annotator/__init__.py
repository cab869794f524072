"""Annotator: turn news articles into training data, from the keyboard, on one local file."""

__version__ = "0.1.0"
