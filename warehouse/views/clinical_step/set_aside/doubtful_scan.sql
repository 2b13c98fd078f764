-- Days of imaging on which a scan was set aside, or what its reader said: a new lesion or growth of others is open.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @day: Days from the index date to the imaging.
-- @is_new_lesion_open: Whether its reader saw a new lesion was set aside.
-- @is_non_target_open: What its reader said of the non-targets was.
SELECT
    imaging_day.site_id,
    imaging_day.patient_id,
    imaging_day.day,
    BOOL_OR(apart.is_row OR apart.column_name = 'has_new_lesion') AS is_new_lesion_open,
    BOOL_OR(apart.is_row OR apart.column_name = 'non_target_status_code') AS is_non_target_open
FROM clinical_step.imaging_day AS imaging_day
INNER JOIN clinical_step.set_aside AS apart
    ON
        imaging_day.site_id = apart.site_id
        AND imaging_day.patient_id = apart.patient_id
        AND COALESCE(imaging_day.imaged_on = apart.first_day, TRUE)
WHERE
    apart.table_name = 'imaging_visit'
    AND (
        (apart.is_row AND apart.may_show_progression)
        OR apart.column_name IN ('has_new_lesion', 'non_target_status_code')
    )
GROUP BY imaging_day.site_id, imaging_day.patient_id, imaging_day.day
