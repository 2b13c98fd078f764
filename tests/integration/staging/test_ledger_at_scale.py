"""The ledger balances where refused, merged and excluded rows each fill one, two and ten row groups of the engine."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from support.small_site import LABS_HEADER, MAPPING, SITE, people_rows, settings_in, write_delivery

import etl.pipeline
from etl.pipeline import ingest
from etl.quality.assess import Assessment
from etl.settings import Settings
from warehouse.errors import RefusedError
from warehouse.file.connect import open_warehouse, raw_connection

ROW_GROUP = 122_880
PEOPLE = 400

COUNTS = (
    "source_records, contributing, excluded, unused, unreadable, produced, staged, quarantined, merged, empty_slots"
)

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Truth:
    """How many results there are of each kind, by construction; all differ, so that none can stand for another."""

    kept: int
    merged: int
    refused: int
    excluded: int

    @property
    def ledger(self) -> tuple[int, ...]:
        """The row of audit.ledger, in the order of `COUNTS`."""
        produced = self.kept + self.merged + self.refused
        return (
            produced + self.excluded,
            produced,
            self.excluded,
            0,
            0,
            produced,
            self.kept,
            self.refused,
            self.merged,
            0,
        )


def truth_at(row_groups: int) -> Truth:
    """Every kind fills so many row groups and a little more."""
    rows = row_groups * ROW_GROUP
    return Truth(kept=rows + 2, merged=rows + 1, refused=rows + 3, excluded=rows + 5)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A hospital whose expectations are left out: they take long and judge only what the ledger has counted."""
    clean = Assessment(is_clean=True, is_fatal=False, fatal=(), counts={})
    monkeypatch.setattr(etl.pipeline, "assess", lambda *_args, **_kwargs: clean)
    return settings_in(tmp_path)


def deliver(settings: Settings, truth: Truth) -> None:
    """Write results that are kept, come twice, have an unknown analyte, or are cancelled; each of a day of its own."""
    folder = write_delivery(settings, "2016-04", people=people_rows(PEOPLE), labs=[])
    kinds = {"AFP,7.5": truth.kept, "AFP,8.5": truth.merged, "모름,7.5": truth.refused, "AFP,취소": truth.excluded}
    parts = " UNION ALL ".join(
        f"SELECT format('H{{:04d}},{{}},{rest},ng/mL', i % {PEOPLE} + 1, DATE '1990-01-01' + (i // {PEOPLE})::INTEGER) AS line "
        f"FROM range({count}) AS numbers (i)"
        for rest, count in kinds.items()
    )
    with duckdb.connect() as con:
        con.execute(
            f"COPY ({parts}) TO '{folder / 'labs.csv'}' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\t', "
            f"PREFIX '{LABS_HEADER}\n', SUFFIX '\n')"
        )


def write_mapping(settings: Settings, *, ceilings: str = "") -> None:
    merging = "    deduplicate: {by: [patient_id, taken_on, analyte_code], keep: first}\n"
    text = MAPPING.replace("  lab_result:\n    from: labs\n", f"  lab_result:\n    from: labs\n{merging}") + ceilings
    (settings.mappings_dir / SITE / "mapping.yaml").write_text(text, encoding="utf-8")


def ask(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    engine = open_warehouse(settings.warehouse_path, read_only=True)
    try:
        with raw_connection(engine) as con:
            return con.execute(sql).fetchall()
    finally:
        engine.dispose()


def ledger(settings: Settings) -> list[tuple[object, ...]]:
    return ask(settings, f"SELECT {COUNTS} FROM audit.ledger WHERE table_name = 'lab_result'")


@pytest.mark.parametrize("row_groups", [1, 2, 10])
def test_a_delivery_within_its_ceilings_is_published_and_every_row_is_explained(
    settings: Settings, row_groups: int
) -> None:
    truth = truth_at(row_groups)
    deliver(settings, truth)
    write_mapping(settings, ceilings="ceilings: {refused_rows_percent: 100, refused_cells_percent: 100}\n")
    ingest(SITE, settings=settings)
    assert ledger(settings) == [truth.ledger]
    assert ask(
        settings, "SELECT count(*), count(DISTINCT (patient_id, taken_on)), max(value) FROM current.lab_result"
    ) == [(truth.kept, truth.kept, 7.5)]
    assert ask(
        settings, "SELECT rules, count(*), count(DISTINCT source_record) FROM quality.quarantined_row GROUP BY ALL"
    ) == [(["unlisted_code"], truth.refused, truth.refused)]
    assert ask(settings, "SELECT cost, count(*) FROM quality.finding WHERE rule = 'unlisted_code' GROUP BY ALL") == [
        ("row", truth.refused)
    ]
    rules = ask(
        settings, "SELECT kind, rule, records FROM audit.ledger_rule WHERE table_name = 'lab_result' ORDER BY 1"
    )
    assert rules == [
        ("excluded", "cancelled", truth.excluded),
        ("merged", "the first of the same patient_id, taken_on, analyte_code", truth.merged),
        ("quarantined", "unlisted_code", truth.refused),
    ]


def test_a_delivery_beyond_its_ceilings_is_refused_for_its_rows_not_for_its_ledger(settings: Settings) -> None:
    truth = truth_at(1)
    deliver(settings, truth)
    write_mapping(settings)
    with pytest.raises(RefusedError) as refused:
        ingest(SITE, settings=settings)
    assert "unexplained" not in str(refused.value)
    assert "lab_result" in str(refused.value)
    assert f"{truth.refused:,}" in str(refused.value)
    assert ledger(settings) == [truth.ledger]
