-- Two readings of the same thing side by side: of every visit, and of every patient's best overall response.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @scope: visit, or best: the best overall response.
-- @day: The visit, by its first day of imaging from the index date; empty for the best overall response.
-- @first_reading: lesions (derived) or physician.
-- @first_response: What the first says.
-- @second_reading: physician or radiologist.
-- @second_response: What the second says.
WITH reading AS (
    SELECT
        site_id,
        patient_id,
        'visit' AS scope,
        visit_day AS day,
        reading,
        response
    FROM clinical.reported_response
    WHERE response IS NOT NULL AND reading <> 'simplified'
    UNION ALL
    SELECT
        site_id,
        patient_id,
        'best' AS scope,
        CAST(NULL AS BIGINT) AS no_day,
        reading,
        best_overall_response AS response
    FROM clinical.best_response
    -- A reader who never read a scan of this patient has no opinion.
    WHERE NOT is_missing AND reading <> 'simplified'
)

SELECT
    earlier.site_id,
    earlier.patient_id,
    earlier.scope,
    earlier.day,
    earlier.reading AS first_reading,
    earlier.response AS first_response,
    later.reading AS second_reading,
    later.response AS second_response
FROM reading AS earlier
INNER JOIN reading AS later
    ON
        earlier.site_id = later.site_id
        AND earlier.patient_id = later.patient_id
        AND earlier.scope = later.scope
        AND earlier.day IS NOT DISTINCT FROM later.day
        -- lesions, physician, radiologist: the order of the alphabet is the order of the pairs.
        AND earlier.reading < later.reading
