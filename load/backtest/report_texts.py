"""Numbers as the report writes them."""


def count(number: int, thing: str) -> str:
    """``1 forecast``, ``2 forecasts``."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def minute(instant: str) -> str:
    """``2026-01-31 08:00`` of an instant as settings write it."""
    return instant[:16].replace("T", " ")


def cost(us: float | None) -> str:
    """Microseconds, with decimals as far as they say something."""
    if us is None:
        return "-"
    return f"{us:,.0f}" if us >= 10 else f"{us:.2g}"


def most_urgent(shown: int, all_of_them: int) -> str:
    """A paragraph above a list of predictions."""
    return f'<p class="quiet">The {shown:,} most urgent of {all_of_them:,}, as they stood at the recording\'s end.</p>'


def number(value: float | None) -> str:
    """Two decimals."""
    return "-" if value is None else f"{value:.2f}"


def percent(share: float | None) -> str:
    """A share as a percentage."""
    return "-" if share is None else f"{100 * share:.1f} %"
