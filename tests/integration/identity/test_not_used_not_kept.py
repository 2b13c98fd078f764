"""What the mapping does not use is not kept: not in the landed rows, not with a quarantined row, not in any report."""

from pathlib import Path

import pytest
from support.identity_search import search, texts_in
from support.small_site import MAPPING, SITE, people_rows, settings_in, write_delivery

import etl.pipeline
from etl.pipeline import ingest
from etl.quality.assess import Assessment
from etl.settings import Settings

ADDRESSES = {"해오름로", "별빛마을"}
USED = "      last_contact_on: {column: 최종일"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    clean = Assessment(is_clean=True, is_fatal=False, fatal=(), counts={})
    monkeypatch.setattr(etl.pipeline, "assess", lambda *_args, **_kwargs: clean)
    settings = settings_in(tmp_path)
    folder = write_delivery(settings, "2016-04")
    rows = [f"{row},해오름로 {place},별빛마을" for place, row in enumerate(people_rows(40))]
    rows[4] = rows[4].replace("H0005", "")  # a row without its patient is refused
    rows.insert(9, "H0099,김가나,남,1950-01-01,해오름로 3,별빛마을")  # a record of too few cells
    header = "번호,성명,성별,생년월일,시작일,상태,사망일,최종일,주소,동네"
    (folder / "people.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    write_mapping(settings, "ignore: {people: [주소]}\n")
    return settings


def write_mapping(settings: Settings, end: str, *, used: str = "") -> None:
    text = MAPPING.replace(USED, used + USED) + end
    (settings.mappings_dir / SITE / "mapping.yaml").write_text(text, encoding="utf-8")


def found(settings: Settings) -> dict[str, set[str]]:
    """Search everything that the run left, the delivery and the mapping aside."""
    kept = [*texts_in(settings.data_dir, but=settings.raw_dir), *texts_in(settings.reports_dir)]
    assert [where for where, _ in kept if "quality.quarantined_row" in where or "rows.parquet" in where]
    return search(iter(kept), ADDRESSES)


def test_an_ignored_column_and_one_that_nobody_named_are_nowhere(settings: Settings) -> None:
    ingest(SITE, settings=settings)
    assert found(settings) == {}


@pytest.mark.slow
def test_a_mapping_that_comes_to_use_a_column_has_the_file_landed_again(settings: Settings) -> None:
    ingest(SITE, settings=settings)
    write_mapping(settings, "ignore: {people: [동네]}\n", used="      death_cause_text: 주소\n")
    again = ingest(SITE, settings=settings)
    assert not again.is_noop
    assert set().union(*found(settings).values()) == {"해오름로"}
