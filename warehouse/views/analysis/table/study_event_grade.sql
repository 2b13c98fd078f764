-- Adverse events of every study by category and worst grade: how many patients of each group. A patient counts once in
-- a category, at the worst grade; grades 0 to 4 and the empty one add up to the denominator. Fatal events stand apart
-- as grade 5, whose patients also count at the worst of their other grades (study option adverse_event_grade_5).
-- @study_id: The study.
-- @population: The population.
-- @group_variable: The variable whose levels are the groups; empty in the rows of the whole population.
-- @group_level: The group; total for the whole population.
-- @group_position: Its place, from 1; total stands last.
-- @category: any, dermatologic, gastroenterologic, hypertension, liver, bleeding or other (reference.event_category).
-- @grade: Worst grade, 1 to 4; 0 without an event, 5 for fatal ones, empty when no event has a grade.
-- @patients: Patients with that worst grade.
-- @denominator: Patients of the group in hospitals that report adverse events.
-- @percent: patients in percent of the denominator.
WITH grouping_used AS (
    SELECT DISTINCT
        study_id,
        population,
        group_variable
    FROM reference.study_table
    WHERE group_variable IS NOT NULL
),

grouped AS (
    SELECT
        study_id,
        population,
        CAST(NULL AS VARCHAR) AS group_variable,
        'total' AS group_level,
        1000 AS group_position,
        site_id,
        patient_id
    FROM analysis.study_member
    UNION ALL
    SELECT
        member.study_id,
        member.population,
        grouping_used.group_variable,
        study_value.level AS group_level,
        study_value.level_position AS group_position,
        member.site_id,
        member.patient_id
    FROM analysis.study_member AS member
    INNER JOIN grouping_used
        ON
            member.study_id = grouping_used.study_id
            AND member.population = grouping_used.population
    INNER JOIN analysis_step.study_value AS study_value
        ON
            member.study_id = study_value.study_id
            AND grouping_used.group_variable = study_value.variable
            AND member.site_id = study_value.site_id
            AND member.patient_id = study_value.patient_id
),

counted AS (
    SELECT
        grouped.study_id,
        grouped.population,
        grouped.group_variable,
        grouped.group_level,
        grouped.group_position,
        worst.category,
        worst.worst_grade,
        worst.has_fatal,
        COUNT(*) AS patients
    FROM grouped
    INNER JOIN clinical.worst_event_grade AS worst
        ON
            grouped.site_id = worst.site_id
            AND grouped.patient_id = worst.patient_id
    INNER JOIN clinical_step.site_scope AS site_scope
        ON grouped.site_id = site_scope.site_id
    WHERE site_scope.reports_events
    GROUP BY ALL
),

graded AS (
    SELECT
        * EXCLUDE (worst_grade, has_fatal),
        worst_grade AS grade
    FROM counted
    WHERE worst_grade IS DISTINCT FROM 5
    UNION ALL
    SELECT
        * EXCLUDE (worst_grade, has_fatal),
        5 AS grade
    FROM counted
    WHERE has_fatal
),

size AS (
    SELECT
        study_id,
        population,
        group_variable,
        group_level,
        category,
        SUM(patients) AS denominator
    FROM counted
    GROUP BY study_id, population, group_variable, group_level, category
),

summed AS (
    SELECT
        * EXCLUDE (patients),
        SUM(patients) AS patients
    FROM graded
    GROUP BY ALL
)

SELECT
    summed.study_id,
    summed.population,
    summed.group_variable,
    summed.group_level,
    summed.group_position,
    summed.category,
    CAST(summed.grade AS INTEGER) AS grade,
    CAST(summed.patients AS BIGINT) AS patients,
    CAST(size.denominator AS BIGINT) AS denominator,
    100.0 * CAST(summed.patients AS DOUBLE) / CAST(size.denominator AS DOUBLE) AS percent
FROM summed
INNER JOIN size
    ON
        summed.study_id = size.study_id
        AND summed.population = size.population
        AND summed.group_variable IS NOT DISTINCT FROM size.group_variable
        AND summed.group_level = size.group_level
        AND summed.category = size.category
