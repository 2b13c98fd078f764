"""Deliveries with planted defects, and the answer key that says what each defect must come to."""

from collections.abc import Mapping
from pathlib import Path

from etl.synthetic.defects import snuh
from etl.synthetic.defects.answer_key import ANSWER_KEY, PlantedDefect, read_answer_key, write_answer_key
from etl.synthetic.defects.file_defects import write_file_defects
from etl.synthetic.defects.kinds import DefectPlan
from etl.synthetic.defects.record_defects import write_record_defects

PLANS: dict[str, DefectPlan] = {"snuh": snuh.PLAN}
"""What is planted, by hospital."""

__all__ = ["ANSWER_KEY", "PlantedDefect", "read_answer_key", "write_defective_deliveries"]


def write_defective_deliveries(folder: Path, *, clean: Mapping[str, Path], seed: int) -> list[Path]:
    """Write defective copies of clean deliveries, and their answer key.

    Every set of defects gets a folder of its own that can serve as a folder of deliveries:
    <folder>/<set>/<site>/<delivery>/. The set `records` holds every defect of a single record; each defect of a
    whole file has a set to itself.

    Args:
        folder: gets the deliveries and answer_key.csv.
        clean: the clean delivery of each hospital.
        seed: of the choice of records.

    Returns:
        the folders of the deliveries.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    planted: list[PlantedDefect] = []
    for site_id, delivery in clean.items():
        plan = PLANS[site_id]
        for folders, defects in (
            write_record_defects(folder, site_id, delivery, plan=plan, seed=seed),
            write_file_defects(folder, site_id, delivery, plan=plan),
        ):
            made += folders
            planted += defects
    write_answer_key(folder / ANSWER_KEY, planted)
    return made
