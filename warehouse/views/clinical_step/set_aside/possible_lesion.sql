-- Lesions that may be there: quarantined rows of lesions, on the day that they name, or on every day on which they can
-- be. A lesion has one row a day, so one without a readable day cannot be on a day that has a row of the same name.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @imaged_on: Date of the imaging on which it may have been measured.
-- @lesion_label: Its name; `(not readable)` and a number where that is all that is known.
WITH apart AS (
    SELECT
        site_id,
        patient_id,
        first_day,
        COALESCE(
            lesion_label,
            '(not readable) ' || ROW_NUMBER() OVER (
                PARTITION BY site_id, patient_id ORDER BY source_file, source_sheet, source_record, source_ordinal
            )
        ) AS lesion_label
    FROM clinical_step.set_aside
    WHERE table_name = 'lesion' AND is_row
),

day_seen AS (
    SELECT
        site_id,
        patient_id,
        imaged_on
    FROM current.lesion
    UNION
    SELECT
        site_id,
        patient_id,
        imaged_on
    FROM current.imaging_visit
    UNION
    SELECT
        site_id,
        patient_id,
        first_day AS imaged_on
    FROM apart
    WHERE first_day IS NOT NULL
)

SELECT DISTINCT
    apart.site_id,
    apart.patient_id,
    day_seen.imaged_on,
    apart.lesion_label
FROM apart
INNER JOIN day_seen
    ON
        apart.site_id = day_seen.site_id
        AND apart.patient_id = day_seen.patient_id
        AND COALESCE(apart.first_day = day_seen.imaged_on, TRUE)
LEFT JOIN current.lesion AS lesion
    ON
        apart.site_id = lesion.site_id
        AND apart.patient_id = lesion.patient_id
        AND apart.lesion_label = lesion.lesion_label
        AND day_seen.imaged_on = lesion.imaged_on
WHERE lesion.patient_id IS NULL
