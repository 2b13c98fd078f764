-- Which of the responses count: up to the first progression, before new anticancer therapy.
-- Reads clinical.reported_response alone, which has one row per patient, reading and visit.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @reading: Who read.
-- @day: The day that counts, from the start of treatment; empty for a patient never assessed.
-- @response: CR, PR, SD, IR/SD, PD or NE.
-- @is_up_to_progression: Not after the first progression.
-- @is_counted: Up to the first progression, and not after new therapy has begun.
WITH followed AS (
    SELECT
        *,
        COALESCE(
            BOOL_OR(response = 'PD') OVER (
                PARTITION BY site_id, patient_id, reading
                ORDER BY day
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), FALSE
        ) AS has_pd_before
    FROM clinical.reported_response
)

SELECT
    site_id,
    patient_id,
    reading,
    day,
    response,
    NOT has_pd_before AS is_up_to_progression,
    -- A scan on the day on which new therapy begins was made before it.
    COALESCE(NOT has_pd_before AND day <= COALESCE(new_therapy_day, day), FALSE) AS is_counted
FROM followed
