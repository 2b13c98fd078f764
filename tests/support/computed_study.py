"""The drawn patients with both studies of the project computed: made once in a process, since it takes a minute."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

import yaml
from support.drawn_warehouse import make_drawn_warehouse
from support.study_warehouse import StudyWarehouse

from etl.study.definition.load import load_studies
from etl.study.definition.read_study import read_study
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.file.transaction import transaction
from warehouse.views.refresh import refresh

MAIN, SECOND = "sorafenib", "chemoembolisation"
_FEW = {"bootstrap": 2, "imputations": 2, "firth": []}
"""What takes minutes is computed from few samples: enough to be printed."""


def copy_computed_study(path: Path) -> Path:
    """Put a warehouse there in which both studies are computed."""
    path.write_bytes(_bytes())
    return path


@cache
def _bytes() -> bytes:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        studies = folder / "studies"
        shutil.copytree("studies", studies)
        path = studies / f"{MAIN}.yaml"
        asked = yaml.safe_load(path.read_text(encoding="utf-8"))
        asked["sensitivity"] |= _FEW
        path.write_text(yaml.safe_dump(asked, allow_unicode=True, sort_keys=False), encoding="utf-8")
        make_drawn_warehouse(folder / "warehouse.duckdb")
        engine = open_warehouse(folder / "warehouse.duckdb")
        with raw_connection(engine) as con:
            with transaction(con):
                load_studies(con, studies)
                refresh(con)
            for study in (MAIN, SECOND):
                StudyWarehouse(con, read_study(studies, study)).compute()
        engine.dispose()
        return (folder / "warehouse.duckdb").read_bytes()
