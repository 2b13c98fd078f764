-- Laboratory results that cannot be so (clinical_step.doubtful_result), one question for each column of a file: its
-- results of an analyte in a unit that have the same fault, with the first of them as the address. A value with a fault
-- is not used, a limit with a fault counts as missing. Also the days on which direct bilirubin lies above the total;
-- there neither is left out, for nothing says which of the two is wrong.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: The patient of the first result; pseudonym, unique within the site.
-- @question: limits_of_another_unit, values_of_another_test, values_impossible, limits_swapped, limits_not_positive or
-- direct_above_total.
-- @reported: How many results of how many are so, and what they hold.
-- @derived: What the numbers would fit, where that is known; of direct bilirubin, the total of its day.
-- @noted_on: Day of the first specimen.
-- @source_file: The file of the results.
-- @source_sheet: Its sheet, in a workbook.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows it is.
WITH doubtful AS (
    SELECT
        doubtful.*,
        CASE
            WHEN
                'limit_in_another_unit' IN (doubtful.upper_limit_fault, doubtful.lower_limit_fault)
                OR doubtful.value_fault = 'value_in_another_unit'
                THEN 'limits_of_another_unit'
            WHEN doubtful.value_fault = 'value_of_another_test' THEN 'values_of_another_test'
            WHEN doubtful.value_fault IS NOT NULL THEN 'values_impossible'
            WHEN 'limits_swapped' IN (doubtful.upper_limit_fault, doubtful.lower_limit_fault) THEN 'limits_swapped'
            ELSE 'limits_not_positive'
        END AS question,
        -- The side that says more: the upper limit where it has a fault.
        CASE WHEN doubtful.upper_limit_fault IS NULL THEN 'lower' ELSE 'upper' END AS side,
        CASE WHEN doubtful.upper_limit_fault IS NULL THEN doubtful.lower_limit ELSE doubtful.upper_limit END AS edge,
        CASE
            WHEN doubtful.likely_analyte IS NULL THEN doubtful.likely_unit
            ELSE other_name.label || COALESCE(', ' || NULLIF(other.unit, '1'), '')
        END AS likely
    FROM clinical_step.doubtful_result AS doubtful
    LEFT JOIN reference.analyte AS other ON doubtful.likely_analyte = other.analyte_code
    LEFT JOIN reference.code AS other_name
        ON other_name.code_list = 'analyte' AND doubtful.likely_analyte = other_name.code
),

faulty AS (
    SELECT
        site_id,
        source_file,
        source_sheet,
        analyte_code,
        reported_unit,
        question,
        COUNT(*) AS results,
        COUNT(value_fault) AS unused,
        MIN(reported_value) FILTER (WHERE value_fault IS NOT NULL) AS least_value,
        MAX(reported_value) FILTER (WHERE value_fault IS NOT NULL) AS greatest_value,
        MAX(side) AS side,
        MIN(edge) AS least_edge,
        MAX(edge) AS greatest_edge,
        STRING_AGG(DISTINCT likely, ' or ' ORDER BY likely) AS likely,
        MIN({
            'source_record': source_record,
            'source_ordinal': source_ordinal,
            'patient_id': patient_id,
            'taken_on': taken_on,
            'lower_limit': lower_limit,
            'upper_limit': upper_limit
        }) AS first_result
    FROM doubtful
    GROUP BY site_id, source_file, source_sheet, analyte_code, reported_unit, question
),

counted AS (
    SELECT
        result.site_id,
        result.source_file,
        result.source_sheet,
        result.analyte_code,
        result.reported_unit,
        COUNT(*) AS results
    FROM current.lab_result AS result
    -- Where nothing is in doubt nothing is counted.
    SEMI JOIN faulty
        ON
            result.site_id = faulty.site_id
            AND result.analyte_code = faulty.analyte_code
            AND result.source_file = faulty.source_file
    GROUP BY ALL
),

