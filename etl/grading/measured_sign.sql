-- The numbers beside the events of a CSV file: the same columns as clinical.measured_sign has in the warehouse. A
-- measure of which a row says nothing has no row here.
WITH sign AS (
    SELECT
        _record,
        id,
        'systolic' AS measure,
        systolic AS number_cell,
        NULL AS baseline_cell,
        NULL AS hours_cell
    FROM cell
    UNION ALL
    SELECT
        _record,
        id,
        'diastolic' AS measure,
        diastolic AS number_cell,
        NULL AS baseline_cell,
        NULL AS hours_cell
    FROM cell
    UNION ALL
    SELECT
        _record,
        id,
        'temperature' AS measure,
        temperature_c AS number_cell,
        NULL AS baseline_cell,
        temperature_hours AS hours_cell
    FROM cell
    UNION ALL
    SELECT
        _record,
        id,
        'weight' AS measure,
        weight_kg AS number_cell,
        baseline_weight_kg AS baseline_cell,
        NULL AS hours_cell
    FROM cell
    UNION ALL
    SELECT
        _record,
        id,
        'stools_per_day' AS measure,
        stools_per_day AS number_cell,
        baseline_stools_per_day AS baseline_cell,
        NULL AS hours_cell
    FROM cell
    UNION ALL
    SELECT
        _record,
        id,
        'body_surface' AS measure,
        body_surface_percent AS number_cell,
        NULL AS baseline_cell,
        NULL AS hours_cell
    FROM cell
)

SELECT
    NULL AS site_id,
    id AS patient_id,
    CAST(_record AS VARCHAR) AS occasion,
    CAST(NULL AS DATE) AS observed_on,
    measure,
    PLAIN_NUMBER(number_cell) AS number,
    PLAIN_NUMBER(baseline_cell) AS baseline,
    PLAIN_NUMBER(hours_cell) AS hours,
    CASE
        WHEN IS_WRONG_NUMBER(number_cell) OR IS_WRONG_NUMBER(baseline_cell) OR IS_WRONG_NUMBER(hours_cell)
            THEN 'number_not_read'
    END AS fault
FROM sign
WHERE FILLED(number_cell) OR FILLED(baseline_cell) OR FILLED(hours_cell)
