"""How far two readings of the same articles agree: pure functions over marks, no I/O.

Only what resamples needs numpy, so nothing that the window starts with may import this package.
"""

import os

# Before numpy is loaded. The matrices are small: threads that wait for more of them cost two thirds of what a
# changed article takes. And sums come out the same on every machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
