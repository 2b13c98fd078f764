-- What every cell of every table counts or measures, without a test: levels by their number, numbers by their summary.
-- A level that no patient has stands with 0; so does a column without patients.
-- @study_id: The study.
-- @table_id: The table.
-- @row_position: Place of the row in the table, from 1.
-- @variable: The variable of the row.
-- @level: The level; empty for a number.
-- @level_position: Place of the level, from 1; 0 for a number.
-- @group_level: The column: a level of the group variable, or total.
-- @group_position: Its place, from 1; total stands last.
-- @n: Patients with the level; of a number, patients for whom it is known.
-- @denominator: Patients of the column for whom the variable is known.
-- @missing: Patients of the column for whom it is not known although it applies.
-- @not_applicable: Patients of the column to whom it does not apply, such as the duration of a response without one.
-- @percent: n in percent of the denominator; empty for a number, and where the denominator is 0.
-- @mean: Mean of the number, in the unit of the variable.
-- @sd: Its standard deviation, with n - 1.
-- @median: Its median; of an even count, the middle of the two.
-- @lower_quartile: Its 25th percentile, interpolated (type 7).
-- @upper_quartile: Its 75th percentile, interpolated (type 7).
-- @lowest: Its smallest value.
-- @highest: Its largest value.
WITH asked AS (
    SELECT DISTINCT
        study_id,
        variable
    FROM reference.study_applicability
),

counted AS (
    SELECT
        study_row.study_id,
        study_row.table_id,
        study_row.position AS row_position,
        member.group_level,
        study_value.level,
        COUNT(*) AS n
    FROM reference.study_row AS study_row
    INNER JOIN analysis_step.study_value AS study_value
        ON
            study_row.study_id = study_value.study_id
            AND study_row.variable = study_value.variable
    INNER JOIN analysis_step.study_group AS member
        ON
            study_row.study_id = member.study_id
            AND study_row.table_id = member.table_id
            AND study_value.site_id = member.site_id
            AND study_value.patient_id = member.patient_id
    GROUP BY study_row.study_id, study_row.table_id, study_row.position, member.group_level, study_value.level
),

-- Numbers apart from levels, each group sorted once for all that is computed of it: sorting takes memory.
sorted_number AS (
    SELECT
        study_row.study_id,
        study_row.table_id,
        study_row.position AS row_position,
        member.group_level,
        -- In one order always: sums of binary fractions depend on theirs, and frozen data must repeat every digit.
        LIST(study_value.number ORDER BY study_value.number) AS numbers
    FROM reference.study_row AS study_row
    INNER JOIN analysis_step.study_value AS study_value
        ON
            study_row.study_id = study_value.study_id
            AND study_row.variable = study_value.variable
    INNER JOIN analysis_step.study_group AS member
        ON
            study_row.study_id = member.study_id
            AND study_row.table_id = member.table_id
            AND study_value.site_id = member.site_id
            AND study_value.patient_id = member.patient_id
    WHERE study_value.number IS NOT NULL
    GROUP BY study_row.study_id, study_row.table_id, study_row.position, member.group_level
),

known AS (
    SELECT
        counted.study_id,
        counted.table_id,
        counted.row_position,
        counted.group_level,
        counted.level,
        counted.n,
        LIST_AGGREGATE(sorted_number.numbers, 'avg') AS mean,
        LIST_AGGREGATE(sorted_number.numbers, 'stddev_samp') AS sd,
        LIST_AGGREGATE(sorted_number.numbers, 'quantile_cont', 0.5) AS median,
        LIST_AGGREGATE(sorted_number.numbers, 'quantile_cont', 0.25) AS lower_quartile,
        LIST_AGGREGATE(sorted_number.numbers, 'quantile_cont', 0.75) AS upper_quartile,
        sorted_number.numbers[1] AS lowest,
        sorted_number.numbers[-1] AS highest
    FROM counted
    LEFT JOIN sorted_number
        ON
            counted.study_id = sorted_number.study_id
            AND counted.table_id = sorted_number.table_id
            AND counted.row_position = sorted_number.row_position
            AND counted.group_level = sorted_number.group_level
            AND counted.level IS NULL
),

applicable AS (
    SELECT
        study_row.study_id,
        study_row.table_id,
        study_row.position AS row_position,
        member.group_level,
        COUNT(*) AS patients
    FROM reference.study_row AS study_row
    INNER JOIN analysis_step.study_applicable AS applies
        ON
            study_row.study_id = applies.study_id
            AND study_row.variable = applies.variable
    INNER JOIN analysis_step.study_group AS member
        ON
            study_row.study_id = member.study_id
            AND study_row.table_id = member.table_id
            AND applies.site_id = member.site_id
            AND applies.patient_id = member.patient_id
    GROUP BY study_row.study_id, study_row.table_id, study_row.position, member.group_level
),

cell AS (
    SELECT
        study_row.study_id,
        study_row.table_id,
        study_row.position AS row_position,
        study_row.variable,
        study_variable.is_number,
        study_level.level,
        COALESCE(study_level.position, 0) AS level_position,
        group_size.group_level,
        group_size.group_position,
        group_size.patients,
        CASE WHEN asked.variable IS NULL THEN group_size.patients ELSE COALESCE(applicable.patients, 0) END
            AS applicable
    FROM reference.study_row AS study_row
    INNER JOIN reference.study_variable AS study_variable
        ON
            study_row.study_id = study_variable.study_id
            AND study_row.variable = study_variable.variable
    INNER JOIN analysis.study_group_size AS group_size
        ON
            study_row.study_id = group_size.study_id
            AND study_row.table_id = group_size.table_id
    LEFT JOIN reference.study_level AS study_level
        ON
            study_row.study_id = study_level.study_id
            AND study_row.variable = study_level.variable
    LEFT JOIN asked
        ON
            study_row.study_id = asked.study_id
            AND study_row.variable = asked.variable
    LEFT JOIN applicable
        ON
            study_row.study_id = applicable.study_id
            AND study_row.table_id = applicable.table_id
            AND study_row.position = applicable.row_position
            AND group_size.group_level = applicable.group_level
)

SELECT
    cell.study_id,
    cell.table_id,
    cell.row_position,
    cell.variable,
    cell.level,
    cell.level_position,
    cell.group_level,
    cell.group_position,
    COALESCE(known.n, 0) AS n,
    CAST(
        SUM(COALESCE(known.n, 0)) OVER (
            PARTITION BY cell.study_id, cell.table_id, cell.row_position, cell.group_level
        ) AS BIGINT
    ) AS denominator,
    cell.applicable - CAST(
        SUM(COALESCE(known.n, 0)) OVER (
            PARTITION BY cell.study_id, cell.table_id, cell.row_position, cell.group_level
        ) AS BIGINT
    ) AS missing,
    cell.patients - cell.applicable AS not_applicable,
    CASE
        WHEN NOT cell.is_number
            THEN
                100.0 * COALESCE(known.n, 0)
                / NULLIF(
                    SUM(COALESCE(known.n, 0)) OVER (
                        PARTITION BY cell.study_id, cell.table_id, cell.row_position, cell.group_level
                    ),
                    0
                )
    END AS percent,
    known.mean,
    known.sd,
    known.median,
    known.lower_quartile,
    known.upper_quartile,
    known.lowest,
    known.highest
FROM cell
LEFT JOIN known
    ON
        cell.study_id = known.study_id
        AND cell.table_id = known.table_id
        AND cell.row_position = known.row_position
        AND cell.group_level = known.group_level
        AND cell.level IS NOT DISTINCT FROM known.level
