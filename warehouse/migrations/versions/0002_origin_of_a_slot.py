"""Where a value comes from may differ from part to part and from slot to slot.

Rows written before keep both empty: they hold for every part and slot, as they did.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COLUMNS = ("part", "slot")


def upgrade() -> None:
    """Say of which part and slot an origin speaks."""
    for column in COLUMNS:
        op.execute(f"ALTER TABLE audit.column_origin ADD COLUMN {column} SMALLINT")


def downgrade() -> None:
    """Forget it; an origin that holds for one slot alone would be reported of all, so it goes."""
    op.execute("DELETE FROM audit.column_origin WHERE slot IS NOT NULL")
    for column in reversed(COLUMNS):
        op.execute(f"ALTER TABLE audit.column_origin DROP COLUMN {column}")
