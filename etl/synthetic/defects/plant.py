"""Planting: a hospital's clean sheets become defective deliveries with an answer key, in the hospital's own format.

Every set of defects gets a folder of its own that can serve as a folder of deliveries: <folder>/<set>/<site>/<delivery>/.

    records    every defect of a single cell or record
    corrected  the same after the answer key was applied
    withdrawn  a second delivery, in which a patient is missing
    shared     a patient whom another hospital has, too
    ...        each defect of a whole file has a set to itself
"""

from collections.abc import Sequence
from pathlib import Path

from etl.synthetic.defects.answer_key import ANSWER_KEY, PlantedDefect, write_answer_key
from etl.synthetic.defects.correct import correct
from etl.synthetic.defects.kinds import FileDefect
from etl.synthetic.defects.people import share_patient, withdraw_patient
from etl.synthetic.defects.spoil_records import RECORDS, spoil_records
from etl.synthetic.delivery_folder import mark_delivery, new_delivery, seal_delivery
from etl.synthetic.hospital import Hospital, write_sheets
from etl.synthetic.hospitals import find_hospital
from etl.synthetic.sheet import Sheet
from etl.synthetic.truth.study import Study

CORRECTED, WITHDRAWN, SHARED = "corrected", "withdrawn", "shared"


def write_defective_deliveries(folder: Path, *, sites: Sequence[str], study: Study, seed: int) -> list[Path]:
    """Write defective deliveries of hospitals, and their answer key.

    Args:
        folder: gets <set>/<site>/<delivery>/ and answer_key.csv.
        sites: the hospitals.
        study: what they export.
        seed: of the choice of records.

    Returns:
        the folders of the deliveries.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    planted: list[PlantedDefect] = []
    for site_id in sites:
        hospital = find_hospital(site_id)
        clean = list(hospital.render(study, True))
        spoilt, answers = spoil_records(site_id, clean, plan=hospital.defects, seed=seed)
        remaining, withdrawal = withdraw_patient(WITHDRAWN, site_id, clean, hospital.defects)
        shared, sharing = share_patient(SHARED, site_id, study)
        made += [
            _write(folder / RECORDS / site_id / hospital.delivery, hospital, spoilt),
            _write(folder / CORRECTED / site_id / hospital.delivery, hospital, correct(spoilt, answers)),
            _write(folder / WITHDRAWN / site_id / later(hospital), hospital, remaining),
            _write(folder / SHARED / site_id / hospital.delivery, hospital, list(hospital.render(shared, True))),
        ]
        planted += [*answers, withdrawal, sharing]
        for defect in hospital.defects.files:
            delivery, answers = _write_file_defect(folder, site_id, hospital, clean=clean, defect=defect)
            made.append(delivery)
            planted += answers
    write_answer_key(folder / ANSWER_KEY, planted)
    return made


def later(hospital: Hospital) -> str:
    """Name a delivery that comes after the clean one."""
    return f"{hospital.delivery}-later"


def _write(delivery: Path, hospital: Hospital, sheets: Sequence[Sheet]) -> Path:
    with new_delivery(delivery) as partial:
        seal_delivery(partial, write_sheets(hospital, partial, sheets))
    return delivery


def _write_file_defect(
    folder: Path, site_id: str, hospital: Hospital, *, clean: Sequence[Sheet], defect: FileDefect
) -> tuple[Path, list[PlantedDefect]]:
    place, sheet = next((place, sheet) for place, sheet in enumerate(clean) if sheet.name.startswith(defect.sheet))
    sheets, record, above = list(clean), 0, hospital.defects.header_lines
    if defect.spoil_sheet is not None:
        sheets[place], record = defect.spoil_sheet(sheet)
    delivery = folder / defect.defect_set / site_id / (later(hospital) if defect.is_second else hospital.delivery)
    with new_delivery(delivery) as partial:
        counts = write_sheets(hospital, partial, sheets)
        if defect.manifest == "sent":
            seal_delivery(partial, counts)
        if defect.spoil_bytes is not None and (row := defect.spoil_bytes(partial / sheet.file)) is not None:
            record = row - (above or 0)
        if defect.manifest == "fits":
            seal_delivery(partial, counts)
        mark_delivery(partial)
    answers = []
    for number in range(record, record + defect.records):
        line = number + above if number and above is not None else None
        answers.append(PlantedDefect(
            defect.defect_set, site_id, sheet.file, sheet.sheet or "", number or None, line, defect.column,
            sheet.cell(line, defect.column), defect.kind, defect.rule, defect.cost, defect.table, "", "",
        ))  # fmt: skip
    return delivery, answers
