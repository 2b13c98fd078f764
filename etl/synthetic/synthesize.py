"""Make synthetic deliveries: the study's truth, written as each hospital would export it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from etl.errors import NotFoundError
from etl.progress import Progress, Silent
from etl.synthetic.defects.plant import write_defective_deliveries
from etl.synthetic.delivery_folder import new_delivery, seal_delivery
from etl.synthetic.hospital import export
from etl.synthetic.hospitals import find_hospital, hospital_names
from etl.synthetic.truth.study import Study, draw_studies, draw_study

DEFAULT_SEED = 2021


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
    # One replica is drawn once for all hospitals; more would not fit into memory together, and are drawn one by one.
    drawn = tuple(draw_studies(seed, scale=scale)) if scale <= 1 else None
    made = []
    for site_id in sites:
        studies = draw_studies(seed, scale=scale) if drawn is None else drawn
        made.append(_make_delivery(raw_dir, site_id, studies))
        progress.advance(1)
    if defects:
        made += write_defective_deliveries(raw_dir / "defects", sites=sites, study=draw_study(seed), seed=seed)
    return made


def _check_site(site_id: str) -> None:
    if site_id not in hospital_names():
        raise NotFoundError(f"'{site_id}' has no synthetic export. Name one of: {', '.join(hospital_names())}.")


def _make_delivery(raw_dir: Path, site_id: str, studies: Iterable[Study]) -> Path:
    hospital = find_hospital(site_id)
    folder = raw_dir / site_id / hospital.delivery
    with new_delivery(folder) as partial:
        seal_delivery(partial, export(hospital, partial, studies))
    return folder
