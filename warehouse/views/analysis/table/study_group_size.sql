-- How many patients every column of every table has, empty columns with 0.
-- @study_id: The study.
-- @table_id: The table.
-- @group_level: The column: a level of the group variable, or total.
-- @group_position: Its place, from 1; total stands last.
-- @patients: Patients in it.
WITH column_of_table AS (
    SELECT
        study_table.study_id,
        study_table.table_id,
        study_level.level AS group_level,
        study_level.position AS group_position
    FROM reference.study_table AS study_table
    INNER JOIN reference.study_level AS study_level
        ON
            study_table.study_id = study_level.study_id
            AND study_table.group_variable = study_level.variable
    UNION ALL
    SELECT
        study_id,
        table_id,
        'total' AS group_level,
        1000 AS group_position
    FROM reference.study_table
),

counted AS (
    SELECT
        study_id,
        table_id,
        group_level,
        COUNT(*) AS patients
    FROM analysis_step.study_group
    GROUP BY study_id, table_id, group_level
)

SELECT
    column_of_table.study_id,
    column_of_table.table_id,
    column_of_table.group_level,
    column_of_table.group_position,
    COALESCE(counted.patients, 0) AS patients
FROM column_of_table
LEFT JOIN counted
    ON
        column_of_table.study_id = counted.study_id
        AND column_of_table.table_id = counted.table_id
        AND column_of_table.group_level = counted.group_level
