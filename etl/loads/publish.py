"""Publish loads, roll back to earlier ones, and prune old ones; the books of loads are `etl.loads.books`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb

from etl.loads.acceptance import write_acceptance
from etl.loads.books import Load, current_load, delete_rows, previous_load, read_load, read_loads
from warehouse.errors import NotFoundError, RefusedError
from warehouse.file.transaction import transaction
from warehouse.fingerprint import utc_now
from warehouse.views.refresh import refresh


@dataclass(frozen=True)
class Published:
    """A load has become its site's current one."""

    load: Load
    replaced: Load | None


@dataclass(frozen=True)
class RolledBack:
    """A site shows another load again."""

    withdrawn: Load
    current: Load

    @property
    def crossed_revision(self) -> bool:
        """Whether the current load was written under another revision; its rows were carried forward by migration."""
        return self.withdrawn.schema_revision != self.current.schema_revision

    @property
    def sentence(self) -> str:
        """What happened, for the terminal."""
        stays = (
            ""
            if self.withdrawn.delivery_id == self.current.delivery_id
            else f" It stays away until a newer delivery comes, or it is named: hcc ingest {self.current.site_id} "
            f"--delivery {self.withdrawn.delivery}."
        )
        carried = (
            f" Load {self.current.load_id} was written under revision {self.current.schema_revision} of the warehouse; "
            f"its rows were carried forward to the present one, and columns added since are empty in it."
            if self.crossed_revision
            else ""
        )
        return (
            f"{self.current.site_id} shows load {self.current.load_id} (delivery {self.current.delivery}) again; "
            f"load {self.withdrawn.load_id} (delivery {self.withdrawn.delivery}) is withdrawn.{stays}{carried}"
        )


def publish(con: duckdb.DuckDBPyConnection, load_id: int, *, assessment: str | None = None) -> Published:
    """Publish one load; see `publish_together`."""
    (published,) = publish_together(con, {load_id: assessment})
    return published


def publish_together(
    con: duckdb.DuckDBPyConnection, assessments: Mapping[int, str | None], *, accepted: Collection[int] = ()
) -> tuple[Published, ...]:
    """Make staged loads their sites' current ones and rebuild `clinical` and `analysis`, all in one transaction.

    Args:
        con: a connection without an open transaction.
        assessments: by staged load `clean` or `with_failures`; None leaves what is on record.
        accepted: the loads that a person accepted now; what they refuse is written down as accepted.

    Raises:
        NotFoundError: a load is not staged.
        ViewError: a view cannot be built; nothing is published.
    """
    loads = [read_load(con, load_id) for load_id in assessments]
    for load in loads:
        if load.state != "staged":
            raise NotFoundError(
                f"Load {load.load_id} of {load.site_id} is {load.state}, not staged; only a staged load can be published."
            )
    replaced = [current_load(con, load.site_id) for load in loads]
    with transaction(con):
        for load in loads:
            con.execute(
                "UPDATE audit.load SET state = 'published', published_at = ?, assessment = coalesce(?, assessment) "
                "WHERE load_id = ?",
                [utc_now(), assessments[load.load_id], load.load_id],
            )
            if load.load_id in accepted:
                write_acceptance(con, load)
            _point_to(con, load)
        refresh(con)
    return tuple(Published(read_load(con, load.load_id), before) for load, before in zip(loads, replaced, strict=True))


