"""The audit and quality tables: which load came from which delivery, and what was found in it."""

from typing import Any

import sqlalchemy as sa


def audit_tables(metadata: sa.MetaData) -> None:
    """Add audit.*: sites, deliveries, attempts, loads, files, the ledger, and what was derived from them."""
    _delivery_tables(metadata)
    sa.Table(
        "site",
        metadata,
        _column("site_id", sa.String, "Short name of the hospital, as in site_mappings/."),
        _column("hospital", sa.String, "Full name of the hospital."),
        _column(
            "current_load_id",
            sa.Integer,
            "The load that `current`, `clinical` and `analysis` show; NULL before the first.",
        ),
        _column(
            "key_fingerprint", sa.String, "Tells the key of the site's pseudonyms from others, without telling it."
        ),
        schema="audit",
        comment="One row per hospital.",
    )
    sa.Table(
        "load",
        metadata,
        _column("load_id", sa.Integer, "Number of the load, never given twice."),
        _column("site_id", sa.String, "The hospital."),
        _column("delivery", sa.String, "Folder name of the delivery."),
        _column(
            "state",
            sa.String,
            "staging, staged, published, refused, withdrawn (rolled back), abandoned (killed) or pruned.",
        ),
        _column(
            "fingerprint",
            sa.String,
            "SHA-256 of everything that its rows depend on (audit.ingredient).",
        ),
        _column("mapping_sha256", sa.String, "SHA-256 of the mapping's files, as they were written."),
        _column("mapping_version", sa.Integer, "Version that the mapping states."),
        _column("code_version", sa.String, "SHA-256 of the programs that made its rows, as parsed."),
        _column("schema_revision", sa.String, "Revision of the warehouse when the load was written."),
        _column("is_synthetic", sa.Boolean, "The delivery is make-believe."),
        _column("is_accepted", sa.Boolean, "Ceilings were overruled with --accept."),
        _column("assessment", sa.String, "clean, with_failures, or NULL when not assessed."),
        _column("refusal", sa.String, "Why the load was refused, in one sentence."),
        _column("started_at", sa.DateTime, "When the load began (UTC)."),
        _column("staged_at", sa.DateTime, "When its rows were committed (UTC)."),
        _column("published_at", sa.DateTime, "When it became current (UTC)."),
        _column("delivery_id", sa.Integer, "The delivery that it brought in."),
        _column(
            "previous_delivery_id",
            sa.Integer,
            "The delivery that was shown before this one, with which it is compared; NULL for the site's first.",
        ),
        _column("assessed_by", sa.String, "SHA-256 of the rules and reference data that it was assessed with."),
        schema="audit",
        comment="One row per load: the rows that one version of mapping and program made of one delivery.",
    )
    sa.Table(
        "source_file",
        metadata,
        _column("source_id", sa.Integer, "Number of the file or sheet, unique over all loads."),
        _column("load_id", sa.Integer, "The load that it belongs to."),
        _column("source", sa.String, "Name of the source in the mapping."),
        _column("file", sa.String, "File name in the delivery."),
        _column("sheet", sa.String, "Sheet in the file, if it has sheets."),
        _column("sha256", sa.String, "SHA-256 of the file's bytes."),
        _column("size_bytes", sa.BigInteger, "Size of the file."),
        _column("record_count", sa.BigInteger, "Records in the file or sheet, header not counted."),
        schema="audit",
        comment="One row per file or sheet of a load.",
    )
    sa.Table(
        "source_column",
        metadata,
        _column("source_id", sa.Integer, "The file or sheet."),
        _column("position", sa.SmallInteger, "Position of the column, from 1."),
        _column("name", sa.String, "Header of the column."),
        _column("use", sa.String, "mapped, ignored, pseudonymised, dropped, masked or unused."),
        _column("letters", sa.String, "Letters of the column in a workbook, as Excel shows them; NULL in other files."),
        schema="audit",
        comment="One row per column of a file or sheet, with what became of it.",
    )
    sa.Table(
        "record_run",
        metadata,
        _column("source_id", sa.Integer, "The file or sheet."),
        _column("from_record", sa.BigInteger, "Number of the first record of the run."),
        _column("from_line", sa.BigInteger, "The line on which it begins, or its row in a sheet, from 1."),
        schema="audit",
        comment="One row per run of records of which each begins on the next line; none for a format without lines.",
    )
    sa.Table(
        "source_label",
        metadata,
        _column("source_id", sa.Integer, "The file or sheet."),
        _column("column", sa.String, "Header of the column."),
        _column("code", sa.String, "The code as its cells are written; a range of codes as `900..999`."),
        _column("label", sa.String, "What the file says that it means; NULL when it says nothing."),
        _column("is_missing", sa.Boolean, "The file declares it as missing."),
        schema="audit",
        comment="One row per code that a file itself labels or declares as missing (SPSS, REDCap's dictionary).",
    )
    sa.Table(
        "column_origin",
        metadata,
        _column("load_id", sa.Integer, "The load."),
        _column("table_name", sa.String, "Canonical table."),
        _column("column_name", sa.String, "Canonical column."),
        _column("source_column", sa.String, "Headers of the source's columns that fill it, separated by commas."),
        _column("part", sa.SmallInteger, "Part of the table's mapping, from 0; empty when it holds for all."),
        _column("slot", sa.SmallInteger, "Slot of the record, from 1; empty when it holds for all."),
        schema="audit",
        comment="One row per canonical column, part and, where they differ, slot that a load's mapping fills.",
    )
    counts = (
        ("source_records", "Records of the source = contributing + excluded + unused + unreadable."),
        ("contributing", "Records that gave at least one row."),
        ("excluded", "Records excluded by a named rule."),
        ("unused", "Records that nothing reads."),
        ("unreadable", "Records that could not be read as records."),
        ("produced", "Rows produced = staged + quarantined + merged + empty slots."),
        ("staged", "Rows staged."),
        ("quarantined", "Rows quarantined: they are in quality.quarantined_row."),
        ("merged", "Rows merged into another by a named rule."),
        ("empty_slots", "Slots of a record that hold nothing and so gave no row."),
    )
    sa.Table(
        "ledger",
        metadata,
        *_ledger_address(),
        *(_column(name, sa.BigInteger, comment) for name, comment in counts),
        schema="audit",
        comment="Two balances per source and table: no record and no row is lost in silence.",
    )
    sa.Table(
        "ledger_rule",
        metadata,
        *_ledger_address(),
        _column("kind", sa.String, "excluded, quarantined, merged, or empty: a slot that a condition leaves out."),
        _column("rule", sa.String, "Name of the rule."),
        _column("records", sa.BigInteger, "How many fell under it."),
        schema="audit",
        comment="The ledger's excluded, quarantined and merged numbers by rule.",
    )
    sa.Table(
        "derived",
        metadata,
        _column(
            "part", sa.String, "upgrade (tables, comments, current views), reference, or views (clinical and analysis)."
        ),
        _column("fingerprint", sa.String, "SHA-256 of the files that the part was made from."),
        _column("loads", sa.String, "The current loads that it was made from, e.g. `hill=4, north=7`."),
        _column("derived_at", sa.DateTime, "When it was made (UTC)."),
        schema="audit",
        comment="What the warehouse makes from the project's own files, and from which state of them.",
    )


