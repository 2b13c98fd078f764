-- The days that a patient's course of response turns on, per reading; days from the start of treatment.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @reading: Who read.
-- @assessment_count: Visits that count.
-- @evaluable_count: Those of them that could be evaluated.
-- @first_cr_day: First complete response.
-- @first_pr_day: First partial response.
-- @first_sd_day: First stable disease late enough to count (study option minimum_sd_days).
-- @first_ir_sd_day: First IR/SD late enough to count.
-- @first_control_day: First CR, PR or SD late enough to count as stable disease.
-- @progression_day: First progression, before new therapy.
-- @last_evaluable_day: Last visit that counts and could be evaluated, progression included.
-- @last_scan_day: Last visit that counts, evaluable or not.
-- @any_progression_day: First progression, after new therapy too.
-- @any_last_evaluable_day: Last evaluable visit up to it.
-- @any_last_scan_day: Last visit up to it.
SELECT
    assessed.site_id,
    assessed.patient_id,
    assessed.reading,
    COUNT(*) FILTER (WHERE assessed.is_counted) AS assessment_count,
    COUNT(*) FILTER (WHERE assessed.is_counted AND assessed.response <> 'NE') AS evaluable_count,
    MIN(assessed.day) FILTER (WHERE assessed.is_counted AND assessed.response = 'CR') AS first_cr_day,
    MIN(assessed.day) FILTER (WHERE assessed.is_counted AND assessed.response = 'PR') AS first_pr_day,
    -- "SD and IR/SD count only from the minimum duration (>= 42 days default, inclusive, no +1)."
    MIN(assessed.day) FILTER (
        WHERE assessed.is_counted AND assessed.response = 'SD' AND assessed.day >= response_option.minimum_sd_days
    ) AS first_sd_day,
    MIN(assessed.day) FILTER (
        WHERE assessed.is_counted AND assessed.response = 'IR/SD' AND assessed.day >= response_option.minimum_sd_days
    ) AS first_ir_sd_day,
    MIN(assessed.day) FILTER (
        WHERE
        assessed.is_counted
        AND assessed.response IN ('CR', 'PR', 'SD')
        AND assessed.day >= response_option.minimum_sd_days
    ) AS first_control_day,
    MIN(assessed.day) FILTER (WHERE assessed.is_counted AND assessed.response = 'PD') AS progression_day,
    MAX(assessed.day) FILTER (WHERE assessed.is_counted AND assessed.response <> 'NE') AS last_evaluable_day,
    MAX(assessed.day) FILTER (WHERE assessed.is_counted) AS last_scan_day,
    MIN(assessed.day) FILTER (WHERE assessed.is_up_to_progression AND assessed.response = 'PD') AS any_progression_day,
    MAX(assessed.day) FILTER (WHERE assessed.is_up_to_progression AND assessed.response <> 'NE')
        AS any_last_evaluable_day,
    MAX(assessed.day) FILTER (WHERE assessed.is_up_to_progression) AS any_last_scan_day
FROM clinical_step.assessed_response AS assessed
CROSS JOIN clinical_step.response_option AS response_option
GROUP BY assessed.site_id, assessed.patient_id, assessed.reading
