"""Time the way from a delivery to a staged load, the part that the anchor is compared with.

Everything is imported and the empty warehouse is made before the clock runs. The clock then runs over what
`etl/pipeline.py` does up to the staged, committed load, the reading of the mapping included.
"""

from typing import TYPE_CHECKING

from benchmarks.measure import SITE, Stopwatch, import_everything, read_arguments, tell
from etl.settings import Settings

if TYPE_CHECKING:
    import sqlalchemy as sa


def read_to_staged(settings: Settings) -> dict[str, object]:
    """Land, map, gate and stage the site's delivery; report seconds, steps, peak memory and laboratory records."""
    from etl.loads.books import see_delivery
    from etl.receiving.receive import receive
    from etl.staging.stage import stage
    from warehouse.file.connect import open_warehouse, raw_connection
    from warehouse.model.upgrade import upgrade

    def open_ours() -> "sa.Engine":
        return open_warehouse(settings.warehouse_path, threads=settings.threads, memory_limit=settings.memory_limit)

    engine = open_ours()
    upgrade(engine)
    engine.dispose()

    stopwatch = Stopwatch("Reading the mapping")
    arrival = receive(SITE, delivery=None, accept=False, settings=settings, progress=stopwatch)
    stopwatch.begin("Opening the warehouse, compiling the mapping")
    engine = open_ours()
    with raw_connection(engine) as con:
        known = see_delivery(
            con,
            arrival.mapping.site,
            fingerprint=arrival.delivery_fingerprint,
            label=arrival.delivery.name,
            is_synthetic=arrival.delivery.is_synthetic,
        )
        staged = stage(con, arrival, delivery_id=known.delivery_id, settings=settings, progress=stopwatch)
        measured = stopwatch.stop()
        ((records,),) = con.execute("SELECT count(*) FROM core.lab_result").fetchall()
    engine.dispose()
    if staged.refusal:
        raise SystemExit(staged.refusal)
    return measured | {"records": records}


if __name__ == "__main__":
    arguments = read_arguments("Time the way from a delivery to a staged load.")
    import_everything(with_expectations=False)
    tell(read_to_staged(arguments))
