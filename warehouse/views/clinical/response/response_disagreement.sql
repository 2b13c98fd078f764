-- Where two readings differ: something to ask the hospital. Both are kept; none is corrected.
-- A reader's form has no IR/SD, so SD there says the same.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @scope: visit, or best: the best overall response.
-- @day: The visit, by its first day of imaging from the index date; empty for the best overall response.
-- @first_reading: lesions (derived) or physician.
-- @first_response: What the first says.
-- @second_reading: physician or radiologist.
-- @second_response: What the second says.
-- @is_about_progression: One of the two says progression.
-- @is_about_evaluability: One of the two could not be evaluated.
SELECT
    site_id,
    patient_id,
    scope,
    day,
    first_reading,
    first_response,
    second_reading,
    second_response,
    'PD' IN (first_response, second_response) AS is_about_progression,
    'NE' IN (first_response, second_response) AS is_about_evaluability
FROM clinical_step.response_pair
WHERE REPLACE(first_response, 'IR/', '') <> REPLACE(second_response, 'IR/', '')
