"""The cells of a refused record are kept once, and not again for every row that was refused of it."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

RAW_OF = (
    "raw.load_id = refused.load_id AND raw.source_id = refused.source_id AND raw.source_record = refused.source_record"
)


def upgrade() -> None:
    """Move the cells of each record into a table of their own."""
    op.execute(
        "CREATE TABLE quality.raw_record (load_id INTEGER, source_id INTEGER, source_record BIGINT, raw VARCHAR)"
    )
    op.execute(
        "INSERT INTO quality.raw_record SELECT load_id, source_id, source_record, any_value(raw) "
        "FROM quality.quarantined_row GROUP BY ALL HAVING any_value(raw) IS NOT NULL"
    )
    op.execute("ALTER TABLE quality.quarantined_row DROP COLUMN raw")


def downgrade() -> None:
    """Write the cells of every quarantined row again."""
    op.execute("ALTER TABLE quality.quarantined_row ADD COLUMN raw VARCHAR")
    op.execute(
        f"UPDATE quality.quarantined_row AS refused SET raw = raw.raw FROM quality.raw_record AS raw WHERE {RAW_OF}"
    )
    op.execute("DROP TABLE quality.raw_record")
