"""Defects of whole patients: one who is withdrawn, and one whom two hospitals have."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from etl.synthetic.defects.answer_key import PlantedDefect
from etl.synthetic.defects.kinds import DefectPlan
from etl.synthetic.sheet import Sheet
from etl.synthetic.truth.study import Study
from etl.synthetic.truth.targets import site_shares


def withdraw_patient(
    defect_set: str, site_id: str, clean: Sequence[Sheet], plan: DefectPlan
) -> tuple[list[Sheet], PlantedDefect]:
    """Leave out every record of one patient, as a hospital must when consent is withdrawn."""
    column = plan.patient_column
    followed = next(sheet for sheet in clean if sheet.name.startswith(plan.follow_up)).records
    patients = followed.loc[followed[column] != "", column]
    patient = patients.iloc[len(patients) // 2]
    remaining = [
        replace(sheet, records=sheet.records[sheet.records[column] != patient]) if column in sheet.records else sheet
        for sheet in clean
    ]
    return remaining, PlantedDefect(
        defect_set, site_id, "", "", None, None, "", "", "redelivery without a patient", "patient_withdrawn", "none",
        "patient", "", "",
    )  # fmt: skip


def share_patient(defect_set: str, site_id: str, study: Study) -> tuple[Study, PlantedDefect]:
    """Let a hospital also have a patient of its neighbour, under a number of its own."""
    neighbour = neighbour_of(site_id)
    share = next(share for share in site_shares() if share.site_id == site_id)
    taken = set(study.people.loc[study.people["site_id"] == site_id, "patient_id"])
    number = next(
        number
        for i in range(10**share.digits)
        if (number := f"{share.patient_prefix}{i:0{share.digits}d}") not in taken
    )
    person = study.people.loc[study.people["site_id"] == neighbour, "patient_id"].iloc[0]

    def with_person(rows: pd.DataFrame) -> pd.DataFrame:
        theirs = rows[(rows["site_id"] == neighbour) & (rows["patient_id"] == person)]
        if "analyte_code" in theirs and not share.has_prothrombin_time:
            theirs = theirs[theirs["analyte_code"] != "prothrombin_time"]
        return pd.concat([rows, theirs.assign(site_id=site_id, patient_id=number)], ignore_index=True)

    tables = {name: with_person(rows) for name, rows in study.tables.items()}
    shared = Study(tables, with_person(study.people), study.answers)
    return shared, PlantedDefect(
        defect_set, site_id, "", "", None, None, "", "", "the same patient at two hospitals", "same_person", "none",
        "patient", "", "",
    )  # fmt: skip


def neighbour_of(site_id: str) -> str:
    """Name the hospital from which a shared patient comes: the one before in the list of all."""
    names = [share.site_id for share in site_shares()]
    return names[names.index(site_id) - 1]
