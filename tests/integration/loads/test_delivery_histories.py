"""Random histories of one hospital against a slow model: what is shown depends on deliveries and meanings alone.

Steps: deliver, deliver the same or an older one again, rename a folder, edit a comment, edit a meaning, upgrade the
program, choose an option, accept, go back, prune, be killed. Views and reports are left out; other tests build them.
"""

import random
from pathlib import Path
from typing import Any

import pytest
from oracle.delivery_model import Content, Model
from support.small_site import LABS_HEADER, MAPPING, PEOPLE_HEADER, SITE, lab_rows, people_rows, settings_in
from support.warehouse_door import door

import etl.pipeline
import etl.quality.assess
from etl.derive import set_option
from etl.loads.publish import prune, roll_back
from etl.pipeline import ingest
from etl.settings import Settings
from warehouse.errors import DeliveryError, NotFoundError, RefusedError, RolledBackError
from warehouse.file.connect import raw_connection
from warehouse.reading.query import run_query

CONTENTS = [
    Content(40),
    Content(41),
    Content(39),
    Content(30),
    Content(40, is_scaled=True),
    Content(41, is_recoded=True),
]
WEIGHTS = {
    "deliver": 6, "ingest": 3, "ingest older": 2, "accept": 3, "rename": 1, "comment": 1, "meaning": 2, "program": 1,
    "option": 1, "roll back": 2, "roll back to": 1, "prune": 1, "kill": 2,
}  # fmt: skip
STEPS = 25


class Killed(BaseException):
    """The run ends here as if it had been killed; nothing of ours catches it."""


