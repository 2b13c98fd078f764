-- What laboratory grading reads, from the text cells of a CSV file: the same columns as clinical_step.gradable_result
-- has in the warehouse. A row with a term gives one row; a row with an analyte alone gives one for every term of the
-- analyte.
WITH term_name AS (
    SELECT
        PLAIN_NAME(term) AS spelling,
        lab_term,
        CAST(NULL AS BOOLEAN) AS is_fasting
    FROM reference.lab_term
    -- 'Hypocalcemia' is about corrected calcium unless ionized is said.
    WHERE analyte_code <> 'calcium_ionized'
    UNION
    SELECT
        lab_term AS spelling,
        lab_term,
        NULL AS is_fasting
    FROM reference.lab_term
    UNION
    SELECT
        spelling,
        meaning AS lab_term,
        is_fasting
    FROM reference.lab_spelling
    WHERE kind = 'term'
),

analyte_name AS (
    SELECT
        code AS spelling,
        code AS analyte_code,
        CAST(NULL AS BOOLEAN) AS is_fasting
    FROM reference.code
    WHERE code_list = 'analyte'
    UNION
    SELECT
        PLAIN_NAME(label) AS spelling,
        code AS analyte_code,
        NULL AS is_fasting
    FROM reference.code
    WHERE code_list = 'analyte'
    UNION
    SELECT
        PLAIN_NAME(label_ko) AS spelling,
        code AS analyte_code,
        NULL AS is_fasting
    FROM reference.code
    WHERE code_list = 'analyte'
    UNION
    SELECT
        spelling,
        meaning AS analyte_code,
        is_fasting
    FROM reference.lab_spelling
    WHERE kind = 'analyte'
),

only_analyte AS (
    SELECT DISTINCT analyte_name.spelling
    FROM analyte_name
    ANTI JOIN term_name ON analyte_name.spelling = term_name.spelling
),

-- A cell for the term that holds an analyte ("hemoglobin") is read as one where no other analyte is said.
placed AS (
    SELECT
        cell.* REPLACE (
            CASE WHEN alone.spelling IS NULL THEN cell.term END AS term,
            COALESCE(alone.spelling, cell.analyte) AS analyte
        )
    FROM cell
    LEFT JOIN only_analyte AS alone ON NOT FILLED(cell.analyte) AND PLAIN_NAME(cell.term) = alone.spelling
),

named AS (
    SELECT
        cell.*,
        term_name.lab_term AS term_named,
        analyte_name.analyte_code,
        REGEXP_EXTRACT(TRIM(cell.value), '^(<=|>=|<|>|≤|≥)?\s*(.*)$', ['qualifier', 'number']) AS value_parts,
        -- A name that says of the specimen what the cell denies leaves it unknown.
        CASE
            WHEN NOT FILLED(cell.fasting) THEN COALESCE(term_name.is_fasting, analyte_name.is_fasting)
            WHEN
                YES_NO(cell.fasting) = COALESCE(term_name.is_fasting, analyte_name.is_fasting, YES_NO(cell.fasting))
                THEN YES_NO(cell.fasting)
        END AS is_fasting
    FROM placed AS cell
    LEFT JOIN term_name ON PLAIN_NAME(cell.term) = term_name.spelling
    LEFT JOIN analyte_name ON PLAIN_NAME(cell.analyte) = analyte_name.spelling
),

numbered_term AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY lab_term) AS term_number
    FROM reference.lab_term
),

with_term AS (
    SELECT
        named.* REPLACE (COALESCE(lab_term.analyte_code, named.analyte_code) AS analyte_code),
        named.analyte_code IS NOT NULL AS is_analyte_named,
        lab_term.lab_term,
        lab_term.term_number,
        CASE
            WHEN FILLED(named.term) AND named.term_named IS NULL THEN 'term_unknown'
            WHEN FILLED(named.term) AND lab_term.lab_term IS NULL THEN 'term_and_analyte_differ'
            WHEN FILLED(named.term) THEN NULL
            WHEN NOT FILLED(named.analyte) THEN 'term_unknown'
            WHEN named.analyte_code IS NULL THEN 'analyte_unknown'
            WHEN lab_term.lab_term IS NULL THEN 'not_in_ctcae_4_03'
        END AS term_fault
    FROM named
    LEFT JOIN reference.lab_term AS term_lab_term ON named.term_named = term_lab_term.lab_term
    LEFT JOIN numbered_term AS lab_term
        ON
            CASE
                WHEN named.term_named IS NULL
                    THEN NOT FILLED(named.term) AND named.analyte_code = lab_term.analyte_code
                WHEN named.analyte_code IS NULL THEN named.term_named = lab_term.lab_term
                -- Both are said: the analyte distinguishes ionized from corrected calcium.
                ELSE term_lab_term.term = lab_term.term AND named.analyte_code = lab_term.analyte_code
            END
)

