"""How long work will still take, in words."""

_SURE_S = 1.5  # of work, before a guess is worth telling


def time_left(done: int, total: int, seconds: float) -> str:
    """`about 2 min left` after so many seconds of work; "" while nothing can be said."""
    if not 0 < done < total or seconds < _SURE_S:
        return ""
    left = seconds * (total - done) / done
    if left < 5:
        return "a few seconds left"
    if left < 90:
        return f"about {5 * round(left / 5)} s left"
    if left < 90 * 60:
        return f"about {round(left / 60)} min left"
    return f"about {round(left / 3600)} h left"


def share(done: int, total: int, seconds: float) -> str:
    """`42 %, about 2 min left`; "" where it is not known how much there is."""
    if total <= 0:
        return ""
    left = time_left(done, total, seconds)
    return f"{min(100, 100 * done // total)} %{', ' if left else ''}{left}"
