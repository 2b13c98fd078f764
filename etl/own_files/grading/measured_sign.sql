-- The numbers next to the events of a CSV file: the same columns as clinical_step.measured_sign has in the warehouse. A
-- measure of which a row says nothing has no row here. A cell that is yes or no counts as 1 or 0, a dipstick as its
-- crosses.
WITH sign AS (
    SELECT
        cell._record,
        cell.id,
        measured.*
    FROM cell
    CROSS JOIN LATERAL (
        VALUES
        ('number', 'systolic', cell.systolic, NULL, NULL),
        ('number', 'diastolic', cell.diastolic, NULL, NULL),
        ('number', 'antihypertensives', cell.antihypertensive_drugs, NULL, NULL),
        ('yes_no', 'antihypertensives_intensified', cell.antihypertensive_intensified, NULL, NULL),
        ('number', 'temperature', cell.temperature_c, NULL, cell.temperature_hours),
        ('number', 'neutrophils', cell.neutrophils_10_9_l, NULL, NULL),
        ('number', 'weight', cell.weight_kg, cell.baseline_weight_kg, NULL),
        ('number', 'stools_per_day', cell.stools_per_day, cell.baseline_stools_per_day, NULL),
        ('number', 'vomiting_per_day', cell.vomiting_per_day, NULL, NULL),
        ('number', 'body_surface', cell.body_surface_percent, NULL, NULL),
        ('number', 'urine_protein', cell.urine_protein_g_24h, NULL, NULL),
        ('dipstick', 'urine_dipstick', cell.urine_protein_dipstick, NULL, NULL),
        ('number', 'qtc', cell.qtc_ms, NULL, NULL),
        ('number', 'qtc_rise', CASE WHEN FILLED(cell.baseline_qtc_ms) THEN cell.qtc_ms END, cell.baseline_qtc_ms, NULL),
        ('number', 'qtc_ecgs', cell.qtc_501_ecgs, NULL, NULL),
        ('yes_no', 'serious_arrhythmia', cell.serious_arrhythmia, NULL, NULL)
    ) AS measured (kind, measure, number_cell, baseline_cell, hours_cell)
),

read AS (
    SELECT
        *,
        CASE
            WHEN kind = 'number' THEN PLAIN_NUMBER(number_cell)
            WHEN kind = 'yes_no' THEN CAST(YES_NO(number_cell) AS INTEGER)
            -- Negative, trace and +/- are no cross; "2+", "+2", "++" and 2 are two.
            WHEN REGEXP_FULL_MATCH(LOWER(TRIM(number_cell)), '-|±|\(-\)|\(±\)|\+/-|neg|negative|tr|trace|음성|미량')
                THEN 0
            WHEN REGEXP_FULL_MATCH(TRIM(number_cell), '\+{1,4}') THEN LENGTH(TRIM(number_cell))
            ELSE TRY_CAST(REGEXP_EXTRACT(TRIM(number_cell), '^\+?([0-4])\+?$', 1) AS INTEGER)
        END AS number
    FROM sign
    WHERE FILLED(number_cell) OR FILLED(baseline_cell) OR FILLED(hours_cell)
)

SELECT
    NULL AS site_id,
    id AS patient_id,
    CAST(_record AS VARCHAR) AS occasion,
    CAST(NULL AS DATE) AS observed_on,
    measure,
    number,
    PLAIN_NUMBER(baseline_cell) AS baseline,
    PLAIN_NUMBER(hours_cell) AS hours,
    CASE
        WHEN
            (FILLED(number_cell) AND number IS NULL)
            OR IS_WRONG_NUMBER(baseline_cell)
            OR IS_WRONG_NUMBER(hours_cell)
            THEN 'number_not_read'
    END AS fault
FROM read
