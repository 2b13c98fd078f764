-- Who belongs to which population of which study: patients who meet every condition of it.
-- @study_id: The study.
-- @population: The population.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
WITH asked AS (
    SELECT
        study_id,
        population,
        COUNT(DISTINCT variable) AS conditions
    FROM reference.study_condition
    GROUP BY study_id, population
),

met AS (
    SELECT
        condition.study_id,
        condition.population,
        study_value.site_id,
        study_value.patient_id,
        COUNT(DISTINCT condition.variable) AS conditions
    FROM reference.study_condition AS condition
    INNER JOIN analysis_step.study_value AS study_value
        ON
            condition.study_id = study_value.study_id
            AND condition.variable = study_value.variable
            AND condition.level = study_value.level
    GROUP BY condition.study_id, condition.population, study_value.site_id, study_value.patient_id
)

SELECT
    met.study_id,
    met.population,
    met.site_id,
    met.patient_id
FROM met
INNER JOIN asked
    ON
        met.study_id = asked.study_id
        AND met.population = asked.population
        AND met.conditions = asked.conditions
