"""The declaration of a table that no migration makes: its columns, their types and what they mean.

`warehouse.declared` makes such a table again when its declaration has changed, because its rows can be made again.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of a declared table.

    `type` is written as DuckDB reports it, e.g. `DECIMAL(18,6)` or `VARCHAR[]`. `read` is the SQL that makes the value
    from the cells of a file, all of them text; empty where the cell is only cast. A column that is not `in_file` has no
    cell of its own in the file.
    """

    type: str
    comment: str
    read: str = ""
    in_file: bool = True


@dataclass(frozen=True)
class DeclaredTable:
    """A declared table; its columns stand in the order in which they are made."""

    comment: str
    columns: Mapping[str, Column]
