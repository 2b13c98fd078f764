"""The scenes in which commands are killed: a small study of two hospitals, published, with deliveries that wait."""

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from support.small_site import SITE, lab_rows, people_rows, write_delivery
from support.small_study import SMALL_STUDY

from etl.settings import Settings
from kills.children import run_command

OTHER = "lake"
STUDY, FROZEN = "small", "first"
_LITTLE = 30


@dataclass(frozen=True)
class Scene:
    """A command, what precedes it in a copy of the base, and with which code a second run may end that finds its work done."""

    command: Sequence[str]
    prepare: Callable[[Settings], object] = lambda settings: None
    done_already: frozenset[int] = frozenset({0})


def _waits(site: str) -> Callable[[Settings], object]:
    return lambda settings: write_delivery(
        settings, "2016-05", people=people_rows(_LITTLE + 5), labs=lab_rows(_LITTLE + 5), site=site
    )


def _both_wait(settings: Settings) -> None:
    _waits(SITE)(settings)
    _waits(OTHER)(settings)


def _first_key(settings: Settings) -> None:
    """A third hospital, of which nothing is known yet."""
    _waits("moor")(settings)


def _view_changed(settings: Settings) -> None:
    """What derive brings up to date: the reports are gone, and an option waits."""
    shutil.rmtree(settings.reports_dir)


def _exported_before(settings: Settings) -> None:
    """An export of other tables, untouched, gives way."""
    end = run_command(
        ("export", "exported", "--schema", "analysis.cohort"),
        partial(enter, settings), settings.data_dir.parent, kill_after=None,
    )  # fmt: skip
    assert end.code == 0, end.printed[-2000:]


SCENES = {
    "ingest": Scene(("ingest", SITE), _waits(SITE)),
    "ingest, the first key": Scene(("ingest", "moor"), _first_key),
    "ingest-all": Scene(("ingest-all",), _both_wait),
    "derive": Scene(("derive",), _view_changed),
    "option set": Scene(("option", "set", "long_term_months", "36")),
    "rollback": Scene(("rollback", SITE, "--to", "1")),
    "prune": Scene(("prune", "--keep", "1")),
    "freeze": Scene(("freeze", "second", "--study", STUDY), done_already=frozenset({5})),
    "study": Scene(("study", STUDY)),
    "report": Scene(("report", SITE)),
    "report --all": Scene(("report", "--all")),
    "synthesize": Scene(("synthesize", "--scale", "0.01", "--to", "made")),
    "export": Scene(("export", "exported", "--schema", "current")),
    "export, over an old one": Scene(("export", "exported", "--schema", "current"), _exported_before),
    "query -o": Scene(("query", "SELECT * FROM current.lab_result ORDER BY ALL", "-o", "answer.xlsx")),
}
"""Every command that writes, by what is said of it."""


def write_base(settings: Settings) -> None:
    """Write two hospitals' first deliveries and the study."""
    settings.studies_dir.mkdir(parents=True)
    (settings.studies_dir / f"{STUDY}.yaml").write_text(SMALL_STUDY, encoding="utf-8")
    for site in (SITE, OTHER):
        for number, name in ((_LITTLE, "2016-03"), (_LITTLE + 2, "2016-04")):
            write_delivery(settings, name, people=people_rows(number), labs=lab_rows(number), site=site)


BASE = (
    ("ingest", SITE, "--delivery", "2016-03"),
    ("ingest", OTHER, "--delivery", "2016-03"),
    ("ingest", SITE),
    ("ingest", OTHER),
    ("study", STUDY),
    ("freeze", FROZEN, "--study", STUDY),
)
"""The commands that make the base."""


def settings_of(folder: Path) -> Settings:
    """The settings of a scene's folder."""
    return Settings(
        data_dir=folder / "data",
        reports_dir=folder / "reports",
        mappings_dir=folder / "maps",
        studies_dir=folder / "studies",
        lock_wait_seconds=20,
        threads=1,
    )


def enter(settings: Settings) -> None:
    """Let commands of this process work in a scene's folder."""
    for name in ("data_dir", "reports_dir", "mappings_dir", "studies_dir"):
        os.environ[f"HCC_{name.upper()}"] = str(getattr(settings, name))
    os.environ["HCC_LOCK_WAIT_SECONDS"] = "20"
    os.environ["HCC_THREADS"] = "1"
    os.chdir(settings.data_dir.parent)