def roll_back(con: duckdb.DuckDBPyConnection, site_id: str, *, to: int | None = None) -> RolledBack:
    """Withdraw what a site shows and show another load; one transaction with the views.

    Without `to` the newest load of the delivery that was shown before is shown, and every load of the present delivery is
    withdrawn. The delivery that is left is not brought in again until it is named.

    Args:
        con: a connection without an open transaction.
        site_id: the hospital.
        to: a load of the hospital that is still kept; it may be one of the same delivery, or a withdrawn one.

    Raises:
        NotFoundError: the site has no load, none of an earlier delivery, or not the one that is named.
    """
    current = current_load(con, site_id)
    if current is None:
        raise NotFoundError(f"{site_id} has no published load; there is nothing to roll back.")
    target = _earlier_delivery(con, current) if to is None else _named(con, current, to)
    with transaction(con):
        if target.delivery_id == current.delivery_id:
            con.execute("UPDATE audit.load SET state = 'withdrawn' WHERE load_id = ?", [current.load_id])
        else:
            con.execute(
                "UPDATE audit.load SET state = 'withdrawn' WHERE delivery_id = ? AND state = 'published'",
                [current.delivery_id],
            )
            con.execute(
                "UPDATE audit.delivery SET withdrawn_at = ? WHERE delivery_id = ?", [utc_now(), current.delivery_id]
            )
        con.execute("UPDATE audit.load SET state = 'published' WHERE load_id = ?", [target.load_id])
        _point_to(con, target)
        refresh(con)
    return RolledBack(read_load(con, current.load_id), read_load(con, target.load_id))


def prune(con: duckdb.DuckDBPyConnection, keep: int) -> tuple[Load, ...]:
    """Remove old loads: of each site `keep` deliveries stay, the shown one and the newest others, with one load each.

    Of the shown delivery the shown load stays, of another its newest. Withdrawn loads go, and refused ones that are older
    than the current one. Their rows in `audit.load` stay, `pruned`. Deleted rows are gone from every answer but not from
    the file: `warehouse.file.draft.Draft.compact` erases them.

    Args:
        con: a connection without an open transaction.
        keep: how many deliveries each site keeps; at least one.

    Raises:
        ValueError: `keep` is less than one.
    """
    if keep < 1:
        raise ValueError(f"keep must be at least 1, not {keep}")
    removed = tuple(read_loads(con, _PRUNABLE, keep))
    with transaction(con):
        for load in removed:
            remove_load(con, load.load_id, state="pruned")
    return removed


_PRUNABLE = """
load_id IN (
    WITH newest AS (
        SELECT
            load.load_id,
            load.site_id,
            coalesce(load.load_id = site.current_load_id, FALSE) AS is_current
        FROM audit.load AS load INNER JOIN audit.site AS site ON load.site_id = site.site_id
        WHERE load.state = 'published'
        QUALIFY row_number() OVER (
            PARTITION BY load.site_id, coalesce(load.delivery_id, -load.load_id) ORDER BY is_current DESC, load.load_id DESC
        ) = 1
    ),

    kept AS (
        SELECT load_id FROM newest
        QUALIFY row_number() OVER (PARTITION BY site_id ORDER BY is_current DESC, load_id DESC) <= ?
    )

    SELECT load_id FROM audit.load WHERE state = 'published' AND load_id NOT IN (SELECT load_id FROM kept)
    UNION ALL
    SELECT load.load_id FROM audit.load AS load INNER JOIN audit.site AS site ON load.site_id = site.site_id
    WHERE (load.state = 'refused' AND load.load_id < site.current_load_id) OR load.state = 'withdrawn'
)
ORDER BY load_id
"""


def discard_orphans(con: duckdb.DuckDBPyConnection, *, keep: Collection[int] = ()) -> tuple[Load, ...]:
    """Remove loads that were staged and never published. Their row in `audit.load` stays, `abandoned`.

    A run over many hospitals leaves them when one of its hospitals fails; a killed run of a version of this program
    that wrote to the warehouse itself has left them, too. The caller holds the warehouse's lock, so no living run but
    its own owns a staged load; those in `keep` stay.
    """
    orphans = tuple(read_loads(con, "state IN ('staging', 'staged') AND NOT list_contains(?, load_id)", list(keep)))
    with transaction(con):
        for orphan in orphans:
            remove_load(con, orphan.load_id, state="abandoned")
    return orphans


