-- Every number of every study, one row each, in the shape of CDISC's Analysis Results Standard: an analysis of an
-- analysis set, by groups, by a method whose operations give the results; raw and formatted value apart. Reports print
-- from here alone, and name the rows that they print.
-- @result_id: Name of the number: study, analysis, variable, level, group, place in a series, and operation.
-- @study_id: The study (reporting event).
-- @analysis_id: The analysis, such as table_1, curve.overall_survival or model.long_term_multivariable.
-- @population: The population (analysis set).
-- @grouping_variable: The variable whose levels are the groups, or are compared (grouping factor): a variable of the
--   study, site_id for hospitals, landmark_months for landmarks; empty without groups.
-- @group_level: The group; total, and all of curves, for everybody.
-- @variable: The variable (analysis variable).
-- @level: Its level (data subset); empty for the whole variable.
-- @sequence: Place in a series, such as the step of a selection; else 0.
-- @method: The method (analysis method).
-- @operation: What the number is (operation): n, percent, mean, median, estimate, low, high, p ...
-- @raw_value: The number, unrounded.
-- @formatted_value: The number as it is printed.
-- @text: What is said in words, such as infinite or reference.
-- @note: What a reader must know of the number, or why there is none.
WITH counted AS (
    UNPIVOT (
        SELECT
            study_count.study_id,
            study_count.table_id AS analysis_id,
            study_table.population,
            study_table.group_variable AS grouping_variable,
            study_count.group_level,
            study_count.variable,
            study_count.level,
            study_variable.decimals,
            CAST(study_count.n AS DOUBLE) AS n,
            CAST(study_count.denominator AS DOUBLE) AS denominator,
            CAST(study_count.missing AS DOUBLE) AS missing,
            CAST(study_count.not_applicable AS DOUBLE) AS not_applicable,
            study_count.percent,
            study_count.mean,
            study_count.sd,
            study_count.median,
            study_count.lower_quartile,
            study_count.upper_quartile,
            study_count.lowest,
            study_count.highest
        FROM analysis_step.study_count AS study_count
        INNER JOIN reference.study_table AS study_table
            ON
                study_count.study_id = study_table.study_id
                AND study_count.table_id = study_table.table_id
        INNER JOIN reference.study_variable AS study_variable
            ON
                study_count.study_id = study_variable.study_id
                AND study_count.variable = study_variable.variable
    )
    ON n, denominator, missing, not_applicable, percent, mean, sd, median, lower_quartile, upper_quartile, lowest,
    highest
    INTO NAME operation VALUE raw_value
),

sized AS (
    SELECT
        group_size.study_id,
        group_size.table_id AS analysis_id,
        study_table.population,
        study_table.group_variable AS grouping_variable,
        group_size.group_level,
        CAST(group_size.patients AS DOUBLE) AS raw_value
    FROM analysis.study_group_size AS group_size
    INNER JOIN reference.study_table AS study_table
        ON
            group_size.study_id = study_table.study_id
            AND group_size.table_id = study_table.table_id
),

read_off AS (
    -- A number that the curve does not reach has its row too, with the reason.
    SELECT
        summary.study_id,
        'curve.' || summary.curve AS analysis_id,
        curve.population,
        curve.by_variable AS grouping_variable,
        summary.stratum AS group_level,
        summary.measure,
        summary.footnote,
        summary.value IS NOT NULL AND summary.footnote IS NOT NULL AS has_note,
        UNNEST(['', '_low', '_high']) AS part,
        UNNEST([summary.value, summary.low, summary.high]) AS raw_value
    FROM analysis.survival_summary AS summary
    INNER JOIN reference.study_curve AS curve
        ON
            summary.study_id = curve.study_id
            AND summary.curve = curve.curve
),

flow AS (
    SELECT
        study.study_id,
        patient_flow.flow_box,
        patient_flow.criterion,
        patient_flow.step,
        UNNEST(['patients', 'patients_left']) AS operation,
        CAST(UNNEST([patient_flow.patients, patient_flow.patients_left]) AS DOUBLE) AS raw_value
    FROM analysis.patient_flow AS patient_flow
    CROSS JOIN reference.study AS study
),

first_grouped AS (
    -- Event rates are of the groups of the study's first table that has some.
    SELECT
        study_id,
        ARG_MIN(group_variable, position) AS group_variable
    FROM reference.study_table
    WHERE group_variable IS NOT NULL
    GROUP BY study_id
),

