"""How much JSON one record may be, so that no file takes more memory than a machine has.

The longest article that the window is made for, 10 MB with 100,000 marks, is 50 MB of JSON with two million
values. Values are bounded besides bytes because `{}` takes 25 times its bytes in memory.
"""

MOST_VALUES = 4_000_000  # of 50 to 250 bytes in memory each


def too_large(written: bytes | str, longest: int) -> str | None:
    """What is wrong with the size of a record as it is written, or of its beginning; None if nothing is."""
    if len(written) > longest:
        return f"longer than {longest // 2**20} MiB, as no article is with its marks"
    if len(written) > MOST_VALUES and _values(written) > MOST_VALUES:
        return f"made of more than {MOST_VALUES:,} values, as no article is with its marks"
    return None


def _values(written: bytes | str) -> int:
    """At least as many as there are: what texts hold is counted, too."""
    if isinstance(written, bytes):
        return sum(map(written.count, (b"{", b"[", b",")))
    return sum(map(written.count, ("{", "[", ",")))
