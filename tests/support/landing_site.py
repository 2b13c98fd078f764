"""A hospital's folder and mapping in a temporary place, for tests that land real files."""

from pathlib import Path
from types import SimpleNamespace

import duckdb

from etl.delivery.folder import find_delivery
from etl.landing.land import land_delivery
from etl.landing.landed_file import LandedFile, expose, reading_findings
from etl.readers.source import SourceFiles
from etl.settings import Settings
from warehouse.progress import Silent

KEY = bytes(range(32))
HEADER = "번호,이름,성별,메모\n"


class Site:
    """A hospital's folder and mapping in a temporary place."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(data_dir=folder / "data")
        self.delivery = self.settings.raw_dir / "snuh" / "2026-11"
        self.delivery.mkdir(parents=True)
        self.mapping = SimpleNamespace(
            identity={"번호": "pseudonymise", "이름": "drop"},
            scan={},
            missing=["", "-"],
            sources={"patients": self.source("환자*.csv")},
        )

    @staticmethod
    def source(file: str, *, many: bool = False, **options: object) -> SourceFiles:
        """Make a source as a mapping would state it, also with an encoding that no mapping may state."""
        return SourceFiles.model_construct(file=[file], many=many, **options)

    def write(self, content: str | bytes, name: str = "환자.csv") -> Path:
        path = self.delivery / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def land(self, *, measured: frozenset[str] = frozenset()) -> tuple[LandedFile, ...]:
        return land_delivery(
            find_delivery(self.settings.raw_dir, "snuh"),
            self.mapping,
            settings=self.settings,
            key=KEY,
            progress=Silent(),
            identity_of={},
            used_of=None,
            measured_of=dict.fromkeys(self.mapping.sources, measured),
        )

    @property
    def folder(self) -> Path:
        return self.settings.landed_dir / "snuh"

    def leftovers(self) -> list[str]:
        return sorted(child.name for child in self.folder.iterdir() if child.name != ".lock")


def rows(con: duckdb.DuckDBPyConnection, landed: tuple[LandedFile, ...], source: str = "patients") -> list[tuple]:
    numbered = list(enumerate(landed, start=1))
    expose(con, numbered)
    return con.execute(f'SELECT * FROM delivery."{source}" ORDER BY _source_id, _record').fetchall()


def findings(
    con: duckdb.DuckDBPyConnection, landed: tuple[LandedFile, ...], *, undated: frozenset[str] = frozenset()
) -> list[tuple]:
    of_reading = reading_findings([(1, landed[0])], undated_of={landed[0].source: undated})
    found = f"SELECT rule, source_record, source_line, source_column, found FROM ({of_reading})"
    return sorted(con.execute(found).fetchall(), key=str)
