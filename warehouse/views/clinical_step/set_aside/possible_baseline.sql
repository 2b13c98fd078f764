-- Values that may be the baseline: results and findings that were set aside, on a day in its window or not readable.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @table_name: lab_result or observation.
-- @code: What was measured or observed; empty where not readable. Code lists: analyte, observation.
-- @last_day: Last day that it can have: the index date where it could not be read.
-- @is_day_known: Its day could be read.
SELECT
    apart.site_id,
    apart.patient_id,
    apart.table_name,
    apart.code,
    MAX(COALESCE(apart.first_day, index_date.index_date)) AS last_day,
    apart.first_day IS NOT NULL AS is_day_known
FROM clinical_step.set_aside AS apart
INNER JOIN clinical.index_date AS index_date
    ON
        apart.site_id = index_date.site_id
        AND apart.patient_id = index_date.patient_id
CROSS JOIN clinical_step.study_number AS study_number
WHERE
    (
        (
            apart.table_name = 'lab_result'
            AND (
                apart.is_row
                OR apart.column_name IN ('reported_value', 'reported_unit', 'value', 'unit', 'value_qualifier')
            )
        )
        OR (
            apart.table_name = 'observation'
            AND (apart.is_row OR apart.column_name IN ('value_number', 'value_code', 'unit'))
        )
    )
    AND COALESCE(
        index_date.index_date - apart.first_day BETWEEN 0 AND
        CASE
            WHEN apart.table_name = 'lab_result' AND COALESCE(apart.code = 'afp', TRUE)
                THEN GREATEST(study_number.baseline_afp_days_before, study_number.baseline_days_before)
            ELSE study_number.baseline_days_before
        END, TRUE
    )
GROUP BY apart.site_id, apart.patient_id, apart.table_name, apart.code, is_day_known
