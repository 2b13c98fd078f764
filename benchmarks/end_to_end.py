"""Time a whole ingest, from the delivery to the report, as `hcc ingest` runs it in a new folder; imports excluded."""

from benchmarks.measure import SITE, Stopwatch, import_everything, read_arguments, tell
from etl.settings import Settings


def end_to_end(settings: Settings) -> dict[str, object]:
    """Ingest the site's delivery into a new warehouse; report seconds, steps, peak memory and laboratory records."""
    from etl.pipeline import ingest
    from warehouse.file.connect import open_warehouse, raw_connection

    stopwatch = Stopwatch("Reading the mapping")
    outcome = ingest(SITE, settings=settings, progress=stopwatch)
    measured = stopwatch.stop()
    engine = open_warehouse(settings.warehouse_path, read_only=True)
    with raw_connection(engine) as con:
        ((records,),) = con.execute("SELECT count(*) FROM current.lab_result").fetchall()
    engine.dispose()
    return measured | {"records": records, "assessment": outcome.assessment}


if __name__ == "__main__":
    arguments = read_arguments("Time a whole ingest.")
    import_everything(with_expectations=True)
    tell(end_to_end(arguments))
