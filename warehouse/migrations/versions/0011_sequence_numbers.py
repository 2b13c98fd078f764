"""The hospital's own number of a record where only its words distinguish a patient's records, so that two true ones are loaded.

The rows of older loads have none: they were distinguished without it.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what the model has."""
    op.execute("ALTER TABLE core.adverse_event ADD COLUMN sequence_number VARCHAR")
    op.execute("ALTER TABLE core.medical_history ADD COLUMN sequence_number VARCHAR")
    op.execute("ALTER TABLE core.medication ADD COLUMN sequence_number VARCHAR")
    op.execute("ALTER TABLE core.procedure ADD COLUMN sequence_number VARCHAR")


def downgrade() -> None:
    """Make it as it was."""
    op.execute("ALTER TABLE core.procedure DROP COLUMN sequence_number")
    op.execute("ALTER TABLE core.medication DROP COLUMN sequence_number")
    op.execute("ALTER TABLE core.medical_history DROP COLUMN sequence_number")
    op.execute("ALTER TABLE core.adverse_event DROP COLUMN sequence_number")
