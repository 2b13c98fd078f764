"""Nine hospitals, nine formats, one truth: all are ingested in one process, and what is loaded is what was drawn.

What the warehouse then says of every patient is what the slow oracle reads in the study as it was drawn.
"""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from oracle.chart import Person
from oracle.reading import Reading
from support.cohort_reading import differences
from support.drawn_study import readings, study
from support.identity_search import identities_in, search, texts_in

from etl.delivery.folder import find_delivery
from etl.identity.key import read_key
from etl.identity.pseudonym import pseudonym
from etl.ingest_all.run import SiteEnd, ingest_all
from etl.mapping.read_mapping import known_sites, read_mapping
from etl.settings import Settings
from etl.synthetic.expected import expected_rows
from etl.synthetic.hospitals import find_hospital, hospital_names
from etl.synthetic.truth.study import draw_studies
from etl.synthetic.truth.targets import GROUP_SIZES, site_shares
from schemas.tables import TABLES

ELIGIBLE = 1566


@pytest.fixture(scope="module")
def nine(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, tuple[SiteEnd, ...]]:
    """All nine hospitals in one warehouse, ingested once; nothing after changes it."""
    folder = tmp_path_factory.mktemp("nine")
    settings = Settings(data_dir=folder / "data", reports_dir=folder / "reports")
    return settings, ingest_all(settings=settings)


def test_every_hospital_of_the_study_has_an_export_and_a_mapping() -> None:
    sites = sorted(share.site_id for share in site_shares())
    assert sites == list(hospital_names()) == known_sites(Path("site_mappings"))


@pytest.mark.slow
def test_nine_hospitals_become_one_warehouse(
    nine: tuple[Settings, tuple[SiteEnd, ...]], subtests: pytest.Subtests
) -> None:
    settings, ends = nine
    assert {end.site_id: (end.ending, end.error) for end in ends} == dict.fromkeys(
        hospital_names(), ("published", None)
    )

    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        for site_id in hospital_names():
            with subtests.test("what is loaded equals the truth cell by cell", site=site_id):
                check_against_truth(con, site_id, settings)
        with subtests.test("every patient of the truth is shown, once"):
            patients = con.execute(
                "SELECT count(*), count(DISTINCT (site_id, patient_id)) FROM current.patient"
            ).fetchall()
            assert patients == [(sum(GROUP_SIZES.values()),) * 2]
            assert GROUP_SIZES["long_term"] + GROUP_SIZES["short_term"] == ELIGIBLE
        with subtests.test("both ledgers balance for each"):
            off = con.execute(
                "SELECT count(*) FROM audit.ledger "
                "WHERE source_records <> contributing + excluded + unused + unreadable "
                "OR produced <> staged + quarantined + merged + empty_slots"
            ).fetchall()
            assert off == [(0,)]
            accounts = con.execute("SELECT count(DISTINCT load_id) FROM audit.ledger").fetchall()
            assert accounts == [(len(hospital_names()),)]
        with subtests.test("nobody's clean delivery is told of an error, but for what is odd in snuh's own"):
            told = con.execute(
                "SELECT DISTINCT load.site_id FROM quality.finding JOIN audit.load USING (load_id) "
                "WHERE severity IN ('error', 'fatal')"
            ).fetchall()
            assert told == [("snuh",)]

    before = loads(settings)
    again = ingest_all(settings=settings)
    assert {end.site_id: end.ending for end in again} == dict.fromkeys(hospital_names(), "in already")
    assert loads(settings) == before
    assert (settings.reports_dir / "index.html").is_file()


@pytest.mark.slow
def test_the_cohort_says_what_the_oracle_reads_in_the_truth(nine: tuple[Settings, tuple[SiteEnd, ...]]) -> None:
    """From nine formats: the oracle reads the study as it was drawn, the cohort is made from what was loaded."""
    settings, _ = nine
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        found = differences(con, readings_as_shown(settings))
        assert not found, (len(found), found[:5])
        groups = con.execute(
            "SELECT survival_group, count(*) FROM analysis.cohort "
            "WHERE is_eligible AND survival_group <> 'undetermined' GROUP BY survival_group ORDER BY survival_group"
        ).fetchall()
    assert groups == [("long_term", GROUP_SIZES["long_term"]), ("short_term", GROUP_SIZES["short_term"])]


@pytest.mark.slow
def test_no_file_of_the_nine_holds_an_identity(
    nine: tuple[Settings, tuple[SiteEnd, ...]], tmp_path: Path, subtests: pytest.Subtests
) -> None:
    settings, _ = nine
    identities: set[str] = set()
    for site_id in hospital_names():
        with subtests.test("a delivery names its patients", site=site_id):
            delivery = find_delivery(settings.raw_dir, site_id)
            sent = identities_in(delivery, read_mapping(settings.mappings_dir, site_id), tmp_path)
            assert len(sent) > 100
            identities |= sent
    identities.discard("임상진")  # a name, and how the Korean for 'clinical diagnosis' begins
    searched = {
        where: "\n".join(set(re.findall(r"[\w-]+", text)))
        for where, text in texts_in(settings.data_dir.parent, but=settings.raw_dir)
        if not where.endswith((".duckdb", ".parquet"))  # their columns come one by one, decoded
    }
    for needed in ("core.adverse_event", "analysis.cohort", ".parquet", "index.html", *hospital_names()):
        assert any(needed in where for where in searched), needed
    assert search(iter(searched.items()), identities) == {}


def readings_as_shown(settings: Settings) -> list[Reading]:
    """Give the oracle's readings the pseudonyms under which the warehouse shows the patients."""
    shown: dict[Person, str] = {}
    drawn = study().tables["patient"]
    for site_id in hospital_names():
        key = read_key(settings.keys_dir, site_id)
        assert key is not None
        numbers = drawn.loc[drawn["site_id"] == site_id, "patient_id"]
        reported = find_hospital(site_id).as_reported(study(), True)["patient"]["patient_id"]
        shown |= {(site_id, number): pseudonym(key, own) for number, own in zip(numbers, reported, strict=True)}
    return [replace(reading, person=(reading.person[0], shown[reading.person])) for reading in readings()]


def check_against_truth(con: duckdb.DuckDBPyConnection, site_id: str, settings: Settings) -> None:
    key = read_key(settings.keys_dir, site_id)
    assert key is not None
    truth = expected_rows(draw_studies(2021), site_id, key)
    for table in TABLES:
        rows = truth.get(table)
        if rows is None:
            shown = con.execute(f"SELECT count(*) FROM current.{table} WHERE site_id = ?", [site_id]).fetchall()
            assert shown == [(0,)], table
            continue
        columns = ", ".join(f'"{name}"' for name in rows.column_names)
        wanted = Counter(con.execute(f"SELECT {columns} FROM rows").fetchall())
        found = Counter(con.execute(f"SELECT {columns} FROM current.{table} WHERE site_id = ?", [site_id]).fetchall())
        assert not wanted - found, (table, "missing", (wanted - found).total(), some(wanted - found))
        assert not found - wanted, (table, "unknown", (found - wanted).total(), some(found - wanted))


def some(rows: Counter[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """A few of the rows, for the message of a failure."""
    return sorted(rows, key=str)[:3]


def loads(settings: Settings) -> list[tuple[object, ...]]:
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        return con.execute("SELECT load_id, site_id, state, fingerprint FROM audit.load ORDER BY 1").fetchall()
