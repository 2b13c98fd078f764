"""The study's numbers, looked up in analysis.result by what they are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etl.study.report.document import Number

if TYPE_CHECKING:
    import duckdb

_KEY = ("analysis_id", "variable", "level", "group_level", "sequence", "operation")
Key = tuple[str, str | None, str | None, str | None, int, str]


@dataclass(frozen=True)
class Numbers:
    """Every number of one study by its key; what has no row is None."""

    by_key: dict[Key, Number]
    by_analysis: dict[str, list[Key]]
    populations: dict[str, str]
    """The population of each analysis."""

    def find(
        self,
        analysis: str,
        operation: str,
        *,
        variable: str | None = None,
        level: str | None = None,
        group: str | None = None,
        sequence: int = 0,
    ) -> Number | None:
        """Look up one number."""
        return self.by_key.get((analysis, variable, level, group, sequence, operation))

    def analyses(self, prefix: str) -> list[str]:
        """Names of the analyses that begin with a prefix, in the order in which they were written."""
        return [name for name in self.populations if name.startswith(prefix)]

    def keys(self, analysis: str) -> list[Key]:
        """The keys of an analysis, in the order of their names."""
        return self.by_analysis.get(analysis, [])

    def distinct(self, analysis: str, part: str) -> list[str]:
        """The values that a part of the keys has in an analysis, such as its operations or group levels."""
        place = _KEY.index(part)
        return list(dict.fromkeys(str(key[place]) for key in self.keys(analysis) if key[place] is not None))


def read_numbers(con: "duckdb.DuckDBPyConnection", study_id: str) -> Numbers:
    """Read every number of a study."""
    rows = con.execute(
        f"SELECT {', '.join(_KEY)}, population, result_id, raw_value, formatted_value, text, note, method "
        "FROM analysis.result WHERE study_id = ? ORDER BY result_id",
        [study_id],
    ).fetchall()
    by_key: dict[Key, Number] = {}
    by_analysis: dict[str, list[Key]] = {}
    populations: dict[str, str] = {}
    width = len(_KEY)
    for row in rows:
        by_key[row[:width]] = Number(*row[width + 1 :])
        by_analysis.setdefault(row[0], []).append(row[:width])
        populations.setdefault(row[0], row[width])
    return Numbers(by_key, by_analysis, populations)
