"""Make synthetic deliveries: the study's truth, written as each hospital would export it."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from etl.delivery import SYNTHETIC_MARK
from etl.errors import NotFoundError, RefusedError
from etl.manifest import MANIFEST_NAME
from etl.progress import Progress, Silent
from etl.synthetic.exporters import EXPORTERS
from etl.synthetic.truth.study import draw_studies

DEFAULT_SEED = 2021

_MARK_TEXT = """\
SYNTHETIC DATA. Every patient, name, number, date and value in this folder was made up by a program.
Nothing in it comes from a real person or from the hospital whose export it imitates.

합성 자료입니다. 이 폴더의 모든 환자, 이름, 번호, 날짜, 수치는 프로그램이 지어낸 것이며,
실제 환자나 해당 병원의 자료가 아닙니다.
"""


def synthesize(
    raw_dir: Path,
    *,
    sites: Sequence[str],
    seed: int = DEFAULT_SEED,
    scale: float = 1.0,
    defects: bool = False,
    progress: Progress | None = None,
) -> list[Path]:
    """Make one clean delivery per hospital, and on request deliveries with planted defects beside them.

    Args:
        raw_dir: gets <site>/<delivery>/ for each hospital; a synthetic delivery of that name is replaced.
        sites: the hospitals.
        seed: the same seed makes the same files, byte by byte.
        scale: how many times the study's patients; memory does not grow with it.
        defects: also write raw_dir/defects/<name>/<site>/<delivery>/ for every set of defects, and
            raw_dir/defects/answer_key.csv.
        progress: is told of every hospital.

    Returns:
        the folders of the deliveries.

    Raises:
        NotFoundError: a hospital has no exporter.
        RefusedError: a folder in the way is not a synthetic delivery.
    """
    progress = progress or Silent()
    for site_id in sites:
        _check_site(site_id)
    progress.begin("Making synthetic deliveries", len(sites))
    made = []
    for site_id in sites:
        made.append(_make_delivery(raw_dir, site_id, seed=seed, scale=scale))
        progress.advance(1)
    if defects:
        from etl.synthetic.defects import write_defective_deliveries

        made += write_defective_deliveries(raw_dir / "defects", clean=dict(zip(sites, made, strict=True)), seed=seed)
    return made


def seal_delivery(folder: Path, records: dict[str, int]) -> None:
    """Mark a delivery as synthetic, and state the records and hash of its files in its manifest."""
    (folder / SYNTHETIC_MARK).write_text(_MARK_TEXT, encoding="utf-8")
    claims = {}
    for name in sorted(records):
        with (folder / name).open("rb") as file:
            claims[name] = {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "records": records[name]}
    text = json.dumps({"files": claims}, ensure_ascii=False, indent=1)
    (folder / MANIFEST_NAME).write_text(text + "\n", encoding="utf-8")


def put_in_place(partial: Path, folder: Path) -> None:
    """Give a finished delivery its name; an older synthetic one of that name goes.

    Raises:
        RefusedError: what is there was not made by this program.
    """
    if folder.exists():
        _check_synthetic(folder)
        shutil.rmtree(folder)
    partial.rename(folder)


def _check_site(site_id: str) -> None:
    if site_id not in EXPORTERS:
        raise NotFoundError(f"'{site_id}' has no synthetic export. Name one of: {', '.join(sorted(EXPORTERS))}.")


def _check_synthetic(folder: Path) -> None:
    if folder.exists() and not (folder / SYNTHETIC_MARK).is_file():
        raise RefusedError(
            f"{folder} is there and holds no {SYNTHETIC_MARK}, so it may be real. "
            f"Nothing was written; move it away, or name another folder."
        )


def _make_delivery(raw_dir: Path, site_id: str, *, seed: int, scale: float) -> Path:
    exporter = EXPORTERS[site_id]
    folder = raw_dir / site_id / exporter.delivery
    _check_synthetic(folder)
    partial = folder.with_name(f".{exporter.delivery}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    seal_delivery(partial, exporter.export(partial, draw_studies(seed, scale=scale)))
    put_in_place(partial, folder)
    return folder
