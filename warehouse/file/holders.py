"""Find the processes that have the warehouse open, so that a message can name them."""

import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Holder:
    """A process of this machine that has a file open."""

    pid: int
    command: str
    """The program and its command, without arguments that might name a patient."""

    def __str__(self) -> str:
        return f"'{self.command}' (process {self.pid})"


def name_holders(path: Path) -> tuple[Holder, ...]:
    """Name the other processes that have the file open, as far as this user may see them."""
    import psutil

    wanted = str(path.resolve())
    own = psutil.Process().pid
    holders = []
    for process in psutil.process_iter():
        if process.pid == own:
            continue
        try:
            if any(file.path == wanted for file in process.open_files()):
                holders.append(Holder(process.pid, shorten_command(process.cmdline())))
        except psutil.Error:
            continue  # gone meanwhile, or not ours to look at
    return tuple(holders)


def is_open_here(path: Path) -> bool:
    """Return whether this process has the file open; never on Windows, which does not rename an open file anyway."""
    if sys.platform == "win32":
        return False
    import psutil

    wanted = str(path.resolve())
    return any(file.path == wanted for file in psutil.Process().open_files())


def shorten_command(words: list[str]) -> str:
    """Shorten a command line to program and command: python3 /x/bin/hcc query "..." becomes `hcc query`."""
    program, *rest = [Path(word).name for word in words] or ["unknown program"]
    if program.startswith("python") and rest and not rest[0].startswith("-"):
        program, *rest = rest
    is_own = program.startswith("hcc") and bool(rest) and rest[0].isidentifier()
    return f"{program} {rest[0]}" if is_own else program