written AS (
    SELECT
        faulty.*,
        faulty.results || ' of ' || counted.results || ' results of ' || COALESCE(code.label, faulty.analyte_code)
        || COALESCE(' in ' || NULLIF(faulty.reported_unit, '1'), '') AS which,
        FORMAT('{:.10g}', CAST(faulty.least_value AS DOUBLE))
        || CASE
            WHEN faulty.least_value < faulty.greatest_value
                THEN ' to ' || FORMAT('{:.10g}', CAST(faulty.greatest_value AS DOUBLE))
            ELSE ''
        END AS value_range,
        FORMAT('{:.10g}', CAST(faulty.least_edge AS DOUBLE))
        || CASE
            WHEN faulty.least_edge < faulty.greatest_edge
                THEN ' to ' || FORMAT('{:.10g}', CAST(faulty.greatest_edge AS DOUBLE))
            ELSE ''
        END AS edge_range
    FROM faulty
    INNER JOIN counted
        ON
            faulty.site_id = counted.site_id
            AND faulty.source_file = counted.source_file
            AND faulty.source_sheet IS NOT DISTINCT FROM counted.source_sheet
            AND faulty.analyte_code = counted.analyte_code
            AND faulty.reported_unit IS NOT DISTINCT FROM counted.reported_unit
    LEFT JOIN reference.code AS code ON code.code_list = 'analyte' AND faulty.analyte_code = code.code
),

bilirubin AS (
    SELECT
        result.site_id,
        result.patient_id,
        result.taken_on,
        MIN(result.value) FILTER (WHERE result.analyte_code = 'bilirubin_direct') AS least_direct,
        MAX(result.value) FILTER (WHERE result.analyte_code = 'bilirubin_total') AS greatest_total,
        MIN({
            'source_file': result.source_file,
            'source_sheet': result.source_sheet,
            'source_record': result.source_record,
            'source_ordinal': result.source_ordinal
        }) FILTER (WHERE result.analyte_code = 'bilirubin_direct') AS first_direct
    FROM current.lab_result AS result
    LEFT JOIN clinical_step.doubtful_result AS doubtful
        ON
            result.source_record = doubtful.source_record
            AND result.source_ordinal = doubtful.source_ordinal
            AND result.source_file = doubtful.source_file
            AND result.source_sheet IS NOT DISTINCT FROM doubtful.source_sheet
            AND result.site_id = doubtful.site_id
    WHERE
        result.analyte_code IN ('bilirubin_direct', 'bilirubin_total')
        AND result.value_qualifier IS NULL
        AND doubtful.value_fault IS NULL
    GROUP BY result.site_id, result.patient_id, result.taken_on
    -- Half of the last digit that laboratories write, in mg/dL: rounding alone puts the part above the whole by less.
    HAVING least_direct > greatest_total + 0.05
)

SELECT
    site_id,
    first_result['patient_id'] AS patient_id,
    question,
    CASE question
        WHEN 'values_impossible' THEN which || ': ' || value_range || ', not used'
        WHEN 'values_of_another_test' THEN which || ': ' || value_range || ', not used'
        WHEN 'limits_swapped'
            THEN
                which || ' have a lower limit above the upper one, such as '
                || FORMAT('{:.10g}', CAST(first_result['lower_limit'] AS DOUBLE)) || ' and '
                || FORMAT('{:.10g}', CAST(first_result['upper_limit'] AS DOUBLE))
        ELSE
            which || ' have ' || CASE side WHEN 'upper' THEN 'an upper' ELSE 'a lower' END || ' limit of ' || edge_range
            || CASE WHEN unused > 0 THEN '; not used: ' || unused || ' values, ' || value_range ELSE '' END
    END AS reported,
    likely || '?' AS derived,
    first_result['taken_on'] AS noted_on,
    source_file,
    source_sheet,
    first_result['source_record'] AS source_record,
    first_result['source_ordinal'] AS source_ordinal
FROM written
UNION ALL
SELECT
    site_id,
    patient_id,
    'direct_above_total' AS question,
    FORMAT('{:.10g} mg/dL', CAST(least_direct AS DOUBLE)) AS reported,
    FORMAT('{:.10g} mg/dL', CAST(greatest_total AS DOUBLE)) AS derived,
    taken_on AS noted_on,
    first_direct['source_file'] AS source_file,
    first_direct['source_sheet'] AS source_sheet,
    first_direct['source_record'] AS source_record,
    first_direct['source_ordinal'] AS source_ordinal
FROM bilirubin
