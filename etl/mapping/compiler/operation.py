"""Input and output types of column operations: `Cell`, `Reading` and `Failure`.

Every operation is one function from a Cell to a Reading, in the file named after it, and one entry in a dict
(`etl.mapping.compiler.column_plan`). A new operation is a new file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from etl.mapping.language.column_mapping import ColumnMapping
from etl.mapping.language.site_mapping import CodeFile
from etl.mapping.language.source_form import Source
from schemas.catalogue import ColumnFacts

RECORDS = "kept"
"""The CTE that holds the records that count, missing codes already NULL."""


@dataclass(frozen=True)
class Cell:
    """The text of one cell as SQL (NULL when it is missing), and the options that the mapping states for it.

    `since` is the hospital's name of the column from whose day the cell counts; None where it does not count.
    """

    text: exp.Expr
    target: ColumnFacts
    options: ColumnMapping
    source: Source
    code_files: Mapping[str, CodeFile]
    since: str | None = None


@dataclass(frozen=True)
class Failure:
    """A way in which a cell can be wrong: the rule, and the condition under which it is."""

    rule: str
    is_met: exp.Expr
    found: exp.Expr
    expected: exp.Expr
    column: str | None = None
    source_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """The typed value, further values read along with it, what can fail, and the code lists it is joined with."""

    value: exp.Expr
    failures: tuple[Failure, ...] = ()
    companions: Mapping[str, exp.Expr] = field(default_factory=dict)
    joins: tuple[exp.Join, ...] = ()
