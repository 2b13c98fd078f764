-- Responders among patients: what the rates are made of, for each hospital and for all together.
-- @site_id: The hospital; empty for all together.
-- @reading: Who read.
-- @endpoint: objective_response (CR or PR) or disease_control (CR, PR or SD).
-- @denominator: treated: everyone with an index date; evaluable: those with a best response other than NE.
-- @event_count: Patients with the endpoint.
-- @patient_count: Patients in the denominator.
WITH patient AS (
    SELECT
        site_id,
        reading,
        best_overall_response
    FROM clinical.best_response
    UNION ALL
    SELECT
        NULL AS site_id,
        reading,
        best_overall_response
    FROM clinical.best_response
),

endpoint AS (
    SELECT
        'objective_response' AS endpoint,
        ['CR', 'PR'] AS responses
    UNION ALL
    SELECT
        'disease_control' AS endpoint,
        ['CR', 'PR', 'SD'] AS responses
),

denominator AS (
    SELECT UNNEST(['treated', 'evaluable']) AS denominator
)

SELECT
    patient.site_id,
    patient.reading,
    endpoint.endpoint,
    denominator.denominator,
    COUNT(*) FILTER (WHERE LIST_CONTAINS(endpoint.responses, patient.best_overall_response)) AS event_count,
    COUNT(*) AS patient_count
FROM patient
CROSS JOIN endpoint
CROSS JOIN denominator
-- A response that something set aside leaves open is in no count.
WHERE
    patient.best_overall_response IS NOT NULL
    AND (denominator.denominator = 'treated' OR patient.best_overall_response <> 'NE')
GROUP BY patient.site_id, patient.reading, endpoint.endpoint, denominator.denominator
