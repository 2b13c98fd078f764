"""Add core.lesion.has_malignant_cells.

Drafted by comparing the model with a new warehouse: say here why, and what the existing rows should hold.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what the model has."""
    op.execute("ALTER TABLE core.lesion ADD COLUMN has_malignant_cells BOOLEAN")


def downgrade() -> None:
    """Make it as it was."""
    op.execute("ALTER TABLE core.lesion DROP COLUMN has_malignant_cells")
