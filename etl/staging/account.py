"""One account of the ledger: ten counts that must make two balances."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True)
class Account:
    """What became of a source's records and of the rows made from them."""

    source_records: int
    contributing: int = 0
    excluded: int = 0
    unused: int = 0
    unreadable: int = 0
    produced: int = 0
    staged: int = 0
    quarantined: int = 0
    merged: int = 0
    empty_slots: int = 0

    @property
    def is_balanced(self) -> bool:
        """Both balances hold."""
        return self.records_off == 0 and self.rows_off == 0

    @property
    def records_off(self) -> int:
        """Source records that no count explains."""
        return self.source_records - self.contributing - self.excluded - self.unused - self.unreadable

    @property
    def rows_off(self) -> int:
        """Produced rows that no count explains."""
        return self.produced - self.staged - self.quarantined - self.merged - self.empty_slots


COUNTS = tuple(field.name for field in fields(Account))
"""The names of the counts, in the order of the balances."""
