-- The flow of patients, all hospitals together, in the order of its boxes; everyone who leaves it leaves it once.
-- @step: Place of the box, from 1.
-- @flow_box: screened, not_met, unknown, eligible, long_term, short_term or undetermined.
-- @criterion: The criterion of the boxes not_met and unknown.
-- @patients: Patients in the box.
-- @patients_left: Patients still in the flow after it; of the survival groups, those still to be separated.
WITH flow AS (
    SELECT
        1 AS step,
        'screened' AS flow_box,
        NULL AS criterion
    UNION ALL
    SELECT
        1 + place AS step,
        'not_met' AS flow_box,
        criterion
    FROM clinical_step.study_criterion
    UNION ALL
    SELECT
        10 + place AS step,
        'unknown' AS flow_box,
        criterion
    FROM clinical_step.study_criterion
    UNION ALL
    SELECT
        UNNEST([20, 21, 22, 23]) AS step,
        UNNEST(['eligible', 'long_term', 'short_term', 'undetermined']) AS flow_box,
        NULL AS criterion
),

counted AS (
    SELECT
        flow.step,
        flow.flow_box,
        flow.criterion,
        COUNT(eligibility.patient_id) AS patients
    FROM flow
    LEFT JOIN clinical.eligibility AS eligibility
        ON
            flow.flow_box = 'screened'
            OR (flow.flow_box = 'eligible' AND eligibility.is_eligible)
            OR (flow.flow_box = eligibility.flow_box AND flow.criterion IS NOT DISTINCT FROM eligibility.flow_criterion)
    GROUP BY flow.step, flow.flow_box, flow.criterion
)

SELECT
    CAST(step AS SMALLINT) AS step,
    flow_box,
    criterion,
    patients,
    CAST(
        SUM(CASE flow_box WHEN 'screened' THEN patients WHEN 'eligible' THEN 0 ELSE -patients END) OVER (ORDER BY step)
        AS BIGINT
    ) AS patients_left
FROM counted
ORDER BY step
