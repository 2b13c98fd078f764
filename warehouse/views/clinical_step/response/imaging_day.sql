-- Every day of imaging of every patient with an index date: several scans of a day are one visit.
-- The last day with lesions up to the index date is the baseline; nothing after the data cut-off counts.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @day: Days from the index date to the imaging; 0 or less before treatment.
-- @imaged_on: Date of the imaging.
-- @is_baseline: This is the visit that later ones are compared with.
-- @can_measure_viable: A contrast-enhanced scan with an arterial phase, as far as is known.
-- @non_target_code: Status of the non-target lesions in the reader's words. Code list: non_target_status.
-- @has_new_lesion: The reader saw a new lesion; empty when nothing is said.
-- @physician_code: Response as the treating physician read it, the worst of the day. Code list: response.
-- @radiologist_code: Response as the radiologist read it, the worst of the day. Code list: response.
-- @is_other_modality: Imaged otherwise than at the baseline (CT, then MRI): still evaluable, with a warning.
WITH scan_day AS (
    SELECT
        site_id,
        patient_id,
        imaged_on,
        -- "No arterial phase or non-contrast scan: target NE." What is not said is not held against a scan.
        BOOL_OR(has_contrast IS DISTINCT FROM FALSE AND has_arterial_phase IS DISTINCT FROM FALSE)
            AS can_measure_viable,
        CASE
            WHEN BOOL_OR(non_target_status_code = 'PD') THEN 'PD'
            WHEN BOOL_OR(non_target_status_code = 'IR/SD') THEN 'IR/SD'
            WHEN BOOL_OR(non_target_status_code = 'NE') THEN 'NE'
            WHEN BOOL_OR(non_target_status_code = 'CR') THEN 'CR'
            WHEN BOOL_OR(non_target_status_code = 'none') THEN 'none'
        END AS non_target_code,
        BOOL_OR(has_new_lesion) AS has_new_lesion,
        -- "One record per date, worst wins (PD > ... ; NE loses to any)."
        CASE
            WHEN BOOL_OR(response_physician_code = 'PD') THEN 'PD'
            WHEN BOOL_OR(response_physician_code = 'SD') THEN 'SD'
            WHEN BOOL_OR(response_physician_code = 'PR') THEN 'PR'
            WHEN BOOL_OR(response_physician_code = 'CR') THEN 'CR'
            WHEN BOOL_OR(response_physician_code = 'NE') THEN 'NE'
        END AS physician_code,
        CASE
            WHEN BOOL_OR(response_radiologist_code = 'PD') THEN 'PD'
            WHEN BOOL_OR(response_radiologist_code = 'SD') THEN 'SD'
            WHEN BOOL_OR(response_radiologist_code = 'PR') THEN 'PR'
            WHEN BOOL_OR(response_radiologist_code = 'CR') THEN 'CR'
            WHEN BOOL_OR(response_radiologist_code = 'NE') THEN 'NE'
        END AS radiologist_code,
        LIST_SORT(LIST_DISTINCT(LIST(modality_code))) AS modality_codes
    FROM current.imaging_visit
    GROUP BY site_id, patient_id, imaged_on
),

lesion_day AS (
    SELECT DISTINCT
        site_id,
        patient_id,
        imaged_on
    FROM current.lesion
),

day_seen AS (
    SELECT
        COALESCE(scan_day.site_id, lesion_day.site_id) AS site_id,
        COALESCE(scan_day.patient_id, lesion_day.patient_id) AS patient_id,
        COALESCE(scan_day.imaged_on, lesion_day.imaged_on) AS imaged_on,
        lesion_day.imaged_on IS NOT NULL AS has_lesions,
        COALESCE(scan_day.can_measure_viable, TRUE) AS can_measure_viable,
        scan_day.non_target_code,
        scan_day.has_new_lesion,
        scan_day.physician_code,
        scan_day.radiologist_code,
        scan_day.modality_codes
    FROM scan_day
    FULL JOIN lesion_day
        ON
            scan_day.site_id = lesion_day.site_id
            AND scan_day.patient_id = lesion_day.patient_id
            AND scan_day.imaged_on = lesion_day.imaged_on
),

day_of_treatment AS (
    SELECT
        day_seen.*,
        day_seen.imaged_on - index_date.index_date AS day,
        MAX(day_seen.imaged_on - index_date.index_date) FILTER (
            WHERE day_seen.has_lesions AND day_seen.imaged_on <= index_date.index_date
        ) OVER (PARTITION BY day_seen.site_id, day_seen.patient_id) AS baseline_day
    FROM day_seen
    INNER JOIN clinical.index_date AS index_date
        ON
            day_seen.site_id = index_date.site_id
            AND day_seen.patient_id = index_date.patient_id
    CROSS JOIN clinical_step.study_number AS study_number
    WHERE
        index_date.index_date IS NOT NULL
        AND day_seen.imaged_on <= study_number.data_cut_off
)

SELECT
    site_id,
    patient_id,
    day,
    imaged_on,
    COALESCE(day = baseline_day, FALSE) AS is_baseline,
    can_measure_viable,
    non_target_code,
    has_new_lesion,
    physician_code,
    radiologist_code,
    FIRST_VALUE(modality_codes) OVER (
        PARTITION BY site_id, patient_id ORDER BY COALESCE(day = baseline_day, FALSE) DESC, day ASC
    ) <> modality_codes AS is_other_modality
FROM day_of_treatment
WHERE day > 0 OR day = baseline_day
