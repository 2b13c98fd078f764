"""The parts of the program that are changed, and the places that can be changed in each."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.mutate.change import Change
from tools.mutate.python_changes import is_python, python_changes
from tools.mutate.sql_changes import is_sql, sql_changes

AREAS = {
    "views": ("warehouse/views/**/*.sql", "etl/quality/plausibility/*.sql"),
    "mapping": ("etl/mapping/**/*.py",),
    "gate": ("etl/gate/**/*.py", "etl/staging/**/*.py"),
    "readers": ("etl/readers/**/*.py",),
    "identity": ("etl/identity/**/*.py",),
    "loads": ("etl/loads/**/*.py", "etl/pipeline.py", "etl/publishing.py"),
}
"""By area: patterns of its files."""
LEFT_OUT = ("schema_json.py",)
"""Modules that only write documents."""

Key = tuple[str, str, int, str, str]
"""What distinguishes a mutant from every other of the same tree: file, code of its line, place, what is changed into what."""


@dataclass(frozen=True)
class Mutant:
    """A change of one file of the tree."""

    area: str
    path: str
    """Relative to the tree."""
    line: int
    code: str
    """The line as it stands, without the spaces around it."""
    change: Change

    @property
    def key(self) -> Key:
        """What distinguishes it from every other mutant."""
        return self.path, self.code, self.change.start, self.change.before, self.change.after


def area_files(tree: Path) -> Iterator[tuple[str, str]]:
    """The files of every area, by path; each is of one area only."""
    for area, patterns in AREAS.items():
        paths = {path for pattern in patterns for path in tree.glob(pattern) if path.name not in LEFT_OUT}
        if not paths:
            raise ValueError(f"No file of the area {area!r} was found under {tree}: mend AREAS in {__file__}.")
        yield from ((area, str(path.relative_to(tree))) for path in sorted(paths))


def file_mutants(tree: Path, area: str, path: str) -> list[Mutant]:
    """Every mutant of one file, in the order of its text."""
    text = (tree / path).read_text(encoding="utf-8")
    lines = text.split("\n")
    changes = sql_changes(text) if path.endswith(".sql") else python_changes(text)
    found = []
    for change in changes:
        line = change.line(text)
        found.append(Mutant(area, path, line, lines[line - 1].strip(), change))
    return found


def is_program(tree: Path, mutant: Mutant) -> bool:
    """Return whether the changed file can still be parsed; what cannot is no fault that a person could overlook."""
    changed = mutant.change.apply((tree / mutant.path).read_text(encoding="utf-8"))
    return is_sql(changed) if mutant.path.endswith(".sql") else is_python(changed)
