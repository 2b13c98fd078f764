-- Who has a response that a later one confirms; one row per such patient and reading.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @reading: Who read.
-- @confirmed_cr_day: Day of the first complete response that another confirms; empty without one.
-- @confirmed_pr_day: Day of the first partial response that a partial or complete one confirms; empty without one.
WITH response AS (
    SELECT
        assessed.*,
        response_option.confirmation_days,
        response_option.confirmation_max_ne,
        response_option.confirmation_max_sd
    FROM clinical.assessed_response AS assessed
    INNER JOIN clinical.response_milestone AS milestone
        ON
            assessed.site_id = milestone.site_id
            AND assessed.patient_id = milestone.patient_id
            AND assessed.reading = milestone.reading
    CROSS JOIN clinical.response_option AS response_option
    WHERE
        assessed.is_counted
        AND assessed.response IN ('CR', 'PR')
        -- Where disease after a complete response is progression, nothing from it on confirms anything.
        AND (milestone.disease_after_cr_day IS NULL OR assessed.day < milestone.disease_after_cr_day)
)

SELECT
    earlier.site_id,
    earlier.patient_id,
    earlier.reading,
    -- "CR/CR: CR": between the two nothing but CR and at most so many NE.
    MIN(earlier.day) FILTER (
        WHERE
        earlier.response = 'CR'
        AND later.response = 'CR'
        AND later.pr_before = earlier.pr_before
        AND later.sd_before = earlier.sd_before
    ) AS confirmed_cr_day,
    -- "PR/PR and PR/CR: PR": between the two responses, at most so many NE and so many SD.
    MIN(earlier.day) FILTER (
        WHERE
        earlier.response = 'PR'
        AND later.sd_before - earlier.sd_before <= earlier.confirmation_max_sd
    ) AS confirmed_pr_day
FROM response AS earlier
INNER JOIN response AS later
    ON
        earlier.site_id = later.site_id
        AND earlier.patient_id = later.patient_id
        AND earlier.reading = later.reading
        -- "CR or PR repeated >= 28 days later (inclusive)."
        AND later.day >= earlier.day + earlier.confirmation_days
        AND later.day > earlier.day
WHERE later.ne_before - earlier.ne_before <= earlier.confirmation_max_ne
GROUP BY earlier.site_id, earlier.patient_id, earlier.reading
