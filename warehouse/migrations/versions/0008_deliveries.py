"""Deliveries, attempts, acceptances and chosen options as records of their own; loads know their delivery."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = {
    "delivery": (
        "delivery_id INTEGER, site_id VARCHAR, fingerprint VARCHAR, label VARCHAR, is_synthetic BOOLEAN, "
        "first_seen_at TIMESTAMP, last_seen_at TIMESTAMP, withdrawn_at TIMESTAMP"
    ),
    "ingredient": "load_id INTEGER, ingredient VARCHAR, fingerprint VARCHAR",
    "attempt": (
        "attempt_id INTEGER, attempted_at TIMESTAMP, site_id VARCHAR, delivery VARCHAR, delivery_fingerprint VARCHAR, "
        "outcome VARCHAR, exit_code SMALLINT, sentence VARCHAR, load_id INTEGER"
    ),
    "acceptance": (
        "delivery_id INTEGER, table_name VARCHAR, column_name VARCHAR, rule VARCHAR, refused BIGINT, "
        "accepted_at TIMESTAMP, accepted_by VARCHAR"
    ),
    "option_choice": "name VARCHAR, value VARCHAR, chosen_by VARCHAR, chosen_at TIMESTAMP",
}
COLUMNS = {
    "audit.load": {"delivery_id": "INTEGER", "previous_delivery_id": "INTEGER", "assessed_by": "VARCHAR"},
    "reference.study_option": {"default_value": "VARCHAR", "chosen_by": "VARCHAR", "chosen_at": "TIMESTAMP"},
}

# The same formula as etl.delivery.fingerprint, over the files that were read; a load whose files are forgotten has its label.
FILL_DELIVERIES = """
CREATE TEMP TABLE delivered AS
SELECT
    load.load_id, load.site_id, load.delivery, load.is_synthetic, load.started_at,
    coalesce(
        (
            SELECT sha256(string_agg(file || chr(9) || sha256, chr(10) ORDER BY file, sha256))
            FROM (SELECT DISTINCT file, sha256 FROM audit.source_file WHERE load_id = load.load_id)
        ),
        'folder ' || load.delivery
    ) AS fingerprint
FROM audit.load AS load;
INSERT INTO audit.delivery
SELECT
    row_number() OVER (ORDER BY min(load_id)), site_id, fingerprint, max_by(delivery, load_id),
    bool_or(is_synthetic), min(started_at), max(started_at), NULL
FROM delivered
GROUP BY site_id, fingerprint;
UPDATE audit.load SET delivery_id = (
    SELECT delivery_id FROM audit.delivery INNER JOIN delivered USING (site_id, fingerprint)
    WHERE delivered.load_id = load.load_id
);
UPDATE audit.load SET previous_delivery_id = (
    SELECT max_by(earlier.delivery_id, earlier.load_id) FROM audit.load AS earlier
    WHERE
        earlier.site_id = load.site_id AND earlier.load_id < load.load_id AND earlier.state = 'published'
        AND earlier.delivery_id <> load.delivery_id
);
UPDATE audit.delivery SET withdrawn_at = now()::TIMESTAMP
WHERE
    delivery_id IN (SELECT delivery_id FROM audit.load WHERE state = 'withdrawn')
    AND delivery_id NOT IN (SELECT delivery_id FROM audit.load WHERE state = 'published');
INSERT INTO audit.acceptance
SELECT load.delivery_id, finding.table_name, coalesce(finding.column_name, ''), finding.rule, count(*), load.published_at, NULL
FROM audit.load AS load INNER JOIN quality.finding AS finding USING (load_id)
WHERE
    load.is_accepted AND finding.cost IN ('cell', 'row')
    AND load.load_id IN (SELECT max(load_id) FROM audit.load WHERE is_accepted AND state = 'published' GROUP BY delivery_id)
GROUP BY ALL;
DROP TABLE delivered;
"""


def upgrade() -> None:
    """Make the tables and columns, and find the deliveries of the loads that are there."""
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE audit.{name} ({columns})")
    for table, added in COLUMNS.items():
        for name, kind in added.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
    for statement in FILL_DELIVERIES.split(";\n"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    """Remove them."""
    for table, added in COLUMNS.items():
        for name in added:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    for name in TABLES:
        op.execute(f"DROP TABLE audit.{name}")
