-- Every day of imaging of every patient with an index date, up to the data cut-off: several scans of a day are one.
-- Which visit a day belongs to is decided in clinical_step.visit_day.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @day: Days from the index date to the imaging; 0 or less before treatment.
-- @imaged_on: Date of the imaging.
-- @can_measure_viable: A contrast-enhanced scan with an arterial phase, as far as is known.
-- @non_target_code: Status of the non-target lesions in the reader's words. Code list: non_target_status.
-- @has_new_lesion: The reader saw a new lesion; empty when nothing is said.
-- @physician_code: Response as the treating physician read it, the worst of the day. Code list: response.
-- @radiologist_code: Response as the radiologist read it, the worst of the day. Code list: response.
-- @modality_codes: How the patient was imaged on this day, each once.
-- @new_therapy_day: Days from the index date to the first new anticancer therapy; empty without one.
WITH open_phase AS (
    SELECT DISTINCT
        site_id,
        patient_id,
        first_day
    FROM clinical_step.set_aside
    WHERE
        table_name = 'imaging_visit'
        AND NOT is_row
        AND column_name IN ('has_contrast', 'has_arterial_phase')
),

-- What is not said is not held against a scan; what was set aside is: whether the day's lesions were measured is open.
scan AS (
    SELECT
        imaging_visit.*,
        COALESCE(imaging_visit.has_contrast, TRUE)
        AND COALESCE(imaging_visit.has_arterial_phase, TRUE)
        AND open_phase.patient_id IS NULL AS can_measure_viable
    FROM current.imaging_visit AS imaging_visit
    LEFT JOIN open_phase
        ON
            imaging_visit.site_id = open_phase.site_id
            AND imaging_visit.patient_id = open_phase.patient_id
            AND imaging_visit.imaged_on = open_phase.first_day
),

scan_day AS (
    SELECT
        site_id,
        patient_id,
        imaged_on,
        BOOL_OR(can_measure_viable) AS can_measure_viable,
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
    FROM scan
    GROUP BY site_id, patient_id, imaged_on
),

lesion_day AS (
    SELECT DISTINCT
        site_id,
        patient_id,
        imaged_on
    FROM current.lesion
    UNION
    SELECT
        site_id,
        patient_id,
        imaged_on
    FROM clinical_step.possible_lesion
),

day_seen AS (
    SELECT
        COALESCE(scan_day.site_id, lesion_day.site_id) AS site_id,
        COALESCE(scan_day.patient_id, lesion_day.patient_id) AS patient_id,
        COALESCE(scan_day.imaged_on, lesion_day.imaged_on) AS imaged_on,
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
)

SELECT
    day_seen.site_id,
    day_seen.patient_id,
    day_seen.imaged_on - index_date.index_date AS day,
    day_seen.imaged_on,
    day_seen.can_measure_viable,
    day_seen.non_target_code,
    day_seen.has_new_lesion,
    day_seen.physician_code,
    day_seen.radiologist_code,
    day_seen.modality_codes,
    new_therapy.new_therapy_on - index_date.index_date AS new_therapy_day
FROM day_seen
INNER JOIN clinical.index_date AS index_date
    ON
        day_seen.site_id = index_date.site_id
        AND day_seen.patient_id = index_date.patient_id
LEFT JOIN clinical.new_therapy AS new_therapy
    ON
        day_seen.site_id = new_therapy.site_id
        AND day_seen.patient_id = new_therapy.patient_id
CROSS JOIN clinical_step.study_number AS study_number
WHERE
    index_date.index_date IS NOT NULL
    AND day_seen.imaged_on <= study_number.data_cut_off
