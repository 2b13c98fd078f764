-- Everything that a time line shows of one patient; start and end in months since the first dose.
-- Reads the table asked: site_id, patient_id, and analytes, the list of those whose values are shown.
WITH patient AS (
    SELECT
        index_date.site_id,
        index_date.patient_id,
        index_date.index_date,
        asked.analytes,
        CAST(study_number.days_per_month AS DOUBLE) AS days_per_month
    FROM asked
    INNER JOIN clinical.index_date AS index_date
        ON
            asked.site_id = index_date.site_id
            AND asked.patient_id = index_date.patient_id
    CROSS JOIN clinical_step.study_number AS study_number
    WHERE index_date.index_date IS NOT NULL
),

happened AS (
    SELECT
        'dose' AS kind,
        dose.first_day AS started_on,
        -- A dose lasts to the end of its last day.
        dose.last_day + 1 AS ended_on,
        CAST(NULL AS VARCHAR) AS label,
        CAST(dose.daily_mg AS DOUBLE) AS value
    FROM clinical.dose_period AS dose
    INNER JOIN patient
        ON
            dose.site_id = patient.site_id
            AND dose.patient_id = patient.patient_id
    WHERE dose.daily_mg IS NOT NULL
    UNION ALL
    SELECT
        'treatment' AS kind,
        other.started_on,
        CAST(NULL AS DATE) AS ended_on,
        COALESCE(code.label, other.treatment_code) AS label,
        CAST(NULL AS DOUBLE) AS value
    FROM clinical.other_treatment AS other
    INNER JOIN patient
        ON
            other.site_id = patient.site_id
            AND other.patient_id = patient.patient_id
    LEFT JOIN reference.code AS code
        ON
            other.treatment_code = code.code
            AND code.code_list = CASE other.kind WHEN 'procedure' THEN 'procedure' ELSE 'systemic_drug' END
    UNION ALL
    SELECT
        'scan' AS kind,
        CAST(patient.index_date + CAST(visit.day AS INTEGER) AS DATE) AS started_on,
        CAST(NULL AS DATE) AS ended_on,
        visit.overall_response AS label,
        CAST(visit.target_sum_mm AS DOUBLE) AS value
    FROM clinical.visit_response AS visit
    INNER JOIN patient
        ON
            visit.site_id = patient.site_id
            AND visit.patient_id = patient.patient_id
    UNION ALL
    SELECT
        'adverse_event' AS kind,
        adverse_event.onset_on AS started_on,
        adverse_event.ended_on,
        COALESCE(adverse_event.term, 'not coded') AS label,
        CAST(adverse_event.counted_grade AS DOUBLE) AS value
    FROM clinical.adverse_event AS adverse_event
    INNER JOIN patient
        ON
            adverse_event.site_id = patient.site_id
            AND adverse_event.patient_id = patient.patient_id
    WHERE adverse_event.is_event
    UNION ALL
    SELECT
        'lab' AS kind,
        lab_result.taken_on AS started_on,
        CAST(NULL AS DATE) AS ended_on,
        COALESCE(code.label, lab_result.analyte_code)
        || CASE WHEN analyte.unit IS NULL THEN '' ELSE ', ' || analyte.unit END
            AS label,
        CAST(lab_result.value AS DOUBLE) AS value
    FROM current.lab_result AS lab_result
    INNER JOIN patient
        ON
            lab_result.site_id = patient.site_id
            AND lab_result.patient_id = patient.patient_id
    LEFT JOIN reference.analyte AS analyte
        ON lab_result.analyte_code = analyte.analyte_code
    LEFT JOIN reference.code AS code
        ON lab_result.analyte_code = code.code AND code.code_list = 'analyte'
    -- A number that cannot be so would set the axis of all others; it is asked about.
    LEFT JOIN clinical_step.doubtful_result AS doubtful
        ON
            lab_result.source_record = doubtful.source_record
            AND lab_result.source_ordinal = doubtful.source_ordinal
            AND lab_result.source_file = doubtful.source_file
            AND lab_result.source_sheet IS NOT DISTINCT FROM doubtful.source_sheet
            AND lab_result.site_id = doubtful.site_id
    WHERE
        lab_result.value IS NOT NULL
        AND doubtful.value_fault IS NULL
        AND LIST_CONTAINS(patient.analytes, lab_result.analyte_code)
    UNION ALL
    SELECT
        CASE WHEN survival.os_event THEN 'death' ELSE 'last_contact' END AS kind,
        survival.os_end_on AS started_on,
        CAST(NULL AS DATE) AS ended_on,
        CAST(NULL AS VARCHAR) AS label,
        CAST(NULL AS DOUBLE) AS value
    FROM clinical.survival AS survival
    INNER JOIN patient
        ON
            survival.site_id = patient.site_id
            AND survival.patient_id = patient.patient_id
    WHERE survival.os_end_on IS NOT NULL
)

SELECT
    happened.kind,
    (happened.started_on - patient.index_date) / patient.days_per_month AS start_month,
    (happened.ended_on - patient.index_date) / patient.days_per_month AS end_month,
    happened.label,
    happened.value
FROM happened
CROSS JOIN patient
ORDER BY happened.kind, happened.started_on, happened.label
