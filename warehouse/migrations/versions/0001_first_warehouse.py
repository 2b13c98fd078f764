"""The first warehouse: canonical tables, books, reference data.

Comments are no part of a revision: warehouse.model.upgrade sets them from the models.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMAS = ("reference", "audit", "core", "current", "quality", "clinical", "analysis")

TABLES = (
    """
    CREATE TABLE core.patient (
        load_id INTEGER,
        source_id INTEGER,
        source_record BIGINT,
        source_ordinal INTEGER,
        patient_id VARCHAR,
        sex VARCHAR,
        birth_date DATE,
        birth_date_precision VARCHAR,
        age_reported_years SMALLINT,
        aetiology VARCHAR,
        diagnosed_on DATE,
        diagnosed_on_precision VARCHAR,
        diagnosis_basis VARCHAR,
        is_unresectable BOOLEAN,
        bclc_reported_code VARCHAR,
        bclc_assessed_on DATE,
        child_pugh_reported_points SMALLINT,
        child_pugh_reported_code VARCHAR,
        child_pugh_assessed_on DATE
    )
    """,
    """
    CREATE TABLE core.observation (
        load_id INTEGER,
        source_id INTEGER,
        source_record BIGINT,
        source_ordinal INTEGER,
        patient_id VARCHAR,
        observed_on DATE,
        observation_code VARCHAR,
        value_number DECIMAL(18,6),
        value_code VARCHAR,
        unit VARCHAR
    )
    """,
    """
    CREATE TABLE core.medical_history (
        load_id INTEGER,
        source_id INTEGER,
        source_record BIGINT,
        source_ordinal INTEGER,
        patient_id VARCHAR,
        condition_code VARCHAR,
        is_present BOOLEAN,
        kcd_code VARCHAR,
        condition_text VARCHAR,
        started_on DATE,
        started_on_precision VARCHAR,
        cancer_site_code VARCHAR,
        is_in_situ BOOLEAN,
        cured_on DATE,
        cured_on_precision VARCHAR
    )
    """,
    """
    CREATE TABLE core.tumour_baseline (
        load_id INTEGER,
        source_id INTEGER,
        source_record BIGINT,
        source_ordinal INTEGER,
        patient_id VARCHAR,
        imaged_on DATE,
        modality_code VARCHAR,
        has_contrast BOOLEAN,
        largest_diameter_mm DECIMAL(18,6),
        nodule_count SMALLINT,
        nodule_count_qualifier VARCHAR,
        is_infiltrative BOOLEAN,
        portal_vein_invasion_code VARCHAR,
        has_hepatic_vein_invasion BOOLEAN,
        has_bile_duct_invasion BOOLEAN,
        has_lymph_node_metastasis BOOLEAN,
        has_lung_metastasis BOOLEAN,
        has_bone_metastasis BOOLEAN,
        has_brain_metastasis BOOLEAN,
        has_adrenal_metastasis BOOLEAN,
        has_peritoneum_metastasis BOOLEAN,
        has_other_metastasis BOOLEAN
    )
    """,
    """
    CREATE TABLE core.treatment_course (
        load_id INTEGER,
        source_id INTEGER,
        source_record BIGINT,
        source_ordinal INTEGER,
        patient_id VARCHAR,
        drug_code VARCHAR,
        drug_text VARCHAR,
        role_code VARCHAR,
        started_on DATE,
        started_on_precision VARCHAR,
        stopped_on DATE,
        stopped_on_precision VARCHAR,
        stop_reason_code VARCHAR
    )
    """,
    """
    CREATE TABLE core.exposure (
        load_id INTEGER,
        source_id INTEGER,
        source_record BIGINT,
        source_ordinal INTEGER,
        patient_id VARCHAR,
        drug_code VARCHAR,
        started_on DATE,
        stopped_on DATE,
        dose_mg DECIMAL(18,6),
        times_per_day SMALLINT,
        is_interruption BOOLEAN,
        reason_code VARCHAR
    )
    """,
    """
    CREATE TABLE core.procedure (
        load_id INTEGER,
        source_id INTEGER,
        source_record BIGINT,
        source_ordinal INTEGER,
        patient_id VARCHAR,
        procedure_code VARCHAR,
        procedure_text VARCHAR,
        target_site_code VARCHAR,
        started_on DATE,
        started_on_precision VARCHAR,
        ended_on DATE
    )
    """,
    """
    CREATE TABLE core.medication (
        load_id INTEGER,
        source_id INTEGER,
        source_record BIGINT,
        source_ordinal INTEGER,
        patient_id VARCHAR,
        product_text VARCHAR,
        ingredient_code VARCHAR,
        started_on DATE,
        started_on_precision VARCHAR,
        stopped_on DATE,
        stopped_on_precision VARCHAR
    )
    """,
    """
    CREATE TABLE core.lab_result (
        load_id INTEGER,
        source_id INTEGER,
        source_record BIGINT,
        source_ordinal INTEGER,
        patient_id VARCHAR,
        taken_on DATE,
        analyte_code VARCHAR,
        reported_value_text VARCHAR,
        value_qualifier VARCHAR,
        reported_value DECIMAL(18,6),
        reported_unit VARCHAR,
        unit_factor DECIMAL(18,9),
        value DECIMAL(18,6),
        unit VARCHAR,
        lower_limit DECIMAL(18,6),
        upper_limit DECIMAL(18,6),
        limits_source_code VARCHAR,
        is_fasting BOOLEAN
    )
    """,
    """
    CREATE TABLE core.reference_range (
        load_id INTEGER,
        source_id INTEGER,
        source_record BIGINT,
        source_ordinal INTEGER,
        analyte_code VARCHAR,
        sex VARCHAR,
        age_from_years SMALLINT,
        age_to_years SMALLINT,
        valid_from DATE,
        valid_to DATE,
        unit VARCHAR,
        lower_limit DECIMAL(18,6),
        upper_limit DECIMAL(18,6)
    )
    """,
    """
    CREATE TABLE core.imaging_visit (
        load_id INTEGER,
        source_id INTEGER,
        source_record BIGINT,
        source_ordinal INTEGER,
        patient_id VARCHAR,
        imaged_on DATE,
        visit_text VARCHAR,
        modality_code VARCHAR,
        region_code VARCHAR,
        has_contrast BOOLEAN,
        has_arterial_phase BOOLEAN,
        response_physician_code VARCHAR,
        response_radiologist_code VARCHAR,
        non_target_status_code VARCHAR,
        has_new_lesion BOOLEAN
    )
    """,
    """
    CREATE TABLE core.lesion (
        load_id INTEGER,
        source_id INTEGER,
        source_record BIGINT,
        source_ordinal INTEGER,
        patient_id VARCHAR,
        imaged_on DATE,
        lesion_label VARCHAR,
        organ_code VARCHAR,
        role_code VARCHAR,
        is_lymph_node BOOLEAN,
        viable_diameter_mm DECIMAL(18,6),
        whole_diameter_mm DECIMAL(18,6),
        short_axis_mm DECIMAL(18,6),
        enhancement_code VARCHAR,
        pattern_code VARCHAR,
        is_treated_before BOOLEAN
    )
    """,
    """
    CREATE TABLE core.adverse_event (
        load_id INTEGER,
        source_id INTEGER,
        source_record BIGINT,
        source_ordinal INTEGER,
        patient_id VARCHAR,
        verbatim_text VARCHAR,
        ctcae_term VARCHAR,
        reported_grade SMALLINT,
        ctcae_version VARCHAR,
        onset_on DATE,
        onset_on_precision VARCHAR,
        ended_on DATE,
        ended_on_precision VARCHAR,
        is_serious BOOLEAN,
        outcome_code VARCHAR,
        is_present_before BOOLEAN,
        action_code VARCHAR,
        relation_code VARCHAR
    )
    """,
    """
    CREATE TABLE core.follow_up (
        load_id INTEGER,
        source_id INTEGER,
        source_record BIGINT,
        source_ordinal INTEGER,
        patient_id VARCHAR,
        last_contact_on DATE,
        vital_status_code VARCHAR,
        vital_status_source_code VARCHAR,
        died_on DATE,
        died_on_precision VARCHAR,
        death_cause_code VARCHAR,
        death_cause_text VARCHAR
    )
    """,
    """
    CREATE TABLE audit.site (
        site_id VARCHAR,
        hospital VARCHAR,
        current_load_id INTEGER,
        key_fingerprint VARCHAR
    )
    """,
    """
    CREATE TABLE audit.load (
        load_id INTEGER,
        site_id VARCHAR,
        delivery VARCHAR,
        state VARCHAR,
        fingerprint VARCHAR,
        mapping_sha256 VARCHAR,
        mapping_version INTEGER,
        code_version VARCHAR,
        schema_revision VARCHAR,
        is_synthetic BOOLEAN,
        is_accepted BOOLEAN,
        assessment VARCHAR,
        refusal VARCHAR,
        started_at TIMESTAMP,
        staged_at TIMESTAMP,
        published_at TIMESTAMP
    )
    """,
    """
    CREATE TABLE audit.source_file (
        source_id INTEGER,
        load_id INTEGER,
        source VARCHAR,
        file VARCHAR,
        sheet VARCHAR,
        sha256 VARCHAR,
        size_bytes BIGINT,
        record_count BIGINT
    )
    """,
    """
    CREATE TABLE audit.source_column (
        source_id INTEGER,
        position SMALLINT,
        name VARCHAR,
        use VARCHAR
    )
    """,
    """
    CREATE TABLE audit.column_origin (
        load_id INTEGER,
        table_name VARCHAR,
        column_name VARCHAR,
        source_column VARCHAR
    )
    """,
    """
    CREATE TABLE audit.ledger (
        load_id INTEGER,
        source_id INTEGER,
        table_name VARCHAR,
        part SMALLINT,
        source_records BIGINT,
        contributing BIGINT,
        excluded BIGINT,
        unused BIGINT,
        unreadable BIGINT,
        produced BIGINT,
        staged BIGINT,
        quarantined BIGINT,
        merged BIGINT,
        empty_slots BIGINT
    )
    """,
    """
    CREATE TABLE audit.ledger_rule (
        load_id INTEGER,
        source_id INTEGER,
        table_name VARCHAR,
        part SMALLINT,
        kind VARCHAR,
        rule VARCHAR,
        records BIGINT
    )
    """,
    """
    CREATE TABLE audit.derived (
        part VARCHAR,
        fingerprint VARCHAR,
        loads VARCHAR,
        derived_at TIMESTAMP
    )
    """,
    """
    CREATE TABLE quality.finding (
        load_id INTEGER,
        table_name VARCHAR,
        column_name VARCHAR,
        source_id INTEGER,
        source_record BIGINT,
        source_line BIGINT,
        source_ordinal INTEGER,
        source_column VARCHAR,
        rule VARCHAR,
        category VARCHAR,
        severity VARCHAR,
        cost VARCHAR,
        found VARCHAR,
        expected VARCHAR
    )
    """,
    """
    CREATE TABLE quality.quarantined_row (
        load_id INTEGER,
        table_name VARCHAR,
        source_id INTEGER,
        source_record BIGINT,
        source_line BIGINT,
        source_ordinal INTEGER,
        rules VARCHAR[],
        severity VARCHAR,
        raw VARCHAR
    )
    """,
    """
    CREATE TABLE quality.expectation_result (
        load_id INTEGER,
        table_name VARCHAR,
        column_name VARCHAR,
        expectation VARCHAR,
        category VARCHAR,
        severity VARCHAR,
        threshold_percent DOUBLE,
        element_count BIGINT,
        unexpected_count BIGINT,
        unexpected_percent DOUBLE,
        is_success BOOLEAN,
        description VARCHAR
    )
    """,
    """
    CREATE TABLE reference.code (
        code_list VARCHAR,
        code VARCHAR,
        label VARCHAR,
        label_ko VARCHAR,
        source VARCHAR,
        position SMALLINT
    )
    """,
    """
    CREATE TABLE reference.analyte (
        analyte_code VARCHAR,
        loinc_code VARCHAR,
        unit VARCHAR,
        plausible_from DECIMAL(18,6),
        plausible_to DECIMAL(18,6)
    )
    """,
    """
    CREATE TABLE reference.unit_conversion (
        analyte_code VARCHAR,
        from_unit VARCHAR,
        to_unit VARCHAR,
        factor DECIMAL(18,9),
        source VARCHAR
    )
    """,
    """
    CREATE TABLE reference.ctcae_term (
        term VARCHAR,
        meddra_llt_code VARCHAR,
        soc VARCHAR,
        grades SMALLINT[]
    )
    """,
    """
    CREATE TABLE reference.study_option (
        name VARCHAR,
        value VARCHAR,
        unit VARCHAR,
        description VARCHAR
    )
    """,
)


def upgrade() -> None:
    """Make every schema and table."""
    for schema in SCHEMAS:
        op.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    for table in TABLES:
        op.execute(table)


def downgrade() -> None:
    """Remove everything but the schema that holds Alembic's own table."""
    for schema in SCHEMAS:
        if schema != "audit":
            op.execute(f"DROP SCHEMA {schema} CASCADE")
    for table in TABLES:
        name = table.split("(")[0].split()[-1]
        if name.startswith("audit."):
            op.execute(f"DROP TABLE {name}")
