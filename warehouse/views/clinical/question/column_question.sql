-- Columns of laboratory results that are probably no measurements, or in another unit than the hospital's other files:
-- asked about, and used as they stand, for nothing says that a single number of them cannot be so.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: The patient of the first result; pseudonym, unique within the site.
-- @question: two_values_only, or file_off_by_factor where the middle of one file lies apart by the step of a unit.
-- @reported: How many results the file has, and what they hold.
-- @derived: What the numbers look like.
-- @noted_on: Day of the first specimen.
-- @source_file: The file of the results; a file is what a part of a hospital sends.
-- @source_sheet: Its sheet, in a workbook.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows it is.
WITH result AS (
    SELECT
        result.site_id,
        result.source_file,
        result.source_sheet,
        result.analyte_code,
        result.patient_id,
        result.taken_on,
        result.source_record,
        result.source_ordinal,
        result.value,
        CASE WHEN result.value > 0 THEN LN(CAST(result.value AS DOUBLE)) END AS log_value,
        result.unit,
        result.reported_value,
        COALESCE(code.label, result.analyte_code) AS analyte_label
    FROM current.lab_result AS result
    LEFT JOIN reference.code AS code ON code.code_list = 'analyte' AND result.analyte_code = code.code
    LEFT JOIN clinical_step.doubtful_result AS doubtful
        ON
            result.source_record = doubtful.source_record
            AND result.source_ordinal = doubtful.source_ordinal
            AND result.source_file = doubtful.source_file
            AND result.source_sheet IS NOT DISTINCT FROM doubtful.source_sheet
            AND result.site_id = doubtful.site_id
    -- A bound is often the same number, the least that a laboratory measures.
    WHERE result.reported_value IS NOT NULL AND result.value_qualifier IS NULL AND doubtful.value_fault IS NULL
),

of_file AS (
    SELECT
        site_id,
        source_file,
        source_sheet,
        analyte_code,
        analyte_label,
        COUNT(*) AS results,
        COUNT(value) AS in_common_unit,
        APPROX_COUNT_DISTINCT(patient_id) AS patients,
        MIN(reported_value) AS lowest,
        MAX(reported_value) AS highest,
        ANY_VALUE(unit) AS unit,
        APPROX_COUNT_DISTINCT(reported_value) AS numbers,
        APPROX_QUANTILE(log_value, 0.25) AS low_quartile,
        APPROX_QUANTILE(log_value, 0.5) AS middle,
        APPROX_QUANTILE(log_value, 0.75) AS high_quartile,
        MIN({
            'source_record': source_record,
            'source_ordinal': source_ordinal,
            'patient_id': patient_id,
            'taken_on': taken_on
        }) AS first_result
    FROM result
    GROUP BY site_id, source_file, source_sheet, analyte_code, analyte_label
    -- With fewer, two numbers or a distant middle come by chance; the results of one patient go together.
    HAVING COUNT(*) >= 20 AND patients >= 10
),

few_values AS (
    SELECT of_file.*
    FROM of_file
    INNER JOIN result
        ON
            of_file.site_id = result.site_id
            AND of_file.source_file = result.source_file
            AND of_file.source_sheet IS NOT DISTINCT FROM result.source_sheet
            AND of_file.analyte_code = result.analyte_code
    -- The estimate says where it is worth to count.
    WHERE of_file.numbers <= 4
    GROUP BY ALL
    HAVING COUNT(*) FILTER (WHERE result.reported_value NOT IN (of_file.lowest, of_file.highest)) = 0
),

-- A file against the middle of the hospital's other files; every unit of the analyte and every power of ten is a step.
apart AS (
    SELECT
        here.*,
        MEDIAN(other.middle) AS middle_elsewhere,
        COUNT(*) AS files,
        -- The standard error of a median, 1.2533 times that of a mean; quartiles lie 1.349 deviations apart.
        1.2533 * (here.high_quartile - here.low_quartile) / 1.349 / SQRT(here.patients) AS log_error
    FROM of_file AS here
    INNER JOIN of_file AS other
        ON
            here.site_id = other.site_id
            AND here.analyte_code = other.analyte_code
            AND (
                here.source_file <> other.source_file
                OR here.source_sheet IS DISTINCT FROM other.source_sheet
            )
    GROUP BY ALL
),

step AS (
    SELECT
        analyte.analyte_code,
        UNNEST([10, 100, 1000, 10000]) AS factor
    FROM reference.analyte AS analyte
    UNION
    SELECT
        here.analyte_code,
        CAST(GREATEST(here.factor / there.factor, there.factor / here.factor) AS DOUBLE) AS factor
    FROM reference.unit_conversion AS here
    INNER JOIN reference.unit_conversion AS there ON here.analyte_code = there.analyte_code
    WHERE here.factor <> there.factor
),

stepped AS (
    SELECT apart.*
    FROM apart
    INNER JOIN step ON apart.analyte_code = step.analyte_code
    WHERE
        -- One chance in ten thousand.
        ABS(apart.middle - apart.middle_elsewhere) >= 4 * apart.log_error
        AND apart.in_common_unit >= 20
        AND ABS(ABS(apart.middle - apart.middle_elsewhere) - LN(step.factor)) <= LN(1.35)
        AND step.factor >= 5
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY apart.site_id, apart.source_file, apart.source_sheet, apart.analyte_code
        ORDER BY ABS(ABS(apart.middle - apart.middle_elsewhere) - LN(step.factor))
    ) = 1
),

asked AS (
    SELECT
        site_id,
        source_file,
        source_sheet,
        first_result,
        'two_values_only' AS question,
        results || ' results of ' || analyte_label || ' are '
        || FORMAT('{:.10g}', CAST(lowest AS DOUBLE))
        || CASE WHEN lowest < highest THEN ' or ' || FORMAT('{:.10g}', CAST(highest AS DOUBLE)) ELSE ' each' END
            AS reported,
        'codes?' AS derived
    FROM few_values
    UNION ALL
    SELECT
        site_id,
        source_file,
        source_sheet,
        first_result,
        'file_off_by_factor' AS question,
        'the middle of ' || results || ' results of ' || analyte_label || ' is '
        || FORMAT('{:.3g}', EXP(middle)) || COALESCE(' ' || NULLIF(unit, '1'), '') AS reported,
        FORMAT('{:.3g}', EXP(middle_elsewhere)) || COALESCE(' ' || NULLIF(unit, '1'), '') || ' in '
        || files || CASE files WHEN 1 THEN ' other file' ELSE ' other files' END AS derived
    FROM stepped
)

SELECT
    site_id,
    first_result['patient_id'] AS patient_id,
    question,
    reported,
    derived,
    first_result['taken_on'] AS noted_on,
    source_file,
    source_sheet,
    first_result['source_record'] AS source_record,
    first_result['source_ordinal'] AS source_ordinal
FROM asked
