"""What changed between a site's last delivery and this one, though it should not: units, scales, codes.

A delivery is a full snapshot, so most of its values were in the last one, too; what follows looks at the columns as
wholes, in the engine, and writes one finding for each quantity or column.
"""

import math
from collections.abc import Iterator, Mapping

import duckdb

from etl.findings import rules_found_by
from etl.quality.observed import Observed, keep_observed
from etl.quality.same_values import read_moves
from etl.quality.scale import (
    Quantity,
    Scale,
    Step,
    find_step,
    is_leap,
    read_scales,
    read_steps,
    show_number,
    show_ratio,
)
from etl.quality.shares import Share, read_code_shares, read_unit_shares

MOST_UNIT_SHIFT = 0.2
"""Share of an analyte's results that may come in another unit than last time: a second device is no change of unit."""

MOST_CODE_SHIFT = 0.25
"""Share of a column's rows that may bear another code than last time; between like deliveries a tenth was never seen."""

LEAST_EXPECTED = 20
"""A code has vanished when so many rows of it were to be expected and none came: chance would do it once in e^20."""

LEAST_ROWS = 30
"""With fewer rows on either side a share says little."""


def find_changes(con: duckdb.DuckDBPyConnection, load_id: int, *, previous_load_id: int | None) -> int:
    """Write a quality.finding for everything that changed against the site's last published load; return how many.

    Findings of an earlier look at the same load are replaced. Runs inside the caller's transaction.
    """
    observed = [] if previous_load_id is None else list(_observe(con, load_id, previous_load_id))
    return keep_observed(con, observed, load_id=load_id, replaces=rules_found_by("changes"))


def _observe(con: duckdb.DuckDBPyConnection, now: int, before: int) -> Iterator[Observed]:
    yield from _units(con, now, before)
    yield from _scales(con, now, before)
    yield from _codes(con, now, before)


def _units(con: duckdb.DuckDBPyConnection, now: int, before: int) -> Iterator[Observed]:
    shares = read_unit_shares(con, (now, before))
    for quantity, of_now in shares.get(now, {}).items():
        of_before = shares.get(before, {}).get(quantity)
        if of_before and _enough(of_now, of_before) and _moved(of_now, of_before) > MOST_UNIT_SHIFT:
            yield Observed(
                "unit_changed",
                quantity.table,
                quantity.column,
                f"{quantity.words} comes in {_list(of_now)}",
                f"in {_list(of_before)}",
            )


def _scales(con: duckdb.DuckDBPyConnection, now: int, before: int) -> Iterator[Observed]:
    """Compare what the same patients had on the same days, and where that shows nothing the medians of all values.

    A median that moved is one finding, whatever shows it: the step of a unit, or a leap that no unit explains.
    """
    scales, steps, moves = read_scales(con, (now, before)), read_steps(con), read_moves(con, now, before)
    for quantity, of_now in scales.get(now, {}).items():
        of_before = scales.get(before, {}).get(quantity)
        move = moves.get(quantity)
        if move is not None and (step := find_step(move, quantity, steps, log_error=0.0, near=math.log(1.05))):
            yield _moved_scale(quantity, of_now, of_before or of_now, step=step, log_ratio=move)
        elif of_before is not None:
            log_ratio = of_now.log_median - of_before.log_median
            log_error = math.hypot(of_now.log_error, of_before.log_error)
            step = find_step(log_ratio, quantity, steps, log_error=log_error)
            if step or is_leap(log_ratio, log_error=log_error):
                yield _moved_scale(quantity, of_now, of_before, step=step, log_ratio=log_ratio)


def _moved_scale(quantity: Quantity, now: Scale, before: Scale, *, step: Step | None, log_ratio: float) -> Observed:
    reason = f"{step.words} (x {show_number(step.factor)})" if step else "no step between units that are known"
    return Observed(
        "scale_changed",
        quantity.table,
        quantity.column,
        f"the median of {quantity.words} is {now.words} ({now.values:,} values), {show_ratio(log_ratio)}: {reason}",
        f"{before.words} ({before.values:,} values)",
    )


def _codes(con: duckdb.DuckDBPyConnection, now: int, before: int) -> Iterator[Observed]:
    shares = read_code_shares(con, (now, before))
    for quantity, of_now in shares.get(now, {}).items():
        of_before = shares.get(before, {}).get(quantity)
        if of_before and _enough(of_now, of_before) and (codes := _turned(of_now, of_before)):
            of = f" of {quantity.words}" if quantity.kind else ""
            yield Observed(
                "codes_changed",
                quantity.table,
                quantity.column,
                f"the codes{of} are {_list(of_now, only=codes)}",
                _list(of_before, only=codes),
            )


def _enough(*shares: Share) -> bool:
    return all(share.rows >= LEAST_ROWS for share in shares)


def _moved(now: Share, before: Share) -> float:
    """Return what share of the rows bears another value than before."""
    values = now.counts.keys() | before.counts.keys()
    return sum(abs(now.part(value) - before.part(value)) for value in values) / 2


def _turned(now: Share, before: Share) -> list[str]:
    """Name the codes that vanished, appeared, or took far more or fewer of the rows than before."""
    return sorted(
        code
        for code in now.counts.keys() | before.counts.keys()
        if abs(now.part(code) - before.part(code)) > MOST_CODE_SHIFT
        or (code not in now.counts and before.part(code) * min(now.rows, before.rows) >= LEAST_EXPECTED)
        or (code not in before.counts and now.part(code) * min(now.rows, before.rows) >= LEAST_EXPECTED)
    )


def _list(share: Share, *, only: list[str] | None = None) -> str:
    """Write the shares, the greatest first: `g/dL 98 %, g/L 2 % of 1,203`."""
    shown: Mapping[str, int] = share.counts if only is None else {code: share.counts.get(code, 0) for code in only}
    ordered = sorted(shown.items(), key=lambda item: -item[1])
    parts = [f"{value} {100 * share.part(value):.0f} %" for value, _ in ordered]
    return f"{', '.join(parts)} of {share.rows:,}"