class History:
    """The real hospital, and its model."""

    def __init__(self, settings: Settings, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
        self.settings, self.model, self.draw = settings, Model(), random.Random(seed)  # noqa: S311
        self._monkeypatch, self._number, self._options = monkeypatch, 0, 0
        self._comments = 0
        self.log: list[str] = []
        self._write_mapping()

    def step(self) -> None:
        """Do one step in both worlds, and compare them."""
        kind = self.draw.choices([*WEIGHTS], [*WEIGHTS.values()])[0] if self.model.folders else "deliver"
        self.log.append(kind)
        getattr(self, f"_{kind.replace(' ', '_')}")()
        assert self.picture() == self.expected(), self.log

    def picture(self) -> dict[str, Any]:
        return {
            "loads": self._ask("SELECT load_id, state FROM audit.load ORDER BY load_id"),
            "current": self._ask("SELECT current_load_id FROM audit.site"),
            "withdrawn": self._ask("SELECT count(*) FROM audit.delivery WHERE withdrawn_at IS NOT NULL"),
            "rows": self._ask("SELECT DISTINCT load_id FROM core.patient ORDER BY ALL"),
            "changes": {
                rule
                for (rule,) in self._ask(
                    "SELECT rule FROM quality.finding WHERE load_id IN (SELECT current_load_id FROM audit.site) "
                    "AND rule IN ('patient_withdrawn', 'scale_changed')"
                )
            },
            "deliveries": self._ask("SELECT count(DISTINCT fingerprint) = count(*) FROM audit.delivery"),
        }

    def expected(self) -> dict[str, Any]:
        loads, current = self.model.loads, self.model.current
        has_site = bool(loads)
        return {
            "loads": [(load.load_id, load.state) for load in loads],
            "current": [(current.load_id if current else None,)] if has_site else [],
            "withdrawn": [(len(self.model.withdrawn),)],
            "rows": [(load.load_id,) for load in loads if load.state in ("published", "withdrawn")],
            "changes": self.model.changes(),
            "deliveries": [(True,)],
        }

    def _deliver(self) -> None:
        content = self.draw.choice(CONTENTS)
        self._number += 1
        name = f"d{self._number:03d}"
        people = people_rows(content.people)
        if content.is_recoded:
            people = [row.replace(",남,", ",M,").replace(",여,", ",F,") for row in people]
        labs = lab_rows(content.people)
        if content.is_scaled:
            labs = [row.replace(".1,umol/L", "1,umol/L") for row in labs]
        folder = self.settings.raw_dir / SITE / name
        folder.mkdir(parents=True)
        (folder / "SYNTHETIC.txt").touch()
        for file, header, rows in (("people.csv", PEOPLE_HEADER, people), ("labs.csv", LABS_HEADER, labs)):
            (folder / file).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        self.model.folders[name] = content
        self._bring_in(None)

    def _ingest(self) -> None:
        self._bring_in(None)

    def _ingest_older(self) -> None:
        self._bring_in(self.draw.choice(sorted(self.model.folders)))

    def _accept(self) -> None:
        self._bring_in(self.draw.choice([None, max(self.model.folders)]), accept=True)

    def _kill(self) -> None:
        """Die once the rows are staged."""

        def die(*_args: object, **_kwargs: object) -> None:
            raise Killed

        with self._monkeypatch.context() as patch:
            patch.setattr(etl.pipeline, "assess", die)
            self._bring_in(None, is_killed=True)

    def _rename(self) -> None:
        name = self.draw.choice(sorted(self.model.folders))
        self._number += 1
        new = f"d{self._number:03d}"
        (self.settings.raw_dir / SITE / name).rename(self.settings.raw_dir / SITE / new)
        self.model.folders[new] = self.model.folders.pop(name)

    def _comment(self) -> None:
        self._comments += 1
        self._write_mapping()
        self._bring_in(None)

    def _meaning(self) -> None:
        self.model.meaning += 1
        self._write_mapping()

    def _program(self) -> None:
        self.model.program += 1
        program = f"program {self.model.program}"
        self._monkeypatch.setattr("etl.receiving.ingredients.row_programs_fingerprint", lambda: program)

    def _option(self) -> None:
        self._options += 1
        value = str(20 + self._options)
        set_option("long_term_months", value, settings=self.settings)
        assert self._ask("SELECT value FROM reference.study_option WHERE name = 'long_term_months'") == [(value,)]

    def _roll_back(self) -> None:
        self._go_back(None)

    def _roll_back_to(self) -> None:
        self._go_back(self.draw.randint(1, max(1, len(self.model.loads))))

    def _go_back(self, to: int | None) -> None:
        is_done = True
        try:
            self._write(lambda con: roll_back(con, SITE, to=to))
        except NotFoundError:
            is_done = False
        assert is_done == self.model.roll_back(to), self.log

    def _prune(self) -> None:
        keep = self.draw.randint(1, 3)
        self._write(lambda con: prune(con, keep))
        self.model.prune(keep)

    def _bring_in(self, name: str | None, *, accept: bool = False, is_killed: bool = False) -> None:
        expected = self.model.ingest(name, accept=accept, is_killed=is_killed)
        self.log.append(f"-> {expected}")
        try:
            outcome = ingest(SITE, delivery=name, accept=accept, settings=self.settings)
            ended = "in already" if outcome.is_noop else "published"
        except RolledBackError:
            ended = "rolled back"
        except RefusedError:
            ended = "refused"
        except DeliveryError:
            ended = "shrunk"
        except Killed:
            ended = "killed"
        assert ended == expected, self.log
        last = self._ask("SELECT outcome, exit_code FROM audit.attempt ORDER BY attempt_id DESC LIMIT 1")
        told = {"shrunk": ("turned away", 4), "refused": ("turned away", 5), "published": ("published", 0)}
        if ended in told:
            assert last == [told[ended]]

    def _write_mapping(self) -> None:
        path = self.settings.mappings_dir / SITE / "mapping.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = MAPPING.replace('missing: ["",', f'missing: ["", "?{self.model.meaning}",')
        path.write_text(f"# edited {self._comments} times\n{text}", encoding="utf-8")

    def _ask(self, sql: str) -> list[tuple[Any, ...]]:
        return list(run_query(self.settings.warehouse_path, sql).rows)

    def _write(self, work: Any) -> Any:
        with door(self.settings.warehouse_path) as draft, raw_connection(draft.write()) as con:
            return work(con)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_what_is_shown_follows_from_deliveries_and_meanings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(etl.quality.assess, "judge_expectations", lambda *_args, **_kwargs: [])
    for module in ("etl.loads.publish", "etl.derive", "etl.publishing"):
        monkeypatch.setattr(f"{module}.refresh", lambda _: ())
    for module in ("etl.derive", "etl.publishing", "warehouse.views.refresh"):
        monkeypatch.setattr(f"{module}.is_refreshed", lambda *_args, **_kwargs: True)
    for module in ("etl.derive", "etl.pipeline", "etl.publishing", "etl.derivation.failed_attempts"):
        monkeypatch.setattr(f"{module}.write_report", lambda *_args, **_kwargs: tmp_path)
    for module in ("etl.derive", "etl.publishing", "etl.derivation.failed_attempts"):
        monkeypatch.setattr(f"{module}.write_index", lambda *_args, **_kwargs: tmp_path)
    history = History(settings_in(tmp_path), monkeypatch, seed)
    for _ in range(STEPS):
        history.step()
