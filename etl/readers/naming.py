"""List names in a message: the first few, and how many more there are."""

from collections.abc import Sequence

_FEW = 5


def list_some(names: Sequence[str]) -> str:
    """Name the first few, quoted, and report how many more there are."""
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return ", ".join(f"'{name}'" for name in names[:_FEW]) + more
