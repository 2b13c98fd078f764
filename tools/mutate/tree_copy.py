"""Make the copy of the working tree in which mutants are written and tests are run, so that the checkout is never touched."""

import shutil
import subprocess
from pathlib import Path


def copy_tree(project: Path, copy: Path) -> None:
    """Copy what git tracks, and what is new and not ignored; the environment is a link to the checkout's.

    Args:
        project: the checkout.
        copy: a folder that is not there yet.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=project,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (project / name).is_file():  # a file that git tracks may have been deleted
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(project / name, copy / name)  # with its time, by which make decides what is stale
    (copy / ".venv").symlink_to((project / ".venv").resolve())
