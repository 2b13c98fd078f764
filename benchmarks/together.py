"""Time all hospitals in one process, as `hcc ingest-all` runs them in a new folder; imports excluded."""

from benchmarks.measure import Stopwatch, import_everything, read_arguments, tell
from etl.settings import Settings


def together(settings: Settings) -> dict[str, object]:
    """Bring in every delivery under raw/; report seconds, steps, peak memory, hospitals and records.

    Steps bear no hospital's name here, so that those of all hospitals add up.
    """
    from etl.ingest_all.run import ingest_all
    from warehouse.file.connect import open_warehouse, raw_connection

    stopwatch = _WithoutNames("Reading the mapping")
    sites = sorted(folder.name for folder in settings.raw_dir.iterdir())
    ends = ingest_all(sites, settings=settings, progress=stopwatch)
    measured = stopwatch.stop()
    for end in ends:
        if end.ending != "published":
            raise SystemExit(f"{end.site_id} {end.ending}: {end.error}")
    engine = open_warehouse(settings.warehouse_path, read_only=True)
    with raw_connection(engine) as con:
        ((records,),) = con.execute("SELECT sum(record_count)::BIGINT FROM audit.source_file").fetchall()
    engine.dispose()
    return measured | {"records": records, "hospitals": len(ends)}


class _WithoutNames(Stopwatch):
    def begin(self, label: str, total: int | None = None) -> None:
        super().begin(label.rpartition(": ")[2], total)


if __name__ == "__main__":
    arguments = read_arguments("Time all hospitals in one process.")
    import_everything(with_expectations=True)
    tell(together(arguments))
