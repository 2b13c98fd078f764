-- Time to the event of every patient in every curve of every study. Where a curve compares the levels of a variable,
-- patients for whom it is not known are in none of its strata.
-- @study_id: The study.
-- @curve: The curve.
-- @stratum: The level of the variable that is compared, or all.
-- @stratum_position: Its place, from 1.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @time_days: Days from time zero to the event, or to where the patient was censored; empty when not known.
-- @is_event: The event was seen (true) or the patient was censored (false); empty when not known.
WITH timed AS (
    -- One pass over the cells for all endpoints, in place of a join of the cells with themselves.
    SELECT
        endpoint.study_id,
        endpoint.endpoint,
        cell.site_id,
        cell.patient_id,
        CAST(MAX(cell.cell) FILTER (WHERE cell.column_name = endpoint.time_column) AS BIGINT) AS time_days,
        CAST(MAX(cell.cell) FILTER (WHERE cell.column_name = endpoint.event_column) AS BOOLEAN) AS is_event
    FROM reference.study_endpoint AS endpoint
    INNER JOIN analysis_step.cohort_cell AS cell
        ON cell.column_name IN (endpoint.time_column, endpoint.event_column)
    GROUP BY endpoint.study_id, endpoint.endpoint, cell.site_id, cell.patient_id
)

SELECT
    curve.study_id,
    curve.curve,
    COALESCE(stratum.level, 'all') AS stratum,
    COALESCE(stratum.level_position, 1) AS stratum_position,
    member.site_id,
    member.patient_id,
    timed.time_days,
    timed.is_event
FROM reference.study_curve AS curve
INNER JOIN analysis.study_member AS member
    ON
        curve.study_id = member.study_id
        AND curve.population = member.population
LEFT JOIN timed
    ON
        curve.study_id = timed.study_id
        AND curve.endpoint = timed.endpoint
        AND member.site_id = timed.site_id
        AND member.patient_id = timed.patient_id
LEFT JOIN analysis_step.study_value AS stratum
    ON
        curve.study_id = stratum.study_id
        AND curve.by_variable = stratum.variable
        AND member.site_id = stratum.site_id
        AND member.patient_id = stratum.patient_id
WHERE curve.by_variable IS NULL OR stratum.level IS NOT NULL
