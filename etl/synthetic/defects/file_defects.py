"""Defects of whole files, each in a delivery of its own."""

from pathlib import Path

from etl.synthetic.defects.answer_key import PlantedDefect
from etl.synthetic.defects.delivery_copy import copy_delivery, count_in_manifest, find_file, forget_manifest
from etl.synthetic.defects.kinds import DefectPlan, FileDefect
from etl.synthetic.delivery_folder import seal_delivery


def write_file_defects(
    folder: Path, site_id: str, clean: Path, *, plan: DefectPlan
) -> tuple[list[Path], list[PlantedDefect]]:
    """Write one delivery for each defect of a whole file."""
    made = [_write(folder, site_id, clean, defect) for defect in plan.files]
    return [path for path, _ in made], [answer for _, answer in made]


def _write(folder: Path, site_id: str, clean: Path, defect: FileDefect) -> tuple[Path, PlantedDefect]:
    delivery = copy_delivery(folder, defect.defect_set, site_id, clean)
    path = find_file(delivery, defect.file)
    counts = count_in_manifest(delivery)
    record = defect.spoil(path)
    if defect.manifest == "none":
        forget_manifest(delivery)
    elif defect.manifest == "fits":
        seal_delivery(delivery, counts | {path.name: counts[path.name] + (record > 0)})
    return delivery, PlantedDefect(
        defect.defect_set, site_id, path.name, record or None, record + 1 if record else None, defect.column,
        defect.kind, defect.rule, defect.cost, defect.table, "", "",
    )  # fmt: skip