every_number AS (
    SELECT
        study_id,
        analysis_id,
        population,
        grouping_variable,
        group_level,
        variable,
        level,
        0 AS sequence,
        CASE WHEN operation IN ('n', 'denominator', 'missing', 'not_applicable') THEN 'count' ELSE 'summary' END
            AS method,
        operation,
        raw_value,
        CASE WHEN operation IN ('n', 'denominator', 'missing', 'not_applicable') THEN 0 ELSE decimals END AS decimals,
        NULL AS text,
        NULL AS note
    FROM counted
    UNION ALL
    SELECT
        study_id,
        analysis_id,
        population,
        grouping_variable,
        group_level,
        NULL AS variable,
        NULL AS level,
        0 AS sequence,
        'count' AS method,
        'patients' AS operation,
        raw_value,
        0 AS decimals,
        NULL AS text,
        NULL AS note
    FROM sized
    UNION ALL
    SELECT
        study_id,
        analysis_id,
        population,
        grouping_variable,
        group_level,
        NULL AS variable,
        NULL AS level,
        0 AS sequence,
        CASE WHEN measure IN ('patients', 'events') THEN 'count' ELSE 'kaplan_meier' END AS method,
        measure || part AS operation,
        raw_value,
        CASE WHEN measure IN ('patients', 'events') THEN 0 WHEN measure LIKE 'survival_%' THEN 3 ELSE 1 END
            AS decimals,
        CASE WHEN part = '' AND raw_value IS NULL THEN footnote END AS text,
        footnote AS note
    FROM read_off
    WHERE part = '' OR raw_value IS NOT NULL OR (has_note AND measure NOT IN ('patients', 'events'))
    UNION ALL
    SELECT
        study_id,
        'flow' AS analysis_id,
        'screened' AS population,
        NULL AS grouping_variable,
        NULL AS group_level,
        flow_box AS variable,
        criterion AS level,
        step AS sequence,
        'count' AS method,
        operation,
        raw_value,
        0 AS decimals,
        NULL AS text,
        NULL AS note
    FROM flow
    UNION ALL
    SELECT
        statistic.study_id,
        statistic.analysis_id,
        statistic.population,
        CASE
            WHEN statistic.analysis_id LIKE 'heterogeneity.%' THEN 'site_id'
            WHEN statistic.analysis_id LIKE 'landmark.%' THEN 'landmark_months'
            WHEN statistic.analysis_id = 'rates' THEN first_grouped.group_variable
            ELSE COALESCE(compared_table.group_variable, compared_curve.by_variable)
        END AS grouping_variable,
        statistic.group_level,
        statistic.variable,
        statistic.level,
        statistic.sequence,
        statistic.method,
        statistic.operation,
        statistic.value AS raw_value,
        NULL AS decimals,
        statistic.text,
        statistic.note
    FROM analysis_step.study_statistic AS statistic
    LEFT JOIN reference.study_table AS compared_table
        ON
            statistic.study_id = compared_table.study_id
            AND SPLIT_PART(statistic.analysis_id, '.', 1) = compared_table.table_id
    LEFT JOIN reference.study_curve AS compared_curve
        ON
            statistic.study_id = compared_curve.study_id
            AND SPLIT_PART(statistic.analysis_id, '.', 1) IN ('curve', 'incidence')
            AND SPLIT_PART(statistic.analysis_id, '.', 2) = compared_curve.curve
    LEFT JOIN first_grouped
        ON statistic.study_id = first_grouped.study_id
)

SELECT
    CONCAT_WS(
        '|', study_id, analysis_id, COALESCE(variable, ''), COALESCE(level, ''), COALESCE(group_level, ''), sequence,
        operation
    ) AS result_id,
    study_id,
    analysis_id,
    population,
    grouping_variable,
    group_level,
    variable,
    level,
    sequence,
    method,
    operation,
    raw_value,
    -- What rounds to zero has no sign: -0.0004 is printed as 0.000.
    REGEXP_REPLACE(CASE
        WHEN raw_value IS NULL THEN text
        WHEN operation IN ('p', 'rule_p', 'q_p') OR operation LIKE '%\_p' ESCAPE '\'
            THEN
                CASE
                    WHEN raw_value < 0.001 THEN '<0.001'
                    WHEN raw_value < 1 AND raw_value >= 0.9995 THEN '>0.999'
                    ELSE FORMAT('{:.3f}', raw_value)
                END
        WHEN text = 'reference' THEN '1'
        WHEN operation = 'percent' THEN FORMAT('{:.1f}', raw_value)
        WHEN decimals IS NOT NULL THEN FORMAT('{:,.' || decimals || 'f}', raw_value)
        WHEN
            raw_value = FLOOR(raw_value)
            AND (
                operation IN (
                    'n', 'events', 'patients', 'outcomes', 'incomplete', 'parameters', 'missing', 'exposed',
                    'ended_before', 'censored_before', 'events_when_exposed', 'without_onset', 'samples', 'imputations',
                    'df'
                )
                OR operation LIKE '%\_df' ESCAPE '\'
            )
            THEN FORMAT('{:,.0f}', raw_value)
        WHEN operation LIKE '%statistic' OR (analysis_id = 'rates' AND operation IN ('low', 'high'))
            THEN FORMAT('{:,.2f}', raw_value)
        WHEN operation IN ('months', 'events_per_parameter') OR operation LIKE 'median%'
            THEN FORMAT('{:,.1f}', raw_value)
        WHEN
            operation IN (
                'rate',
                'q',
                'df', 'variance_inflation', 'condition_number'
            )
            THEN FORMAT('{:,.2f}', raw_value)
        WHEN operation LIKE '%log_likelihood%' THEN FORMAT('{:.3f}', raw_value)
        ELSE FORMAT('{:.3f}', raw_value)
    END, '^-([0.]+)$', '\1') AS formatted_value,
    text,
    note
FROM every_number
