"""Files received: the files or sheets of the delivery, and what became of their columns."""

from dataclasses import dataclass

from etl.report.load.facts import LoadFacts

PLACE = 10
TITLE = "What came"


@dataclass(frozen=True)
class SourceFile:
    """One file or sheet as it came, and what became of its columns."""

    source: str
    file: str
    sheet: str | None
    sha256: str
    size_bytes: int
    record_count: int
    column_uses: dict[str, tuple[str, ...]]
    """Column names by use (mapped, ignored, pseudonymised, dropped, masked, unused)."""


@dataclass(frozen=True)
class Came:
    """The files of the delivery."""

    files: tuple[SourceFile, ...]


def collect(facts: LoadFacts) -> Came:
    """Read the files of the load and the uses of their columns."""
    con, load_id = facts.con, facts.load.load_id
    uses: dict[int, dict[str, tuple[str, ...]]] = {}
    for source_id, use, names in con.execute(
        """SELECT source_id, use, list(name ORDER BY position) FROM audit.source_column
        WHERE source_id IN (SELECT source_id FROM audit.source_file WHERE load_id = ?)
        GROUP BY ALL ORDER BY ALL""",
        [load_id],
    ).fetchall():
        uses.setdefault(source_id, {})[use] = tuple(names)
    rows = con.execute(
        """SELECT source_id, source, file, sheet, sha256, size_bytes, record_count
        FROM audit.source_file WHERE load_id = ? ORDER BY source_id""",
        [load_id],
    ).fetchall()
    return Came(
        tuple(
            SourceFile(source, file, sheet, sha256, size_bytes, record_count, uses.get(source_id, {}))
            for source_id, source, file, sheet, sha256, size_bytes, record_count in rows
        )
    )