SELECT
    '' AS site_id,
    with_term.id AS patient_id,
    CAST(NULL AS DATE) AS taken_on,
    with_term.analyte_code,
    with_term.lab_term,
    PLAIN_NUMBER(with_term.value_parts.number) AS reported_value,
    NULLIF(REPLACE(REPLACE(with_term.value_parts.qualifier, '≤', '<='), '≥', '>='), '') AS value_qualifier,
    CASE
        WHEN PLAIN_NAME(with_term.unit) = 'same' THEN 'same'
        WHEN FILLED(with_term.unit) THEN COALESCE(UNIT_OF(with_term.unit, with_term.analyte_code), 'unknown')
    END AS reported_unit,
    PLAIN_NUMBER(with_term.lln) AS lower_limit,
    PLAIN_NUMBER(with_term.uln) AS upper_limit,
    -- The baseline is never graded against itself, whatever stands next to it.
    CASE WHEN YES_NO(with_term.is_baseline) THEN NULL ELSE PLAIN_NUMBER(with_term.baseline) END AS baseline,
    CASE WHEN YES_NO(with_term.is_baseline) THEN NULL ELSE PLAIN_NUMBER(with_term.percent_change) END AS percent_change,
    COALESCE(YES_NO(with_term.is_baseline), FALSE) AS is_baseline,
    COALESCE(YES_NO(with_term.is_baseline), FALSE) AS is_before_treatment,
    PLAIN_NUMBER(with_term.infarction_cutoff) AS infarction_cutoff,
    with_term.lab_term IN ('hypocalcemia', 'hypercalcemia')
    AND (
        (with_term.is_analyte_named AND with_term.analyte_code = 'calcium_total')
        OR FILLED(with_term.albumin_g_dl)
    ) AS is_calcium_total,
    PLAIN_NUMBER(with_term.albumin_g_dl) AS albumin_g_dl,
    with_term.is_fasting,
    YES_NO(with_term.anticoagulated) AS is_anticoagulated,
    YES_NO(with_term.symptomatic) AS is_symptomatic,
    YES_NO(with_term.physiologic_consequences) AS has_physiologic_consequences,
    YES_NO(with_term.transfusion) AS has_transfusion,
    YES_NO(with_term.hospitalized) AS is_hospitalized,
    YES_NO(with_term.life_threatening) AS is_life_threatening,
    YES_NO(with_term.hemorrhage) AS has_hemorrhage,
    CASE
        WHEN with_term._defect IS NOT NULL THEN 'row_not_whole'
        WHEN with_term.term_fault IS NOT NULL THEN with_term.term_fault
        WHEN NOT FILLED(with_term.value) THEN 'value_missing'
        WHEN NOT IS_PLAIN_NUMBER(with_term.value_parts.number) THEN 'value_not_a_number'
        WHEN PLAIN_NUMBER(with_term.value_parts.number) IS NULL THEN 'value_absurd'
        WHEN IS_WRONG_NUMBER(with_term.baseline) THEN 'baseline_not_a_number'
        WHEN IS_WRONG_NUMBER(with_term.percent_change) THEN 'baseline_not_a_number'
        WHEN PLAIN_NUMBER(with_term.percent_change) < -100 THEN 'percent_change_impossible'
        WHEN IS_WRONG_NUMBER(with_term.infarction_cutoff) THEN 'cutoff_not_a_number'
        WHEN IS_WRONG_NUMBER(with_term.albumin_g_dl) THEN 'albumin_not_a_number'
        WHEN PLAIN_NUMBER(with_term.albumin_g_dl) <= 0 THEN 'albumin_not_a_number'
        WHEN
            IS_WRONG_YES_NO(with_term.is_baseline)
            OR IS_WRONG_YES_NO(with_term.fasting)
            OR IS_WRONG_YES_NO(with_term.anticoagulated)
            OR IS_WRONG_YES_NO(with_term.symptomatic)
            OR IS_WRONG_YES_NO(with_term.physiologic_consequences)
            OR IS_WRONG_YES_NO(with_term.transfusion)
            OR IS_WRONG_YES_NO(with_term.hospitalized)
            OR IS_WRONG_YES_NO(with_term.life_threatening)
            OR IS_WRONG_YES_NO(with_term.hemorrhage)
            THEN 'flag_not_yes_or_no'
    END AS input_fault,
    CASE WHEN IS_WRONG_NUMBER(with_term.lln) THEN 'limit_not_a_number' END AS lower_limit_fault,
    CASE WHEN IS_WRONG_NUMBER(with_term.uln) THEN 'limit_not_a_number' END AS upper_limit_fault,
    '' AS source_file,
    with_term._record AS source_record,
    COALESCE(with_term.term_number, 0) AS source_ordinal,
    with_term.is_analyte_named
FROM with_term
