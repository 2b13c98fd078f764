"""The door to a warehouse in tests: nobody to wait for, and what lies in its folder."""

import re
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from warehouse.file.draft import Draft, writing_draft


def door(path: Path, **options: Any) -> AbstractContextManager[Draft]:
    """Hold a warehouse for writing, and give up at once when another holds it."""
    return writing_draft(path, **{"wait_seconds": 0, "say": lambda _: None} | options)


def versions(path: Path) -> list[Path]:
    """List the versions of a warehouse, the oldest first."""
    found = [each for each in path.parent.iterdir() if re.fullmatch(rf"{path.stem}\.\d+{path.suffix}", each.name)]
    return sorted(found, key=lambda each: int(each.name.split(".")[1]))


def leftovers(path: Path) -> list[str]:
    """List what lies next to a warehouse and is neither a version, nor its name for people, nor the lock."""
    known = {path.name, f"{path.name}.lock", *(version.name for version in versions(path))}
    return sorted(each.name for each in path.parent.iterdir() if each.is_file() and each.name not in known)
