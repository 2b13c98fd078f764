-- Every visit for imaging, one row each: its days, and what the reader said of non-targets and new lesions.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @day: The visit, named by its first day of imaging, counted from the index date; the baseline by its last.
-- @last_day: Its last day of imaging.
-- @is_baseline: This is the visit that later ones are compared with.
-- @non_target_code: Status of the non-target lesions in the reader's words, the worst. Code list: non_target_status.
-- @non_target_pd_day: The first day on which the reader saw them grow; empty without growth.
-- @has_new_lesion: The reader saw a new lesion; empty when nothing is said.
-- @new_lesion_day: The first day on which the reader saw one; empty without one.
-- @is_other_modality: Imaged in a way in which the baseline was not (CT, then MRI): still evaluable, with a warning.
WITH visit AS (
    SELECT
        visit_day.site_id,
        visit_day.patient_id,
        visit_day.day,
        visit_day.is_baseline,
        MAX(visit_day.seen_day) AS last_day,
        CASE
            WHEN BOOL_OR(imaging_day.non_target_code = 'PD') THEN 'PD'
            WHEN BOOL_OR(imaging_day.non_target_code = 'IR/SD') THEN 'IR/SD'
            WHEN BOOL_OR(imaging_day.non_target_code = 'NE') THEN 'NE'
            WHEN BOOL_OR(imaging_day.non_target_code = 'CR') THEN 'CR'
            WHEN BOOL_OR(imaging_day.non_target_code = 'none') THEN 'none'
        END AS non_target_code,
        MIN(visit_day.seen_day) FILTER (WHERE imaging_day.non_target_code = 'PD') AS non_target_pd_day,
        BOOL_OR(imaging_day.has_new_lesion) AS has_new_lesion,
        MIN(visit_day.seen_day) FILTER (WHERE imaging_day.has_new_lesion) AS new_lesion_day,
        LIST_DISTINCT(FLATTEN(LIST(imaging_day.modality_codes))) AS modality_codes
    FROM clinical_step.visit_day AS visit_day
    INNER JOIN clinical_step.imaging_day AS imaging_day
        ON
            visit_day.site_id = imaging_day.site_id
            AND visit_day.patient_id = imaging_day.patient_id
            AND visit_day.seen_day = imaging_day.day
    GROUP BY visit_day.site_id, visit_day.patient_id, visit_day.day, visit_day.is_baseline
)

SELECT
    site_id,
    patient_id,
    day,
    last_day,
    is_baseline,
    non_target_code,
    non_target_pd_day,
    has_new_lesion,
    new_lesion_day,
    NOT LIST_HAS_ALL(
        FIRST_VALUE(modality_codes) OVER (PARTITION BY site_id, patient_id ORDER BY is_baseline DESC, day ASC),
        modality_codes
    ) AS is_other_modality
FROM visit
