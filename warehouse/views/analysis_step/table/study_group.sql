-- In which column of which table every patient is counted: the levels of the table's groups, and `total`.
-- A patient of the population whose group is not known is in the total alone.
-- @study_id: The study.
-- @table_id: The table.
-- @group_level: The column: a level of the group variable, or total.
-- @group_position: Its place, from 1; total stands last.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
SELECT
    study_table.study_id,
    study_table.table_id,
    'total' AS group_level,
    1000 AS group_position,
    member.site_id,
    member.patient_id
FROM reference.study_table AS study_table
INNER JOIN analysis.study_member AS member
    ON
        study_table.study_id = member.study_id
        AND study_table.population = member.population
UNION ALL
SELECT
    study_table.study_id,
    study_table.table_id,
    study_value.level AS group_level,
    study_value.level_position AS group_position,
    member.site_id,
    member.patient_id
FROM reference.study_table AS study_table
INNER JOIN analysis.study_member AS member
    ON
        study_table.study_id = member.study_id
        AND study_table.population = member.population
INNER JOIN analysis_step.study_value AS study_value
    ON
        member.study_id = study_value.study_id
        AND study_table.group_variable = study_value.variable
        AND member.site_id = study_value.site_id
        AND member.patient_id = study_value.patient_id
