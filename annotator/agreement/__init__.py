"""How far two readings of the same articles agree: pure functions over marks, no I/O.

Only what resamples needs numpy, so nothing that the window starts with may import this package.
"""
