"""Recall and false alarms: every planted defect is sent through the whole pipeline, and the findings about it are counted."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from etl.settings import Settings
from etl.synthetic.defects.answer_key import ANSWER_KEY, REFUSED, PlantedDefect, read_answer_key
from etl.synthetic.defects.people import neighbour_of
from etl.synthetic.defects.plant import CORRECTED, SHARED, WITHDRAWN
from etl.synthetic.defects.spoil_records import RECORDS
from etl.synthetic.hospitals import find_hospital, hospital_names
from etl.synthetic.synthesize import DEFAULT_SEED, synthesize
from warehouse.errors import DeliveryError
from warehouse.progress import Progress, Silent

Row = tuple[str, str, int | None]
"""A record's address: file, sheet, number."""


@dataclass(frozen=True)
class Judged:
    """One planted defect, and whether the expected finding was made at its address."""

    defect: PlantedDefect
    is_caught: bool


@dataclass(frozen=True)
class FalseAlarm:
    """A false alarm: a clean row that was quarantined, or a finding about data without a defect."""

    defect_set: str
    site_id: str
    what: str


@dataclass(frozen=True)
class Recall:
    """What came of all that was planted."""

    judged: tuple[Judged, ...]
    false_alarms: tuple[FalseAlarm, ...]
    clean_rows: int
    """Rows of the clean deliveries that were loaded; a false alarm is one of these refused, or one finding too many."""


class _Finding(NamedTuple):
    """A finding and its address: as in the answer key, except that `columns` and `cells` may be several of each."""

    file: str
    sheet: str
    record: int | None
    line: int | None
    columns: str
    cells: str
    rule: str
    cost: str

    @property
    def row(self) -> Row:
        return self.file, self.sheet, self.record


@dataclass(frozen=True)
class _Said:
    """The findings and refusals of a delivery."""

    refusal: str | None
    findings: frozenset[_Finding]
    refused: frozenset[Row]
    rows: int


def measure_recall(
    sites: Sequence[str] = (), *, settings: Settings, seed: int = DEFAULT_SEED, progress: Progress | None = None
) -> Recall:
    """Plant every defect into every hospital's delivery, ingest them all in a folder of their own, and judge.

    Args:
        sites: the hospitals; all when none is named.
        settings: how to run; its data and reports are left alone.
        seed: of the study and of the choice of records.
        progress: is notified of every hospital.

    Raises:
        NotFoundError: a hospital has no synthetic export.
    """
    progress = progress or Silent()
    sites = tuple(sites) or hospital_names()
    with tempfile.TemporaryDirectory(prefix="recall-") as name:
        folder = Path(name)
        synthesize(folder / "raw", sites=sites, seed=seed, defects=True)
        answers = read_answer_key(folder / "raw" / "defects" / ANSWER_KEY)
        progress.begin("Sending planted defects through the pipeline", len(sites))
        judged: list[Judged] = []
        alarms: list[FalseAlarm] = []
        clean_rows = 0
        for site_id in sites:
            trial = _Trial(folder, site_id, settings)
            trial.prepare(seed)
            clean_rows += trial.clean.rows
            for defect_set in trial.sets():
                of_set = [each for each in answers if (each.site_id, each.defect_set) == (site_id, defect_set)]
                said = trial.send(defect_set)
                judged += [Judged(defect, _is_caught(defect, said, trial.clean)) for defect in of_set]
                alarms += _false_alarms(defect_set, site_id, of_set, said=said, clean=trial.clean)
            trial.clear()
            progress.advance(1)
    return Recall(tuple(judged), tuple(alarms), clean_rows)


class _Trial:
    """One hospital's deliveries, each sent to a warehouse that nobody else uses."""

    def __init__(self, folder: Path, site_id: str, settings: Settings) -> None:
        self.folder, self.site_id, self.settings = folder, site_id, settings
        self.hospital = find_hospital(site_id)
        self.clean = _Said(None, frozenset(), frozenset(), 0)

    def prepare(self, seed: int) -> None:
        """Send the clean delivery, with which later ones are compared, and the neighbour's, who has a patient more."""
        self.clean = self._ingest("clean", self.folder / "raw", self.site_id)
        neighbour = neighbour_of(self.site_id)
        if neighbour in hospital_names():
            synthesize(self.folder / "neighbour", sites=[neighbour], seed=seed)
            self._ingest(SHARED, self.folder / "neighbour", neighbour)

    def sets(self) -> list[str]:
        """Name the sets of defects of this hospital."""
        has_neighbour = neighbour_of(self.site_id) in hospital_names()
        people = [WITHDRAWN, *([SHARED] if has_neighbour else [])]
        return [RECORDS, CORRECTED, *people, *(defect.defect_set for defect in self.hospital.defects.files)]

    def send(self, defect_set: str) -> _Said:
        """Send a set's delivery to an empty warehouse; a second delivery to one that holds the clean one."""
        seconds = {defect.defect_set for defect in self.hospital.defects.files if defect.is_second} | {WITHDRAWN}
        if defect_set in seconds:
            shutil.copytree(self._data_dir("clean"), self._data_dir(defect_set), symlinks=True)
        return self._ingest(defect_set, self.folder / "raw" / "defects" / defect_set, self.site_id)

    def clear(self) -> None:
        """Give the disk back."""
        shutil.rmtree(self.folder / "trial")

    def _data_dir(self, name: str) -> Path:
        return self.folder / "trial" / name

    def _ingest(self, name: str, raw_dir: Path, site_id: str) -> _Said:
        from etl.pipeline import ingest

        data_dir = self._data_dir(name)
        data_dir.mkdir(parents=True, exist_ok=True)
        (data_dir / "raw").unlink(missing_ok=True)
        (data_dir / "raw").symlink_to(raw_dir)
        own = {"data_dir": data_dir, "reports_dir": data_dir / "reports"}
        settings = Settings(**{**self.settings.model_dump(), **own})
        try:
            load_id = ingest(site_id, settings=settings).load_id
        except DeliveryError as error:
            return _Said(str(error), frozenset(), frozenset(), 0)
        return _listen(settings, load_id)


