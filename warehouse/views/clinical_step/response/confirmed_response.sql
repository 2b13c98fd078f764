-- Which responses a later one confirms; one row per patient and reading with any complete or partial response.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @reading: Who read.
-- @confirmed_cr_day: Day of the first complete response that another confirms; empty without one.
-- @confirmed_pr_day: Day of the first partial response that a partial or complete one confirms; empty without one.
-- @disease_after_cr_day: First disease after a complete response, where it counts as progression (disease_after_cr).
WITH responder AS (
    SELECT
        assessed.*,
        milestone.first_cr_day
    FROM clinical_step.assessed_response AS assessed
    INNER JOIN clinical_step.response_milestone AS milestone
        ON
            assessed.site_id = milestone.site_id
            AND assessed.patient_id = milestone.patient_id
            AND assessed.reading = milestone.reading
    WHERE
        assessed.is_counted
        AND (milestone.first_cr_day IS NOT NULL OR milestone.first_pr_day IS NOT NULL)
),

-- "Disease after true CR is PD"; disputed, so a study option.
relapse AS (
    SELECT
        responder.site_id,
        responder.patient_id,
        responder.reading,
        MIN(responder.day) FILTER (
            WHERE
            responder.day > responder.first_cr_day
            AND responder.response IN ('PR', 'SD', 'IR/SD')
            AND response_option.disease_after_cr = 'progression'
        ) AS disease_after_cr_day
    FROM responder
    CROSS JOIN clinical_step.response_option AS response_option
    GROUP BY responder.site_id, responder.patient_id, responder.reading
),

counted AS (
    SELECT
        *,
        COUNT(*) FILTER (WHERE response = 'PR') OVER earlier AS pr_before,
        COUNT(*) FILTER (WHERE response IN ('SD', 'IR/SD')) OVER earlier AS sd_before,
        COUNT(*) FILTER (WHERE response = 'NE') OVER earlier AS ne_before
    FROM responder
    WINDOW earlier AS (
        PARTITION BY site_id, patient_id, reading
        ORDER BY day
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),

confirmed AS (
    SELECT
        first_seen.site_id,
        first_seen.patient_id,
        first_seen.reading,
        -- "CR/CR: CR": between the two nothing but CR and at most so many NE.
        MIN(first_seen.day) FILTER (
            WHERE
            first_seen.response = 'CR'
            AND seen_again.response = 'CR'
            AND seen_again.pr_before = first_seen.pr_before
            AND seen_again.sd_before = first_seen.sd_before
        ) AS confirmed_cr_day,
        -- "PR/PR and PR/CR: PR": between the two responses, at most so many NE and so many SD.
        MIN(first_seen.day) FILTER (
            WHERE
            first_seen.response = 'PR'
            AND seen_again.sd_before - first_seen.sd_before <= response_option.confirmation_max_sd
        ) AS confirmed_pr_day
    FROM counted AS first_seen
    CROSS JOIN clinical_step.response_option AS response_option
    INNER JOIN counted AS seen_again
        ON
            first_seen.site_id = seen_again.site_id
            AND first_seen.patient_id = seen_again.patient_id
            AND first_seen.reading = seen_again.reading
            AND first_seen.day < seen_again.day
            -- "CR or PR repeated >= 28 days later (inclusive)."
            AND first_seen.day + response_option.confirmation_days <= seen_again.day
    INNER JOIN relapse
        ON
            first_seen.site_id = relapse.site_id
            AND first_seen.patient_id = relapse.patient_id
            AND first_seen.reading = relapse.reading
    WHERE
        first_seen.response IN ('CR', 'PR')
        AND seen_again.response IN ('CR', 'PR')
        AND seen_again.ne_before - first_seen.ne_before <= response_option.confirmation_max_ne
        -- Where disease after a complete response is progression, nothing from it on confirms anything.
        AND seen_again.day < COALESCE(relapse.disease_after_cr_day, seen_again.day + 1)
    GROUP BY first_seen.site_id, first_seen.patient_id, first_seen.reading
)

SELECT
    relapse.site_id,
    relapse.patient_id,
    relapse.reading,
    confirmed.confirmed_cr_day,
    confirmed.confirmed_pr_day,
    relapse.disease_after_cr_day
FROM relapse
LEFT JOIN confirmed
    ON
        relapse.site_id = confirmed.site_id
        AND relapse.patient_id = confirmed.patient_id
        AND relapse.reading = confirmed.reading
