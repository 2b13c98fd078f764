-- Alpha-fetoprotein at the first evaluation, the value nearest to the first scan after the index date, and at baseline.
-- None where a scan or a result that was set aside may be the one.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @imaged_on: The first day of imaging after the index date.
-- @taken_on: Date of the specimen, after the index date and within some days of the scan (study option
-- afp_evaluation_days).
-- @value: The number, in ng/mL.
-- @value_qualifier: Whether the true value lies below or above the number.
-- @baseline_value: The number at the baseline, in ng/mL.
-- @baseline_qualifier: Whether its true value lies below or above the number.
WITH first_scan AS (
    SELECT
        site_id,
        patient_id,
        MIN(imaged_on) AS imaged_on
    FROM clinical_step.imaging_day
    WHERE day > 0
    GROUP BY site_id, patient_id
),

nearest AS (
    SELECT
        first_scan.site_id,
        first_scan.patient_id,
        first_scan.imaged_on,
        result.taken_on,
        result.value,
        result.value_qualifier,
        baseline.value AS baseline_value,
        baseline.value_qualifier AS baseline_qualifier
    FROM first_scan
    INNER JOIN clinical.index_date AS index_date
        ON
            first_scan.site_id = index_date.site_id
            AND first_scan.patient_id = index_date.patient_id
    INNER JOIN current.lab_result AS result
        ON
            first_scan.site_id = result.site_id
            AND first_scan.patient_id = result.patient_id
            AND index_date.index_date < result.taken_on
    LEFT JOIN clinical.baseline_lab AS baseline
        ON
            first_scan.site_id = baseline.site_id
            AND first_scan.patient_id = baseline.patient_id
            AND baseline.analyte_code = 'afp'
    CROSS JOIN clinical_step.study_number AS study_number
    LEFT JOIN clinical_step.doubtful_result AS doubtful
        ON
            result.source_record = doubtful.source_record
            AND result.source_ordinal = doubtful.source_ordinal
            AND result.source_file = doubtful.source_file
            AND result.source_sheet IS NOT DISTINCT FROM doubtful.source_sheet
            AND result.site_id = doubtful.site_id
    WHERE
        result.analyte_code = 'afp'
        -- A number that no patient can have is asked about and not used.
        AND doubtful.value_fault IS NULL
        AND result.value IS NOT NULL
        AND ABS(result.taken_on - first_scan.imaged_on) <= study_number.afp_evaluation_days
    -- Equally near, before and after the scan: the earlier. Two of one day: the later record, as at the baseline.
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY first_scan.site_id, first_scan.patient_id
        ORDER BY
            ABS(result.taken_on - first_scan.imaged_on) ASC,
            result.taken_on ASC,
            result.source_file DESC,
            result.source_record DESC,
            result.source_ordinal DESC
    ) = 1
),

-- A scan that was set aside may be the first; a result that was, the nearest.
doubt AS (
    SELECT DISTINCT
        nearest.site_id,
        nearest.patient_id
    FROM nearest
    INNER JOIN clinical_step.set_aside AS apart
        ON
            nearest.site_id = apart.site_id
            AND nearest.patient_id = apart.patient_id
    INNER JOIN clinical.index_date AS index_date
        ON
            nearest.site_id = index_date.site_id
            AND nearest.patient_id = index_date.patient_id
    WHERE
        (
            apart.table_name IN ('imaging_visit', 'lesion')
            AND apart.is_row
            AND COALESCE(apart.first_day > index_date.index_date AND apart.first_day < nearest.imaged_on, TRUE)
        )
        OR (
            apart.table_name = 'lab_result'
            -- A limit of normal is none of it.
            AND (
                apart.is_row
                OR apart.column_name IN ('reported_value', 'reported_unit', 'value', 'unit', 'value_qualifier')
            )
            AND COALESCE(apart.code = 'afp', TRUE)
            AND COALESCE(
                apart.first_day > index_date.index_date
                AND ABS(apart.first_day - nearest.imaged_on) <= ABS(nearest.taken_on - nearest.imaged_on), TRUE
            )
        )
)

SELECT nearest.*
FROM nearest
LEFT JOIN doubt
    ON
        nearest.site_id = doubt.site_id
        AND nearest.patient_id = doubt.patient_id
WHERE doubt.patient_id IS NULL
