"""A newcomer adds a column in the middle of a table: from its declaration to a filled warehouse that has loads already."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from support.small_site import MAPPING, SITE, lab_rows, settings_in, write_delivery

from etl.pipeline import ingest
from etl.settings import Settings

DECLARED = '    value_qualifier: Text = column(\n        "Qualifier"'
COLUMN = (
    '    specimen_text: Text = column("Specimen", "What was examined, as the hospital wrote it.")\n'
    "    is_repeated: Boolean = column('Repeated', 'The result repeats an earlier one.')\n"
)
RUN = "import sys; from etl.cli import main; sys.exit(main())"
DRAFT = "import sys; from warehouse.model.draft_migration import main; sys.exit(main())"


def run(copy: Path, settings: Settings, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "HCC_DATA_DIR": str(settings.data_dir),
        "HCC_REPORTS_DIR": str(settings.reports_dir),
        "HCC_MAPPINGS_DIR": str(settings.mappings_dir),
    }
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def ask(settings: Settings, sql: str) -> list[Any]:
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        return con.execute(sql).fetchall()


@pytest.mark.slow
def test_a_column_in_the_middle_of_a_table(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    write_delivery(settings, "2016-04")
    ingest(SITE, settings=settings)
    copy = tmp_path / "copy"
    for name in ("schemas", "warehouse", "etl", "studies"):
        shutil.copytree(name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))

    # The declaration alone: every command that writes says what is missing, and nothing else changes.
    model = copy / "schemas" / "tables" / "lab_result.py"
    text = model.read_text(encoding="utf-8")
    assert text.count(DECLARED) == 1
    model.write_text(text.replace(DECLARED, COLUMN + DECLARED), encoding="utf-8")
    before = ask(settings, "SELECT * FROM current.lab_result ORDER BY ALL")
    refused = run(copy, settings, RUN, "derive")
    assert refused.returncode == 13, refused.stderr
    assert (
        "schemas/: the model has core.lab_result.specimen_text as VARCHAR and 1 more, and no migration makes it. "
        "Run 'make migration', read the migration that it drafts, and run the command again."
    ) in " ".join(refused.stderr.split())
    assert ask(settings, "SELECT * FROM current.lab_result ORDER BY ALL") == before

    # The migration, as it is drafted: the loads that are there have an empty column, and the order is the model's.
    drafted = run(copy, settings, DRAFT)
    assert "lab_result_specimen_text.py. Read it" in drafted.stdout, drafted.stderr
    derived = run(copy, settings, RUN, "derive")
    assert derived.returncode == 0, derived.stderr
    names = [name for (name,) in ask(settings, "SELECT column_name FROM (DESCRIBE current.lab_result)")]
    place = names.index("reported_value_text")
    assert names[place + 1 : place + 4] == ["specimen_text", "is_repeated", "value_qualifier"]
    counts = "SELECT count(*), count(specimen_text), count(is_repeated), count(value) FROM current.lab_result"
    assert ask(settings, counts) == [(80, 0, 0, 80)]
    assert ask(settings, "SELECT * EXCLUDE (specimen_text, is_repeated) FROM current.lab_result ORDER BY ALL") == before

    # The mapping fills it: the same delivery becomes a new load, with the same values elsewhere.
    rows = [
        f"{row},{'serum' if number % 2 else '혈장'},{'Y' if number % 4 else 'N'}"
        for number, row in enumerate(lab_rows(40))
    ]
    write_delivery(settings, "2016-05", labs=rows)
    labs = settings.raw_dir / SITE / "2016-05" / "labs.csv"
    labs.write_text(
        labs.read_text(encoding="utf-8").replace("결과,단위\n", "결과,단위,검체,재검\n", 1), encoding="utf-8"
    )
    more = "      specimen_text: 검체\n      is_repeated: {column: 재검, boolean: {true: [Y], false: [N]}}\n"
    (settings.mappings_dir / SITE / "mapping.yaml").write_text(MAPPING + more, encoding="utf-8")
    ingested = run(copy, settings, RUN, "ingest", SITE)
    assert ingested.returncode == 0, ingested.stderr
    assert ask(settings, counts) == [(80, 80, 80, 80)]
    found = "SELECT specimen_text, is_repeated, count(*) FROM current.lab_result GROUP BY ALL ORDER BY ALL"
    assert ask(settings, found) == [("serum", True, 40), ("혈장", False, 20), ("혈장", True, 20)]
    same = "SELECT * EXCLUDE (specimen_text, is_repeated, load_id) FROM current.lab_result ORDER BY ALL"
    assert [row[:-1] for row in before] == ask(settings, same)
    returned = run(copy, settings, RUN, "rollback", SITE)
    assert returned.returncode == 0, returned.stderr
    assert ask(settings, counts) == [(80, 0, 0, 80)]
