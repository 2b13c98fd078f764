-- What is counted or measured for adverse events, from the warehouse: one row per day and measure. `hcc grade --events`
-- makes the same columns from a file.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @occasion: What was measured together: the day.
-- @observed_on: The day.
-- @measure: What was measured (reference.event_measure).
-- @number: The number; of several on one day the worst.
-- @baseline: The patient's number before treatment, where the measure is compared with it.
-- @hours: For how long it lasted, in hours; empty when it is not known.
-- @fault: Why the number cannot be used. Code list: event_reason.
WITH sign AS (
    SELECT
        observation.site_id,
        observation.patient_id,
        observation.observed_on,
        observation.observation_code AS measure,
        -- A fall of weight is what counts, and a rise of everything else.
        CASE
            WHEN event_measure.compared = 'fall_percent' THEN MIN(observation.value_number)
            ELSE MAX(observation.value_number)
        END AS number,
        BOOL_OR(observation.unit <> event_measure.unit) AS has_other_unit
    FROM current.observation AS observation
    INNER JOIN reference.event_measure AS event_measure
        ON observation.observation_code = event_measure.measure
    WHERE
        observation.value_number IS NOT NULL
        -- The part of the body that is affected names no term by itself.
        AND event_measure.measure <> 'body_surface'
    GROUP BY
        observation.site_id,
        observation.patient_id,
        observation.observed_on,
        observation.observation_code,
        event_measure.compared
)

SELECT
    sign.site_id,
    sign.patient_id,
    CAST(sign.observed_on AS VARCHAR) AS occasion,
    sign.observed_on,
    sign.measure,
    sign.number,
    baseline.value_number AS baseline,
    CAST(NULL AS DECIMAL(18, 6)) AS hours,
    CASE
        WHEN sign.has_other_unit OR baseline.unit <> event_measure.unit THEN 'unit_unknown'
    END AS fault
FROM sign
INNER JOIN reference.event_measure AS event_measure ON sign.measure = event_measure.measure
LEFT JOIN clinical.baseline_observation AS baseline
    ON
        event_measure.compared <> 'value'
        AND sign.site_id = baseline.site_id
        AND sign.patient_id = baseline.patient_id
        AND sign.measure = baseline.observation_code
