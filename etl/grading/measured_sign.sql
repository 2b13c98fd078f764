-- The numbers beside the events of a CSV file: the same columns as clinical.measured_sign has in the warehouse. A
-- measure of which a row says nothing has no row here.
WITH sign AS (
    SELECT
        _record,
        id,
        UNNEST([
            {'measure': 'systolic', 'number': systolic, 'baseline': NULL, 'hours': NULL},
            {'measure': 'diastolic', 'number': diastolic, 'baseline': NULL, 'hours': NULL},
            {'measure': 'temperature', 'number': temperature_c, 'baseline': NULL, 'hours': temperature_hours},
            {'measure': 'weight', 'number': weight_kg, 'baseline': baseline_weight_kg, 'hours': NULL},
            {
                'measure': 'stools_per_day',
                'number': stools_per_day,
                'baseline': baseline_stools_per_day,
                'hours': NULL
            },
            {'measure': 'body_surface', 'number': body_surface_percent, 'baseline': NULL, 'hours': NULL}
        ]) AS cell
    FROM cell
)

SELECT
    NULL AS site_id,
    id AS patient_id,
    CAST(_record AS VARCHAR) AS occasion,
    NULL::DATE AS observed_on,
    cell.measure,
    PLAIN_NUMBER(cell.number) AS number,
    PLAIN_NUMBER(cell.baseline) AS baseline,
    PLAIN_NUMBER(cell.hours) AS hours,
    CASE
        WHEN IS_WRONG_NUMBER(cell.number) OR IS_WRONG_NUMBER(cell.baseline) OR IS_WRONG_NUMBER(cell.hours)
            THEN 'number_not_read'
    END AS fault
FROM sign
WHERE FILLED(cell.number) OR FILLED(cell.baseline) OR FILLED(cell.hours)
