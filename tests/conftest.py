"""What the tests share."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.new_warehouse import copy_new_warehouse


@pytest.fixture
def warehouse_path(tmp_path: Path) -> Path:
    """The file of an empty warehouse that is up to date."""
    return copy_new_warehouse(tmp_path / "warehouse.duckdb")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Mounts a disk of so many KB; skips where that is not allowed."""
    mounted: list[Path] = []

    def mount(size_kb: int) -> Path:
        folder = tmp_path / f"disk{size_kb}"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size_kb}k", "tmpfs", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
