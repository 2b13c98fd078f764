"""What adverse events are coded and graded by, as tables."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = {
    "event_synonym": "spelling VARCHAR, term VARCHAR, language VARCHAR, source VARCHAR, reviewer VARCHAR",
    "event_word": "kind VARCHAR, place VARCHAR, word VARCHAR, meaning VARCHAR, source VARCHAR",
    "event_category": "category VARCHAR, term VARCHAR, counts_if VARCHAR, source VARCHAR",
    "event_measure": (
        "measure VARCHAR, unit VARCHAR, compared VARCHAR, lowest DECIMAL(9,3), highest DECIMAL(9,3), source VARCHAR"
    ),
    "event_criterion": (
        "term VARCHAR, measure VARCHAR, grade SMALLINT, comparator VARCHAR, limit_value DECIMAL(9,3), "
        "hours_above DECIMAL(9,3), criterion VARCHAR, source VARCHAR"
    ),
    "event_translation": (
        "version VARCHAR, term VARCHAR, grade SMALLINT, is_same BOOLEAN, reason VARCHAR, source VARCHAR"
    ),
}


def upgrade() -> None:
    """Make the tables."""
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE reference.{name} ({columns})")


def downgrade() -> None:
    """Remove them."""
    for name in TABLES:
        op.execute(f"DROP TABLE reference.{name}")
