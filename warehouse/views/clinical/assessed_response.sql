-- Which of the responses count: one per date, up to the first progression, before new anticancer therapy.
-- Reads clinical.reported_response alone.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @reading: Who read.
-- @day: Days from the start of treatment; empty for a patient never assessed.
-- @response: CR, PR, SD, IR/SD, PD or NE.
-- @is_up_to_progression: Not after the first progression.
-- @is_counted: Up to the first progression, and not after new therapy has begun.
-- @has_cr_before: A complete response stands before.
-- @pr_before: Partial responses before.
-- @sd_before: Visits with stable disease (IR/SD too) before.
-- @ne_before: Visits not evaluable before.
WITH of_the_day AS (
    SELECT
        site_id,
        patient_id,
        reading,
        day,
        -- "One record per date, worst wins (PD > ... ; NE loses to any)."
        ARG_MIN(
            response,
            CASE response
                WHEN 'PD' THEN 1 WHEN 'SD' THEN 2 WHEN 'IR/SD' THEN 3 WHEN 'PR' THEN 4 WHEN 'CR' THEN 5 ELSE 6
            END
        ) AS response,
        MIN(new_therapy_day) AS new_therapy_day
    FROM clinical.reported_response
    GROUP BY site_id, patient_id, reading, day
),

followed AS (
    SELECT
        *,
        COALESCE(BOOL_OR(response = 'PD') OVER earlier, FALSE) AS has_pd_before,
        COALESCE(BOOL_OR(response = 'CR') OVER earlier, FALSE) AS has_cr_before,
        COUNT(*) FILTER (WHERE response = 'PR') OVER earlier AS pr_before,
        COUNT(*) FILTER (WHERE response IN ('SD', 'IR/SD')) OVER earlier AS sd_before,
        COUNT(*) FILTER (WHERE response = 'NE') OVER earlier AS ne_before
    FROM of_the_day
    WINDOW earlier AS (
        PARTITION BY site_id, patient_id, reading
        ORDER BY day
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
)

SELECT
    site_id,
    patient_id,
    reading,
    day,
    response,
    NOT has_pd_before AS is_up_to_progression,
    -- A scan on the day on which new therapy begins was made before it.
    COALESCE(NOT has_pd_before AND day <= COALESCE(new_therapy_day, day), FALSE) AS is_counted,
    has_cr_before,
    pr_before,
    sd_before,
    ne_before
FROM followed
