-- Who belongs to the study, one row per patient, with the box of the flow that counts the patient.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @is_eligible: Every criterion is met (true) or one is not (false); empty when one is unknown.
-- @first_not_met: The first criterion that is not met, in the order of the flow.
-- @first_unknown: The first criterion that cannot be decided.
-- @criteria_met: Number of criteria met.
-- @criteria_not_met: Number of criteria not met.
-- @criteria_unknown: Number of criteria that cannot be decided.
-- @survival_group: long_term, short_term or undetermined.
-- @flow_box: not_met, unknown, or the survival group of an eligible patient: everyone is in one box.
-- @flow_criterion: The criterion of the boxes not_met and unknown.
WITH counted AS (
    SELECT
        site_id,
        patient_id,
        ARG_MIN(criterion, place) FILTER (WHERE counts_as = 'not_met') AS first_not_met,
        ARG_MIN(criterion, place) FILTER (WHERE counts_as = 'unknown') AS first_unknown,
        COUNT(*) FILTER (WHERE counts_as = 'met') AS criteria_met,
        COUNT(*) FILTER (WHERE counts_as = 'not_met') AS criteria_not_met,
        COUNT(*) FILTER (WHERE counts_as = 'unknown') AS criteria_unknown
    FROM clinical.eligibility_criterion
    GROUP BY site_id, patient_id
)

SELECT
    counted.site_id,
    counted.patient_id,
    CASE
        WHEN counted.first_not_met IS NOT NULL THEN FALSE
        WHEN counted.first_unknown IS NULL THEN TRUE
    END AS is_eligible,
    counted.first_not_met,
    counted.first_unknown,
    counted.criteria_met,
    counted.criteria_not_met,
    counted.criteria_unknown,
    survival.survival_group,
    CASE
        WHEN counted.first_not_met IS NOT NULL THEN 'not_met'
        WHEN counted.first_unknown IS NOT NULL THEN 'unknown'
        ELSE survival.survival_group
    END AS flow_box,
    COALESCE(counted.first_not_met, counted.first_unknown) AS flow_criterion
FROM counted
INNER JOIN clinical.survival AS survival
    ON
        counted.site_id = survival.site_id
        AND counted.patient_id = survival.patient_id
