-- The numbers next to the events of a CSV file: the same columns as clinical_step.measured_sign has in the warehouse. A
-- measure of which a row says nothing has no row here.
WITH sign AS (
    SELECT
        cell._record,
        cell.id,
        measured.*
    FROM cell
    CROSS JOIN LATERAL (
        VALUES
        ('systolic', cell.systolic, NULL, NULL),
        ('diastolic', cell.diastolic, NULL, NULL),
        ('temperature', cell.temperature_c, NULL, cell.temperature_hours),
        ('weight', cell.weight_kg, cell.baseline_weight_kg, NULL),
        ('stools_per_day', cell.stools_per_day, cell.baseline_stools_per_day, NULL),
        ('body_surface', cell.body_surface_percent, NULL, NULL)
    ) AS measured (measure, number_cell, baseline_cell, hours_cell)
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
