"""Suggestions: the client in the window's process, the spaCy pipeline in a child."""
