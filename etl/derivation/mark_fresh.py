"""Record for which files loads and derivations were found fresh; without a change nothing is written."""

from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING

from etl.derivation.freshness import TYPED, stale_derivations, typed, typed_of_site
from etl.loads.books import current_load, read_ingredients, write_ingredients
from etl.report.fingerprint import PART, are_reports_marked, write_reports_fingerprint
from etl.settings import Settings
from warehouse.errors import HccError
from warehouse.file.connect import raw_connection
from warehouse.file.draft import Draft
from warehouse.fingerprint import read_derived, write_derived

if TYPE_CHECKING:
    import duckdb


def mark_fresh(draft: Draft, settings: Settings, sites: Collection[str], *, are_reports_written: bool) -> bool:
    """Write down that, for the files as they are now, loads of these sites and all derivations were found to be fresh.

    Args:
        draft: the held warehouse.
        settings: where mappings and studies lie.
        sites: hospitals whose load and assessment are up to date.
        are_reports_written: every report is being written by the present programs.

    Returns:
        whether the reports are marked as written by the present programs and were not before.
    """
    with raw_connection(draft.engine) as con:
        stale_sites = [site_id for site_id in sites if not _is_marked(con, settings, site_id)]
        marks_reports = are_reports_written and not are_reports_marked(con)
        is_derived_marked = (read_derived(con, TYPED) or ("",))[0] == typed(settings)
        marks_derived = marks_reports or (not is_derived_marked and not stale_derivations(con, settings))
        if not stale_sites and not marks_derived:
            return False
    with raw_connection(draft.write()) as con:
        for site_id in stale_sites:
            load = current_load(con, site_id)
            assert load is not None, "a site without a load is never stale"
            write_ingredients(con, load.load_id, {TYPED: typed_of_site(settings, site_id)})
        if marks_reports:
            write_reports_fingerprint(con)
        if marks_derived and not stale_derivations(con, settings):
            write_derived(con, TYPED, fingerprint=typed(settings))
    return marks_reports


def unmark_reports(draft: Draft) -> None:
    """Write down that the reports are not those of the present programs, since writing them failed.

    Where that cannot be written either, the failure alone counts.
    """
    with suppress(HccError, OSError):
        with raw_connection(draft.write()) as con:
            write_derived(con, PART, fingerprint="none: writing them failed")
            con.execute("DELETE FROM audit.derived WHERE part = ?", [TYPED])
        draft.publish()


def _is_marked(con: "duckdb.DuckDBPyConnection", settings: Settings, site_id: str) -> bool:
    load = current_load(con, site_id)
    return load is None or read_ingredients(con, load.load_id).get(TYPED) == typed_of_site(settings, site_id)
