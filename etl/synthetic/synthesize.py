"""Make synthetic deliveries: the study's truth, written as each hospital would export it."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from math import ceil
from pathlib import Path

from etl.synthetic.defects.plant import write_defective_deliveries
from etl.synthetic.delivery_folder import new_delivery, seal_delivery
from etl.synthetic.hospital import DeliveryWriter, Hospital
from etl.synthetic.hospitals import find_hospital, hospital_names
from etl.synthetic.truth.study import draw_studies, draw_study
from warehouse.errors import NotFoundError
from warehouse.progress import Progress, Silent

DEFAULT_SEED = 2021


def synthesize(
    raw_dir: Path,
    *,
    sites: Sequence[str] = (),
    seed: int = DEFAULT_SEED,
    scale: float = 1.0,
    defects: bool = False,
    progress: Progress | None = None,
) -> list[Path]:
    """Make one clean delivery per hospital, and on request deliveries with planted defects next to them.

    Args:
        raw_dir: gets <site>/<delivery>/ for each hospital; a synthetic delivery of that name is replaced.
        sites: the hospitals; all when empty.
        seed: the same seed makes the same files, byte by byte.
        scale: how many times the study's patients. Text files grow piece by piece, so memory does not grow with them;
            a workbook and a statistics file are held until they are whole.
        defects: also write raw_dir/defects/<name>/<site>/<delivery>/ for every set of defects, and
            raw_dir/defects/answer_key.csv.
        progress: is notified of every hospital.

    Returns:
        the folders of the deliveries.

    Raises:
        NotFoundError: a hospital has no exporter.
        RefusedError: a folder in the way is not a synthetic delivery.
    """
    progress = progress or Silent()
    sites = tuple(sites) or hospital_names()
    for site_id in sites:
        _check_site(site_id)
    progress.begin("Making synthetic deliveries", len(sites) * ceil(scale))
    made = [raw_dir / site_id / find_hospital(site_id).delivery for site_id in sites]
    with ExitStack() as stack:
        writers = {
            site_id: stack.enter_context(_open_delivery(folder, find_hospital(site_id)))
            for site_id, folder in zip(sites, made, strict=True)
        }
        # A replica is drawn once for all hospitals, and let go before the next.
        for number, study in enumerate(draw_studies(seed, scale=scale)):
            for site_id, writer in writers.items():
                for sheet in find_hospital(site_id).render(study, number == 0):
                    writer.write(sheet)
                progress.advance(1)
    if defects:
        made += write_defective_deliveries(raw_dir / "defects", sites=sites, study=draw_study(seed), seed=seed)
    return made


def _check_site(site_id: str) -> None:
    if site_id not in hospital_names():
        raise NotFoundError(f"'{site_id}' has no synthetic export. Name one of: {', '.join(hospital_names())}.")


@contextmanager
def _open_delivery(folder: Path, hospital: Hospital) -> Iterator[DeliveryWriter]:
    """Lend the writer of a delivery; at the end its files are closed, counted in the manifest, and given their name."""
    with new_delivery(folder) as partial:
        with hospital.open(partial) as writer:
            yield writer
        seal_delivery(partial, writer.records)
