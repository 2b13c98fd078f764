"""Names in a sentence: a few of them, and how many more."""

from collections.abc import Sequence

_FEW = 5


def list_some(names: Sequence[str]) -> str:
    """Name the first few, quoted, and say how many more there are."""
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return ", ".join(f"'{name}'" for name in names[:_FEW]) + more
