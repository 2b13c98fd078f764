"""A total line under the patients: the word in the patient's column is listed as missing, and the record is excluded."""

from pathlib import Path

from support.small_site import MAPPING, SITE, people_rows, settings_in, write_delivery

from etl.pipeline import ingest
from warehouse.file.connect import open_warehouse, raw_connection


def test_the_way_out_that_the_refusal_names_excludes_the_line(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    write_delivery(settings, "2026-01", people=[*people_rows(40), "계,,,,,,,"])
    mapping = MAPPING.replace('missing: ["", "NA"]', 'missing: ["", "NA", "계"]').replace(
        "    from: people\n", '    from: people\n    keep_if: {when: "번호 IS NOT NULL", name: a patient}\n'
    )
    (settings.mappings_dir / SITE / "mapping.yaml").write_text(mapping, encoding="utf-8")

    ingest(SITE, settings=settings)

    engine = open_warehouse(settings.warehouse_path)
    with raw_connection(engine) as con:
        patients = con.execute("SELECT count(*), count(sex) FROM core.patient").fetchall()
        excluded = con.execute(
            "SELECT records FROM audit.ledger_rule WHERE table_name = 'patient' AND rule = 'a patient'"
        ).fetchall()
    engine.dispose()
    assert patients == [(40, 40)]
    assert excluded == [(1,)]
