"""The real command over several small hospitals: a line each, a table at the end, and the gravest of their codes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.small_site import lab_rows, settings_in, write_delivery

from etl.commands.failures import GRAVEST, exit_code_lines, gravest
from etl.settings import Settings

HCC = Path(sys.executable).with_name("hcc")
SITES = ["dale", "hill", "lake"]
COLUMNS = "site delivery outcome verdict records rows loaded quarantined findings seconds"


def hcc(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "HCC_DATA_DIR": str(settings.data_dir),
        "HCC_REPORTS_DIR": str(settings.reports_dir),
        "HCC_MAPPINGS_DIR": str(settings.mappings_dir),
    }
    done = subprocess.run([HCC, *arguments], env=environment, capture_output=True, text=True, check=False)
    assert not re.search(r"Traceback|nanobind|unforeseen", done.stdout + done.stderr), done.stderr
    return done


@pytest.mark.slow
def test_a_day_with_all_hospitals(tmp_path: Path) -> None:
    """One story, because each of its steps needs the ones before."""
    settings = settings_in(tmp_path)
    for site in SITES:
        write_delivery(settings, "2016-04", site=site)
    first = hcc(settings, "ingest-all")
    assert first.returncode == 0, first.stderr
    lines = [line for line in first.stderr.splitlines() if ": assessed as load " in line]
    assert [line.partition(":")[0] for line in lines] == [f"{site} 2016-04" for site in SITES]
    assert " ".join(first.stdout.splitlines()[0].split()) == COLUMNS
    row = r"^hill +2016-04 +published +With questions +120 +200 +0 +[0-9]+ +[0-9.]+$"
    assert re.search(row, first.stdout, flags=re.MULTILINE), first.stdout
    assert f"Side by side: {settings.reports_dir / 'index.html'}" in first.stdout
    assert "SYNTHETIC, every patient made up: dale, hill, lake." in first.stderr

    write_delivery(settings, "2016-05", site="hill", labs=lab_rows(40)[:30])
    second = hcc(settings, "ingest-all", "--json")
    assert second.returncode == 4
    told = {each["site_id"]: each for each in json.loads(second.stdout)}
    assert {site: (each["outcome"], each["exit_code"]) for site, each in told.items()} == {
        "dale": ("in already", 0),
        "hill": ("failed", 4),
        "lake": ("in already", 0),
    }
    assert "source 'labs' has 30 records" in told["hill"]["message"]
    assert told["lake"]["records"] == 120

    accepted = hcc(settings, "ingest-all", "hill", "--accept", "--json")
    assert (accepted.returncode, json.loads(accepted.stdout)[0]["outcome"]) == (0, "published")
    written = hcc(settings, "report", "--all", "--json")
    pages = [Path(path).name for path in json.loads(written.stdout)["reports"]]
    assert pages == [*(f"{site}.html" for site in SITES), "index.html"]
    assert hcc(settings, "report").returncode == 2


@pytest.mark.parametrize(("codes", "code"), [([0, 0], 0), ([0, 4, 5], 5), ([8, 3, 4], 3), ([8, 7, 1], 1), ([], 0)])
def test_the_gravest_code_is_the_runs(codes: list[int], code: int) -> None:
    assert gravest(codes) == code


def test_every_code_that_a_hospital_may_end_with_has_its_rank() -> None:
    known = {int(line.partition(":")[0]) for line in exit_code_lines()}
    assert set(GRAVEST) == known - {2, 9, 130}
