"""Many hospitals in one process: each fails for itself, and what passes is published together or not at all."""

from pathlib import Path
from typing import Any

import pytest
from support.small_site import lab_rows, people_rows, settings_in, write_delivery

import etl.loads.publish
import etl.pipeline
from etl.ingest_all.run import SiteEnd, ingest_all
from etl.pipeline import ingest
from etl.quality.assess import Assessment
from etl.settings import Settings
from warehouse.errors import DeliveryError, MappingError, NotFoundError, RefusedError, ViewError
from warehouse.file.connect import open_warehouse, raw_connection

SITES = ["dale", "hill", "lake"]


@pytest.fixture
def settings(warehouse_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Three hospitals with a delivery each; without the seconds of Great Expectations, which other tests run."""
    clean = Assessment(is_clean=True, is_fatal=False, fatal=(), counts={})
    monkeypatch.setattr(etl.pipeline, "assess", lambda *_args, **_kwargs: clean)
    settings = settings_in(tmp_path)
    settings.data_dir.mkdir(exist_ok=True)
    warehouse_path.rename(settings.warehouse_path)
    for site in SITES:
        write_delivery(settings, "2016-04", site=site)
    return settings


def ask(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    engine = open_warehouse(settings.warehouse_path, read_only=True)
    try:
        with raw_connection(engine) as con:
            return con.execute(sql).fetchall()
    finally:
        engine.dispose()


def shown(settings: Settings) -> list[tuple[Any, ...]]:
    """Which deliveries a reader sees, and how many patients of each in the views."""
    return ask(
        settings,
        "SELECT site.site_id, load.delivery, (SELECT count(*) FROM analysis.cohort AS c WHERE c.site_id = site.site_id) "
        "FROM audit.site AS site INNER JOIN audit.load AS load ON load_id = current_load_id ORDER BY ALL",
    )


def staged(settings: Settings) -> list[tuple[Any, ...]]:
    return ask(settings, "SELECT site_id, state FROM audit.load WHERE state IN ('staging', 'staged')")


def endings(ends: tuple[SiteEnd, ...]) -> dict[str, str]:
    return {end.site_id: end.ending for end in ends}


def test_all_are_published_together_and_the_same_again_is_a_noop(settings: Settings) -> None:
    told: list[SiteEnd] = []
    ends = ingest_all(settings=settings, on_end=told.append)
    assert endings(ends) == dict.fromkeys(SITES, "published")
    assert [(end.site_id, end.ending) for end in told] == [(site, "assessed") for site in SITES]
    assert shown(settings) == [(site, "2016-04", 40) for site in SITES]
    assert len(ask(settings, "SELECT DISTINCT published_at::DATE FROM audit.load")) == 1
    off = ask(settings, "SELECT * FROM audit.ledger WHERE produced <> staged + quarantined + merged + empty_slots")
    assert off == []
    books = "SELECT * FROM audit.load ORDER BY ALL"
    before, derived = ask(settings, books), ask(settings, "SELECT * FROM audit.derived ORDER BY ALL")
    (settings.reports_dir / "index.html").unlink()
    (settings.reports_dir / "lake.html").unlink()
    again = ingest_all(settings=settings)
    assert endings(again) == dict.fromkeys(SITES, "in already")
    assert (ask(settings, books), ask(settings, "SELECT * FROM audit.derived ORDER BY ALL")) == (before, derived)
    assert {path.name for path in settings.reports_dir.glob("*.html")} == {"index.html", *(f"{s}.html" for s in SITES)}


@pytest.mark.slow
def test_one_hospital_after_the_other_comes_to_the_same(settings: Settings, tmp_path: Path) -> None:
    ingest_all(settings=settings)
    together = ask(settings, "SELECT * EXCLUDE (patient_id) FROM analysis.cohort ORDER BY ALL")
    for file in settings.data_dir.glob("warehouse*.duckdb"):
        file.unlink()
    for site in SITES:
        ingest(site, settings=settings)
    assert ask(settings, "SELECT * EXCLUDE (patient_id) FROM analysis.cohort ORDER BY ALL") == together


@pytest.mark.slow
def test_each_failure_is_told_and_stops_nobody_else(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for site in ("moor", "pond", "reef", "wood", "yard"):
        write_delivery(settings, "2016-04", site=site)
    assert endings(ingest_all(["moor"], settings=settings)) == {"moor": "published"}
    recoded = [row.replace(",남,", ",M,").replace(",여,", ",F,") for row in people_rows(40)]
    write_delivery(settings, "2016-05", site="moor", people=recoded)
    mapping = settings.mappings_dir / "pond" / "mapping.yaml"
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("sex:", "sexx:"), encoding="utf-8")
    (settings.raw_dir / "reef" / "2016-04").rename(settings.data_dir / "elsewhere")
    (settings.raw_dir / "wood" / "2016-04" / "labs.csv").write_bytes("번호".encode("cp949"))
    real = etl.pipeline.stage

    def stage(con: Any, arrival: Any, **options: Any) -> Any:
        result = real(con, arrival, **options)
        if arrival.mapping.site == "yard":
            raise ValueError("a fault of ours, once the rows are staged")
        return result

    monkeypatch.setattr(etl.pipeline, "stage", stage)
    ends = {end.site_id: end for end in ingest_all(settings=settings)}
    assert {site: type(end.error) for site, end in ends.items() if end.error} == {
        "moor": RefusedError,
        "pond": MappingError,
        "reef": NotFoundError,
        "wood": DeliveryError,
        "yard": ValueError,
    }
    assert (ends["moor"].ending, ends["yard"].ending) == ("refused", "failed")
    assert "no delivery found. Put the hospital's files into a folder there." in str(ends["reef"].error)
    assert shown(settings) == [(site, "2016-04", 40) for site in [*SITES, "moor"]]
    assert ends["moor"].load_id == ask(settings, "SELECT load_id FROM audit.load WHERE state = 'refused'")[0][0]
    assert staged(settings) == []
    page = (settings.reports_dir / "index.html").read_text(encoding="utf-8")
    assert "newer one refused" in page
    assert 'href="moor.refused.html"' in page


def test_an_assessment_that_ends_badly_is_its_hospitals_alone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It runs at the same time as the others' mapping, so what it removes must be its own."""
    fatal = Assessment(is_clean=False, is_fatal=True, fatal=("patient: there is none.",), counts={})
    clean = etl.pipeline.assess

    def assess(engine: Any, load_id: int, **options: Any) -> Assessment:
        if load_id == 1:
            return fatal
        if load_id == 2:
            raise ValueError("a fault of ours, after the rows are staged")
        return clean(engine, load_id, **options)

    monkeypatch.setattr(etl.pipeline, "assess", assess)
    ends = {end.site_id: end for end in ingest_all(settings=settings)}
    assert [(site, end.ending, type(end.error)) for site, end in ends.items()] == [
        ("dale", "refused", RefusedError),
        ("hill", "failed", ValueError),
        ("lake", "published", type(None)),
    ]
    assert (ends["dale"].load_id, ends["hill"].load_id) == (1, None)
    assert "patient: there is none. Nothing was published." in str(ends["dale"].error)
    assert shown(settings) == [("lake", "2016-04", 40)]
    assert staged(settings) == []
    assert ask(settings, "SELECT DISTINCT load_id FROM core.patient") == [(3,)]


def test_when_the_views_cannot_be_built_nothing_is_published(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest_all(settings=settings)
    before = shown(settings)
    for site in SITES[:2]:
        write_delivery(settings, "2016-05", site=site, people=people_rows(45))

    def refresh(*_: Any) -> None:
        raise ViewError("this view cannot be built")

    with monkeypatch.context() as patch:
        patch.setattr(etl.loads.publish, "refresh", refresh)
        ends = ingest_all(settings=settings)
    assert endings(ends) == {"dale": "failed", "hill": "failed", "lake": "in already"}
    assert shown(settings) == before
    assert endings(ingest_all(settings=settings))["dale"] == "published"
    assert staged(settings) == []


def test_an_interruption_publishes_nothing_and_leaves_nothing_staged(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = etl.pipeline.stage

    def stage(con: Any, arrival: Any, **options: Any) -> Any:
        if arrival.mapping.site == "lake":
            raise KeyboardInterrupt
        return real(con, arrival, **options)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(etl.pipeline, "stage", stage)
        ingest_all(settings=settings)
    assert ask(settings, "SELECT site_id FROM audit.site WHERE current_load_id IS NOT NULL") == []
    assert staged(settings) == []
    assert endings(ingest_all(settings=settings)) == dict.fromkeys(SITES, "published")


def test_real_data_and_make_believe_do_not_meet(settings: Settings) -> None:
    (settings.raw_dir / "hill" / "2016-04" / "SYNTHETIC.txt").unlink()
    write_delivery(settings, "2016-04", site="moor")
    (settings.raw_dir / "moor" / "2016-04").rename(settings.data_dir / "elsewhere")
    ends = {end.site_id: end for end in ingest_all(settings=settings)}
    assert "so it is taken for real, and no synthetic delivery is made next to it" in str(ends["moor"].error)
    assert "this delivery is real, and the warehouse holds synthetic data (dale" in str(ends["hill"].error)
    assert [site for site, _, _ in shown(settings)] == ["dale", "lake"]


def test_without_any_mapping_it_says_how_to_begin(settings: Settings) -> None:
    with pytest.raises(NotFoundError, match=r"no hospital has a mapping. Begin with a copy of its _template/."):
        ingest_all(settings=settings.model_copy(update={"mappings_dir": settings.data_dir}))


@pytest.mark.slow
def test_a_mistaken_unit_is_told_from_delivery_to_page(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # this one is about what assessing finds
    ingest_all(settings=settings)
    labs = [row.replace(",umol/L", ",mg/dL") for row in lab_rows(40)]
    write_delivery(settings, "2016-05", site="hill", labs=labs)
    ingest_all(settings=settings)
    rules = dict(ask(settings, "SELECT rule, found FROM quality.finding WHERE load_id = 4"))
    assert rules["unit_changed"].startswith("bilirubin total comes in mg/dL 100 %")
    assert "17.1 times as high: the step between " in rules["scale_changed"]
    assert "scale_differs" in rules
    for page in ("hill.html", "index.html"):
        assert "bilirubin total comes in mg/dL" in (settings.reports_dir / page).read_text(encoding="utf-8")
