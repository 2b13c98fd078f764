-- Response and time to progression of every patient by the reading that the study takes (option response_reading).
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @response_reading: Who read: lesions (derived), physician or radiologist.
-- @best_overall_response: CR, PR, SD, IR/SD, PD or NE.
-- @ttp_days: Days from the index date to the first radiological progression, or else to where it is censored.
-- @ttp_months: The same in months.
-- @ttp_event: Progression was seen (true) or not (false).
-- @pfs_days: Days to progression or death, or else to where it is censored.
-- @pfs_months: The same in months.
-- @pfs_event: Progression or death; empty when the patient died on an unknown day without progression.
-- @sd_duration_months: From the start of treatment to progression, where the best response is SD.
-- @pr_duration_months: From the first PR to progression, where the best response is PR.
-- @cr_duration_months: From the first CR to progression, where the best response is CR.
SELECT
    response_time.site_id,
    response_time.patient_id,
    response_time.reading AS response_reading,
    response_time.best_overall_response,
    response_time.ttp_days,
    response_time.ttp_months,
    response_time.ttp_event,
    response_time.pfs_days,
    response_time.pfs_months,
    response_time.pfs_event,
    CAST(response_time.sd_days / study_number.days_per_month AS DECIMAL(12, 4)) AS sd_duration_months,
    CAST(response_time.pr_days / study_number.days_per_month AS DECIMAL(12, 4)) AS pr_duration_months,
    CAST(response_time.cr_days / study_number.days_per_month AS DECIMAL(12, 4)) AS cr_duration_months
FROM clinical.response_time AS response_time
CROSS JOIN clinical_step.study_number AS study_number
WHERE response_time.reading = study_number.response_reading