def has_orphans(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether there is a load that was staged and never published."""
    return any(read_loads(con, "state IN ('staging', 'staged')"))


def remove_load(con: duckdb.DuckDBPyConnection, load_id: int, *, state: str) -> None:
    """Remove everything of a load but its row in `audit.load`, which takes the state given."""
    delete_rows(con, load_id)
    for table in ("finding", "quarantined_row", "set_aside", "raw_record", "expectation_result"):
        con.execute(f"DELETE FROM quality.{table} WHERE load_id = ?", [load_id])
    for table in ("source_column", "source_label", "record_run"):
        con.execute(
            f"DELETE FROM audit.{table} WHERE source_id IN (SELECT source_id FROM audit.source_file WHERE load_id = ?)",
            [load_id],
        )
    for table in ("ledger", "ledger_rule", "column_origin", "source_file", "ingredient"):
        con.execute(f"DELETE FROM audit.{table} WHERE load_id = ?", [load_id])
    con.execute("UPDATE audit.load SET state = ? WHERE load_id = ?", [state, load_id])


def current_fingerprints(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Read the fingerprints of the loads that the sites show."""
    return frozenset(
        load.fingerprint for load in read_loads(con, "load_id IN (SELECT current_load_id FROM audit.site)")
    )


def check_not_mixed(con: duckdb.DuckDBPyConnection, site_id: str, *, is_synthetic: bool) -> None:
    """Refuse synthetic data in a warehouse of real data, and the reverse: `analysis` would mix them.

    Raises:
        RefusedError: a load of any site, published or about to be, is of the other kind.
    """
    kind, other = ("synthetic", "real") if is_synthetic else ("real", "synthetic")
    of_other_kind = f"state IN ('staged', 'published') AND is_synthetic = {not is_synthetic} ORDER BY load_id LIMIT 1"
    present = next(read_loads(con, of_other_kind), None)
    if present is not None:
        raise RefusedError(
            f"{site_id}: this delivery is {kind}, and the warehouse holds {other} data ({present.site_id}, load "
            f"{present.load_id}). Ingest it into another warehouse: set HCC_DATA_DIR."
        )


def _point_to(con: duckdb.DuckDBPyConnection, load: Load) -> None:
    """Show a load; its delivery is then no longer withdrawn."""
    con.execute("UPDATE audit.site SET current_load_id = ? WHERE site_id = ?", [load.load_id, load.site_id])
    con.execute("UPDATE audit.delivery SET withdrawn_at = NULL WHERE delivery_id = ?", [load.delivery_id])


def _earlier_delivery(con: duckdb.DuckDBPyConnection, current: Load) -> Load:
    """Find the load of the delivery that was shown before, or before that where its rows are pruned or withdrawn."""
    seen = {current.delivery_id}
    load: Load | None = current
    while load is not None and load.previous_delivery_id is not None and load.previous_delivery_id not in seen:
        seen.add(load.previous_delivery_id)
        target = previous_load(con, load.load_id)
        if target is not None:
            return target
        of_delivery = "delivery_id = ? ORDER BY load_id DESC LIMIT 1"
        load = next(read_loads(con, of_delivery, load.previous_delivery_id), None)
    raise NotFoundError(
        f"{current.site_id} has only load {current.load_id} (delivery {current.delivery}); there is no earlier delivery "
        "to go back to. Ingest a corrected delivery instead."
    )


def _named(con: duckdb.DuckDBPyConnection, current: Load, to: int) -> Load:
    kept = "site_id = ? AND load_id <> ? AND state IN ('published', 'withdrawn') ORDER BY load_id"
    loads = {load.load_id: load for load in read_loads(con, kept, current.site_id, current.load_id)}
    if to not in loads:
        there = ", ".join(f"{load.load_id} (delivery {load.delivery})" for load in loads.values()) or "none"
        raise NotFoundError(
            f"{current.site_id} cannot go back to load {to}. It shows load {current.load_id}; others that are kept: {there}."
        )
    return loads[to]
