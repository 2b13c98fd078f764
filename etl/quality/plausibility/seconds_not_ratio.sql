-- Prothrombin time is reported in seconds (11 to 13.5 in health, 8 at the least) or as the INR (0.8 to 1.1); MedlinePlus,
-- "Prothrombin time (PT)". A hospital whose INRs have their middle above 5, or whose limits of normal lie there, sent
-- seconds; single high INRs exist. Reported once a file, at the first of them: the fault is the column's.
WITH result AS (
    SELECT
        lab.source_id,
        lab.source_record,
        lab.source_ordinal,
        lab.value,
        COALESCE(lab.value > 5, FALSE) AS is_high,
        COALESCE(lab.upper_limit * lab.unit_factor > 5, FALSE) AS has_high_limit
    FROM core.lab_result AS lab
    WHERE lab.load_id = GETVARIABLE('load_id') AND lab.analyte_code = 'inr' AND lab.value IS NOT NULL
),

of_file AS (
    SELECT
        result.source_id,
        COUNT(*) AS results,
        MEDIAN(result.value) AS middle,
        COUNT(*) FILTER (WHERE result.has_high_limit) AS high_limits,
        MIN((result.source_record, result.source_ordinal))
            FILTER (WHERE result.is_high OR result.has_high_limit) AS first_place
    FROM result
    GROUP BY result.source_id
    HAVING COUNT(*) >= 3 AND (MEDIAN(result.value) > 5 OR 2 * COUNT(*) FILTER (WHERE result.has_high_limit) > COUNT(*))
)

SELECT
    'lab_result' AS table_name,
    'value' AS column_name,
    result.source_id,
    result.source_record,
    result.source_ordinal,
    'the middle of ' || of_file.results || ' INRs is ' || ROUND(of_file.middle, 2)::DOUBLE
    || CASE WHEN of_file.high_limits > 0
        THEN ', and ' || of_file.high_limits || ' have an upper limit of normal above 5' ELSE '' END AS found,
    'that is prothrombin time in seconds, for the INR is about 1 in health' AS expected
FROM result
INNER JOIN of_file
    ON
        result.source_id = of_file.source_id
        AND (result.source_record, result.source_ordinal) = of_file.first_place