def _listen(settings: Settings, load_id: int) -> _Said:
    """Read what was said of a load."""
    from warehouse.reading.query import reading

    with reading(settings.warehouse_path) as con:
        findings = con.execute(
            "SELECT DISTINCT coalesce(placed.file, ''), coalesce(placed.sheet, ''), placed.source_record, "
            "placed.source_line, coalesce(placed.source_column, ''), coalesce(placed.cell, ''), q.rule, q.cost "
            "FROM quality.finding AS q JOIN quality.source_finding AS placed ON q.load_id = placed.load_id "
            "AND q.rule = placed.rule AND q.source_id IS NOT DISTINCT FROM placed.source_id "
            "AND q.source_record IS NOT DISTINCT FROM placed.source_record "
            "AND q.source_column IS NOT DISTINCT FROM placed.source_column WHERE q.load_id = ?",
            [load_id],
        ).fetchall()
        refused = con.execute(
            "SELECT DISTINCT f.file, coalesce(f.sheet, ''), q.source_record FROM quality.quarantined_row AS q "
            "JOIN audit.source_file AS f USING (source_id) WHERE q.load_id = ?",
            [load_id],
        ).fetchall()
        rows = con.execute("SELECT sum(staged)::BIGINT FROM audit.ledger WHERE load_id = ?", [load_id]).fetchall()
    return _Said(None, frozenset(map(_Finding._make, findings)), frozenset(refused), int(rows[0][0]))


def _is_caught(defect: PlantedDefect, said: _Said, clean: _Said) -> bool:
    """Judge one defect; a cell that several columns may fill is reported with all of them, a person has no address."""
    if defect.rule == REFUSED:
        return said.refusal is not None
    if said.refusal is not None:
        return False
    if not defect.rule:
        of_record = any(finding.row == _row(defect) for finding in said.findings)
        # The second of two swapped cells is reported with the first; a harmless change of a file is not reported at all.
        return of_record if defect.record else not _surplus(said, clean, spoilt=frozenset())
    return any(
        (finding.rule, finding.cost) == (defect.rule, defect.cost) and (not defect.file or _is_at(defect, finding))
        for finding in said.findings
    )


def _is_at(defect: PlantedDefect, finding: _Finding) -> bool:
    """Whether a finding names the defect's place, as a person looks for it: the row of a sheet, the cell as Excel shows it."""
    return (
        (finding.file, finding.sheet) in {(defect.file, defect.sheet), ("", "")}
        and finding.record in {defect.record, None}
        and (finding.record is None or defect.line in {finding.line, None})
        and (not defect.column or defect.column in finding.columns.split(", "))
        and (finding.record is None or not defect.cell or defect.cell in finding.cells.split(", "))
    )


def _false_alarms(
    defect_set: str, site_id: str, defects: Sequence[PlantedDefect], *, said: _Said, clean: _Said
) -> Iterator[FalseAlarm]:
    """List the rows quarantined and the findings made without a planted defect."""
    if said.refusal is not None:
        if not any(defect.rule == REFUSED for defect in defects):
            yield FalseAlarm(defect_set, site_id, f"refused: {said.refusal}")
        return
    of_people = {defect.rule for defect in defects if not defect.file}
    for what, count in _surplus(said, clean, spoilt=frozenset(map(_row, defects))).items():
        if what[2] not in of_people:
            yield FalseAlarm(defect_set, site_id, f"{' '.join(filter(None, what))}: {count} too many")


def _surplus(said: _Said, clean: _Said, *, spoilt: frozenset[Row]) -> Counter[tuple[str, str, str]]:
    """Count, by file, sheet and rule, what was said of records beyond what the clean delivery gives rise to.

    By count and not by record, because the numbers of records move where one was added or left out.
    """

    def count(heard: _Said, spoilt: frozenset[Row]) -> Counter[tuple[str, str, str]]:
        findings = [each for each in heard.findings if each.record is not None and each.row not in spoilt]
        counted = Counter((finding.file, finding.sheet, finding.rule) for finding in findings)
        counted.update((file, sheet, "refused row") for file, sheet, _ in heard.refused - spoilt)
        return counted

    return count(said, spoilt) - count(clean, frozenset())


def _row(defect: PlantedDefect) -> Row:
    return defect.file, defect.sheet, defect.record
