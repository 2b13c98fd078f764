"""Compare a load with the other hospitals', once all of them are staged: the scale of each quantity, the filling of each column."""

import math
from collections.abc import Iterator, Sequence
from statistics import median

import duckdb

from etl.findings import rules_found_by
from etl.quality.fill_rates import find_emptier, read_fillings
from etl.quality.observed import Observed, keep_observed
from etl.quality.scale import Quantity, Scale, Steps, find_step, read_scales, read_steps, show_number, show_ratio
from etl.quality.standing_apart import LEAST_DISTANCE, LEAST_SITES
from warehouse.file.transaction import transaction


def compare_sites(con: duckdb.DuckDBPyConnection, load_ids: Sequence[int]) -> int:
    """Compare loads that are about to be published with the other sites' loads; return how many findings there are.

    The other sites' loads are those among `load_ids`, and else their current ones. One transaction; findings of an
    earlier look at the same loads are replaced.

    Args:
        con: a connection without an open transaction.
        load_ids: staged loads, at most one of each site.
    """
    shown = _shown_together(con, load_ids)
    scales, steps, fillings = read_scales(con, shown.values()), read_steps(con), read_fillings(con, shown.values())
    of_site = {site: scales.get(load_id, {}) for site, load_id in shown.items()}
    count = 0
    with transaction(con):
        for site, load_id in shown.items():
            if load_id in load_ids:
                others = [of_other for other, of_other in of_site.items() if other != site]
                observed = [
                    found
                    for quantity, scale in of_site[site].items()
                    for found in _differs(
                        quantity, scale, [each[quantity] for each in others if quantity in each], steps
                    )
                ]
                elsewhere = [fillings.get(other, {}) for other_site, other in shown.items() if other_site != site]
                observed += find_emptier(fillings.get(load_id, {}), elsewhere)
                count += keep_observed(con, observed, load_id=load_id, replaces=rules_found_by("sites"))
    return count


def _shown_together(con: duckdb.DuckDBPyConnection, load_ids: Sequence[int]) -> dict[str, int]:
    """Return by site which load will be shown once these are published."""
    rows = con.execute(
        "SELECT site_id, current_load_id FROM audit.site WHERE current_load_id IS NOT NULL "
        "UNION ALL SELECT site_id, load_id FROM audit.load WHERE list_contains(?, load_id)",
        [list(load_ids)],
    ).fetchall()
    return dict(rows)


def _differs(quantity: Quantity, scale: Scale, others: Sequence[Scale], steps: Steps) -> Iterator[Observed]:
    if len(others) < LEAST_SITES:
        return
    middle = median(other.log_median for other in others)
    spread = sum(abs(other.log_median - middle) for other in others) / len(others)
    log_ratio = scale.log_median - middle
    if abs(log_ratio) < LEAST_DISTANCE * spread:
        return
    if step := find_step(log_ratio, quantity, steps, log_error=scale.log_error):
        unit = "" if scale.unit == "1" else f" {scale.unit}"
        yield Observed(
            "scale_differs",
            quantity.table,
            quantity.column,
            f"the median of {quantity.words} is {scale.words} ({scale.values:,} values), "
            f"{show_ratio(log_ratio)} as in the other hospitals: {step.words} (x {show_number(step.factor)})",
            f"{show_number(math.exp(middle))}{unit} in {len(others)} other hospitals",
        )
