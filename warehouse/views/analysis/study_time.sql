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
SELECT
    curve.study_id,
    curve.curve,
    COALESCE(stratum.level, 'all') AS stratum,
    COALESCE(stratum.level_position, 1) AS stratum_position,
    member.site_id,
    member.patient_id,
    CAST(time_cell.cell AS BIGINT) AS time_days,
    CAST(event_cell.cell AS BOOLEAN) AS is_event
FROM reference.study_curve AS curve
INNER JOIN reference.study_endpoint AS endpoint
    ON
        curve.study_id = endpoint.study_id
        AND curve.endpoint = endpoint.endpoint
INNER JOIN analysis.study_member AS member
    ON
        curve.study_id = member.study_id
        AND curve.population = member.population
LEFT JOIN analysis.cohort_cell AS time_cell
    ON
        endpoint.time_column = time_cell.column_name
        AND member.site_id = time_cell.site_id
        AND member.patient_id = time_cell.patient_id
LEFT JOIN analysis.cohort_cell AS event_cell
    ON
        endpoint.event_column = event_cell.column_name
        AND member.site_id = event_cell.site_id
        AND member.patient_id = event_cell.patient_id
LEFT JOIN analysis.study_value AS stratum
    ON
        curve.study_id = stratum.study_id
        AND curve.by_variable = stratum.variable
        AND member.site_id = stratum.site_id
        AND member.patient_id = stratum.patient_id
WHERE curve.by_variable IS NULL OR stratum.level IS NOT NULL
