-- The baseline of every finding: the last one in the 28 days before the index date, that day included.
-- A value that was set aside and may be later, or of the same day, leaves the baseline open: there is none then.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @observation_code: What was observed. Code list: observation.
-- @observed_on: Date of the observation.
-- @value_number: Numeric value, in the unit next to it.
-- @value_code: Coded value, for findings that are not numbers.
-- @unit: Unit of the numeric value (UCUM).
-- @days_before: Days from the observation to the index date; 0 on the day itself.
WITH latest AS (
    SELECT
        observation.site_id,
        observation.patient_id,
        observation.observation_code,
        observation.observed_on,
        observation.value_number,
        observation.value_code,
        observation.unit,
        index_date.index_date - observation.observed_on AS days_before
    FROM current.observation AS observation
    INNER JOIN clinical.index_date AS index_date
        ON
            observation.site_id = index_date.site_id
            AND observation.patient_id = index_date.patient_id
    CROSS JOIN clinical_step.study_number AS study_number
    WHERE
        (observation.value_number IS NOT NULL OR observation.value_code IS NOT NULL)
        -- Study definitions: "last value in [-28, 0] days for labs, ECOG, ascites, encephalopathy"; others likewise.
        AND index_date.index_date - observation.observed_on BETWEEN 0 AND study_number.baseline_days_before
    -- Two findings of one day: the later record of the export, so that a build always takes the same.
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY observation.site_id, observation.patient_id, observation.observation_code
        ORDER BY
            observation.observed_on DESC,
            observation.source_file DESC,
            observation.source_record DESC,
            observation.source_ordinal DESC
    ) = 1
)

SELECT latest.*
FROM latest
LEFT JOIN clinical_step.possible_baseline AS possible
    ON
        latest.site_id = possible.site_id
        AND latest.patient_id = possible.patient_id
        AND possible.table_name = 'observation'
        -- A patient has one finding of a kind a day: what could not be read is of another kind than what is there.
        AND (
            latest.observed_on < possible.last_day
            OR (latest.observed_on = possible.last_day AND (possible.code IS NOT NULL OR NOT possible.is_day_known))
        )
        AND COALESCE(latest.observation_code = possible.code, TRUE)
GROUP BY ALL
HAVING COUNT(possible.patient_id) = 0
