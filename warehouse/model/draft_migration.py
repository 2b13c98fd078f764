"""Draft the migration that a changed model needs: `make migration`.

A new warehouse, as the migrations make it, is compared with the model. The draft is to be read: a renamed column looks
like one that goes and one that comes, and only a person knows what the existing rows should hold.
"""

import re
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.file.whole_file import write_whole
from warehouse.model.difference import Difference, model_differences
from warehouse.model.upgrade import MIGRATIONS, newest_revision, run_alembic
from warehouse.quoting import readable_name

NOTHING = "The migrations make every column that the model has: there is nothing to migrate."
RENAMED = """
# If a column was only renamed, its values are lost this way. Write then, in place of its two statements:
# ALTER TABLE <schema>.<table> RENAME COLUMN <old> TO <new>, and the reverse in downgrade().
"""


def draft_migration(name: str = "", *, migrations: Path = MIGRATIONS) -> Path | None:
    """Write the next migration and return its path; None when there is nothing to migrate.

    Args:
        name: what it does, in words, for the file's name; from the columns that change when empty.
        migrations: the folder of Alembic's files.
    """
    differences = compare_new_warehouse(migrations)
    if not differences:
        return None
    newest = newest_revision(migrations)
    revision = f"{int(newest) + 1:04d}"
    words = re.sub(r"[^a-z0-9]+", "_", (name or _default_name(differences)).lower()).strip("_")
    path = migrations / "versions" / f"{revision}_{words}.py"
    write_whole(path, render_migration(differences, revision=revision, after=newest))
    return path


def compare_new_warehouse(migrations: Path = MIGRATIONS) -> tuple[Difference, ...]:
    """Compare a new warehouse, as the migrations make it, with the model."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_warehouse(Path(folder, "warehouse.duckdb"))
        try:
            run_alembic(engine, migrations, to=newest_revision(migrations))
            with raw_connection(engine) as con:
                return model_differences(con)
        finally:
            engine.dispose()


def render_migration(differences: Iterable[Difference], *, revision: str, after: str) -> str:
    """Write a migration as Python, in the form of the others.

    Args:
        differences: what the migration makes good.
        revision: its number.
        after: the number of the one before.
    """
    differences = tuple(differences)
    up = [_make(each) for each in differences]
    down = [_unmake(each) for each in reversed(differences)]
    return f'''"""{_sentence(differences)}

Drafted by comparing the model with a new warehouse: say here why, and what the existing rows should hold.
"""

from alembic import op

revision = "{revision}"
down_revision = "{after}"
branch_labels = None
depends_on = None
{RENAMED if _may_be_renamed(differences) else ""}

def upgrade() -> None:
    """Make what the model has."""
{_statements(up)}


def downgrade() -> None:
    """Make it as it was."""
{_statements(down)}
'''


def _sentence(differences: tuple[Difference, ...]) -> str:
    first = differences[0]
    verb = "Add" if first.present is None else "Remove" if first.wanted is None else "Change the type of"
    others = f" and {len(differences) - 1} more" if len(differences) > 1 else ""
    return f"{verb} {first.name}{others}."


def _default_name(differences: tuple[Difference, ...]) -> str:
    first = differences[0]
    return f"{first.table.partition('.')[2]} {first.column or ''}"


def _may_be_renamed(differences: tuple[Difference, ...]) -> bool:
    columns = [each for each in differences if each.column is not None]
    added = {each.table for each in columns if each.present is None}
    return bool(added & {each.table for each in columns if each.wanted is None})


def _make(each: Difference) -> str:
    if each.column is None:
        return f"DROP TABLE {each.table}" if each.wanted is None else f"CREATE TABLE {each.table} ({each.wanted})"
    if each.wanted is None:
        return f"ALTER TABLE {each.table} DROP COLUMN {readable_name(each.column)}"
    if each.present is None:
        return f"ALTER TABLE {each.table} ADD COLUMN {readable_name(each.column)} {each.wanted}"
    return f"ALTER TABLE {each.table} ALTER COLUMN {readable_name(each.column)} SET DATA TYPE {each.wanted}"


def _unmake(each: Difference) -> str:
    return _make(replace(each, wanted=each.present, present=each.wanted))


def _statements(statements: list[str]) -> str:
    """Write statements as calls, a CREATE TABLE with a line for each column."""
    return "\n".join(_call(statement) for statement in statements)


def _call(statement: str) -> str:
    head, bracket, columns = statement.partition(" (")
    if not bracket:
        return f"    op.execute({_literal(statement)})"
    lines = ",\n".join(f"            {column}" for column in columns.removesuffix(")").split(", "))
    return f'    op.execute(\n        """\n        {head} (\n{lines}\n        )\n        """\n    )'


def _literal(statement: str) -> str:
    return f"'{statement}'" if '"' in statement else f'"{statement}"'


def main() -> None:
    """Draft the migration and say where it is; words of the command line name it."""
    path = draft_migration(" ".join(sys.argv[1:]))
    sys.stdout.write(
        NOTHING + "\n" if path is None else f"Drafted {path}. Read it and say in it why, then 'make docs'.\n"
    )


if __name__ == "__main__":
    main()