def _delivery_tables(metadata: sa.MetaData) -> None:
    """Add what arrived, what was tried with it, and what a person decided."""
    sa.Table(
        "delivery",
        metadata,
        _column("delivery_id", sa.Integer, "Number of the delivery, never given twice."),
        _column("site_id", sa.String, "The hospital."),
        _column("fingerprint", sa.String, "SHA-256 of the names and hashes of its files, sorted."),
        _column("label", sa.String, "Name of its folder when it was last seen."),
        _column("is_synthetic", sa.Boolean, "The delivery is make-believe."),
        _column("first_seen_at", sa.DateTime, "When it was first read (UTC)."),
        _column("last_seen_at", sa.DateTime, "When it was last read by a run that wrote to the warehouse (UTC)."),
        _column(
            "withdrawn_at",
            sa.DateTime,
            "When it was rolled back (UTC): it is then brought in only when named. NULL when it may be shown.",
        ),
        schema="audit",
        comment="One row per delivery: the same files are the same delivery, whatever their folder is called.",
    )
    sa.Table(
        "ingredient",
        metadata,
        _column("load_id", sa.Integer, "The load."),
        _column(
            "ingredient",
            sa.String,
            "delivery, key, mapping, model, reference, programs or engines; notes, on which no row depends.",
        ),
        _column("fingerprint", sa.String, "SHA-256 of it."),
        schema="audit",
        comment="One row per load and thing that its rows were made from; a load is stale when one of them differs.",
    )
    sa.Table(
        "attempt",
        metadata,
        _column("attempt_id", sa.Integer, "Number of the attempt."),
        _column("attempted_at", sa.DateTime, "When it ended (UTC)."),
        _column("site_id", sa.String, "The hospital."),
        _column("delivery", sa.String, "Folder name of the delivery; NULL when none was found."),
        _column("delivery_fingerprint", sa.String, "The delivery (audit.delivery); NULL when it could not be read."),
        _column("outcome", sa.String, "published, in already, or turned away."),
        _column("exit_code", sa.SmallInteger, "The exit code of hcc; 0 when nothing was amiss."),
        _column("sentence", sa.String, "What came of it, in one sentence without a patient's value."),
        _column("load_id", sa.Integer, "The load that it made or found; NULL when it made none."),
        schema="audit",
        comment="One row per attempt to bring a delivery in, the failed ones too.",
    )
    sa.Table(
        "acceptance",
        metadata,
        _column("delivery_id", sa.Integer, "The delivery that a person accepted with --accept."),
        _column("table_name", sa.String, "Canonical table; empty for a source that shrank."),
        _column("column_name", sa.String, "Canonical column, empty for whole rows; or the source that shrank."),
        _column("rule", sa.String, "The rule that refused; shrunk for records fewer than in the delivery before."),
        _column("refused", sa.BigInteger, "How many were accepted to be refused, or missing."),
        _column("accepted_at", sa.DateTime, "When (UTC)."),
        _column("accepted_by", sa.String, "User name of who accepted."),
        schema="audit",
        comment="What a person accepted: it holds for the delivery until a rule refuses more than this.",
    )
    sa.Table(
        "option_choice",
        metadata,
        _column("name", sa.String, "Name of the study option."),
        _column("value", sa.String, "The value chosen; NULL when the choice was taken back."),
        _column("chosen_by", sa.String, "User name of who chose."),
        _column("chosen_at", sa.DateTime, "When (UTC); the newest row of an option counts."),
        schema="audit",
        comment="One row per choice of a study option with `hcc option`; schemas/reference holds the defaults.",
    )


def quality_tables(metadata: sa.MetaData) -> None:
    """Add quality.*: findings, quarantined rows, results of the expectations."""
    sa.Table(
        "finding",
        metadata,
        _column("load_id", sa.Integer, "The load."),
        _column("table_name", sa.String, "Canonical table, where the finding has one."),
        _column("column_name", sa.String, "Canonical column, where the finding has one."),
        *_source_address(),
        _column("source_column", sa.String, "Header of the column in the source."),
        _column("rule", sa.String, "Name of the rule, as in etl/findings.py."),
        _column("category", sa.String, "conformance, completeness or plausibility (Kahn et al. 2016)."),
        _column("severity", sa.String, "fatal, error, warning or note."),
        _column("cost", sa.String, "What it cost: the cell (set aside), the row (quarantined) or none."),
        _column("found", sa.String, "What was found."),
        _column("expected", sa.String, "What was expected."),
        schema="quality",
        comment="One row per thing that a person should hear of, with its address in the delivery.",
    )
    sa.Table(
        "quarantined_row",
        metadata,
        _column("load_id", sa.Integer, "The load."),
        _column("table_name", sa.String, "Canonical table that the row was meant for; empty for an unreadable record."),
        *_source_address(),
        _column("rules", sa.ARRAY(sa.String), "Every rule that the row broke."),
        _column("severity", sa.String, "The gravest severity among them."),
        schema="quality",
        comment="One row per quarantined row; the cells it came from are in quality.raw_record.",
    )
    sa.Table(
        "set_aside",
        metadata,
        _column("load_id", sa.Integer, "The load."),
        _column("table_name", sa.String, "Canonical table; empty for an unreadable record."),
        _column("column_name", sa.String, "The column whose cell was set aside; NULL for a whole row in quarantine."),
        _column(
            "patient_id",
            sa.String,
            "Pseudonym of the patient whom the row is about; NULL where that could not be read, or the table has none.",
        ),
        _column("day", sa.Date, "The row's day, or the first that it can mean; NULL where it could not be read."),
        *(column for column in _source_address() if column.name != "source_line"),
        _column("rules", sa.ARRAY(sa.String), "Every rule that the row or the cell broke."),
        _column(
            "readable",
            sa.String,
            "The row's other cells as JSON, empty ones as null; those that could not be read are not in it.",
        ),
        schema="quality",
        comment=(
            "One row per quarantined row and per cell set aside: what a patient may have that no table shows. "
            "Exact duplicates of a row that stays are left out."
        ),
    )
    sa.Table(
        "raw_record",
        metadata,
        _column("load_id", sa.Integer, "The load."),
        _column("source_id", sa.Integer, "The file or sheet."),
        _column("source_record", sa.BigInteger, "Number of the record."),
        _column("raw", sa.String, "Those of its cells that the mapping uses, as JSON, identities removed."),
        schema="quality",
        comment="One row per record of which a row was quarantined, or that could not be read, with its cells.",
    )
    sa.Table(
        "expectation_result",
        metadata,
        _column("load_id", sa.Integer, "The load."),
        _column("table_name", sa.String, "Canonical table."),
        _column("column_name", sa.String, "Canonical column; NULL for an expectation about the table."),
        _column("expectation", sa.String, "Name of the expectation."),
        _column("category", sa.String, "conformance, completeness or plausibility (Kahn et al. 2016)."),
        _column("severity", sa.String, "fatal, error, warning or note."),
        _column("threshold_percent", sa.Double, "Share of rows that must meet the expectation."),
        _column("element_count", sa.BigInteger, "Rows that it judged; 0 when there was nothing to judge."),
        _column("unexpected_count", sa.BigInteger, "Rows that do not meet it."),
        _column("unexpected_percent", sa.Double, "The same as a share of the rows that it judged."),
        _column("is_success", sa.Boolean, "The threshold is met; NULL when there was nothing to judge."),
        _column("description", sa.String, "The expectation in words."),
        schema="quality",
        comment="One row per expectation and load.",
    )


def _column(
    name: str, sql_type: sa.types.TypeEngine[Any] | type[sa.types.TypeEngine[Any]], comment: str
) -> sa.Column[Any]:
    return sa.Column(name, sql_type, comment=comment)


def _ledger_address() -> tuple[sa.Column[Any], ...]:
    return (
        _column("load_id", sa.Integer, "The load."),
        _column("source_id", sa.Integer, "The file or sheet."),
        _column("table_name", sa.String, "Canonical table; NULL when no table reads the source."),
        _column("part", sa.SmallInteger, "Which of the table's mappings, from 0."),
    )


def _source_address() -> tuple[sa.Column[Any], ...]:
    return (
        _column("source_id", sa.Integer, "The file or sheet."),
        _column("source_record", sa.BigInteger, "Number of the record in it, from 1, header not counted."),
        _column("source_line", sa.BigInteger, "Physical line on which the record begins, from 1."),
        _column("source_ordinal", sa.Integer, "Which of the record's rows: 1000 * part + slot."),
    )
