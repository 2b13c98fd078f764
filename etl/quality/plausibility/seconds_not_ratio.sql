-- Prothrombin time comes in seconds (11 to 13.5 in health) or as the INR (0.8 to 1.1): MedlinePlus, "Prothrombin time
-- (PT)". A hospital whose INRs have their middle above 5 sent seconds; single high INRs exist. Reported once a file, at
-- the first high one: the fault is the column's.
WITH result AS (
    SELECT
        lab.source_id,
        lab.source_record,
        lab.source_ordinal,
        lab.value
    FROM core.lab_result AS lab
    WHERE lab.load_id = GETVARIABLE('load_id') AND lab.analyte_code = 'inr' AND lab.value IS NOT NULL
),

of_file AS (
    SELECT
        result.source_id,
        COUNT(*) AS results,
        MEDIAN(result.value) AS middle,
        MIN((result.source_record, result.source_ordinal)) FILTER (WHERE result.value > 5) AS first_place
    FROM result
    GROUP BY result.source_id
    HAVING COUNT(*) >= 3 AND MEDIAN(result.value) > 5
)

SELECT
    'lab_result' AS table_name,
    'value' AS column_name,
    result.source_id,
    result.source_record,
    result.source_ordinal,
    'the middle of ' || of_file.results || ' INRs is ' || ROUND(of_file.middle, 2)::DOUBLE AS found,
    'that is prothrombin time in seconds, for the INR is about 1 in health' AS expected
FROM result
INNER JOIN of_file
    ON
        result.source_id = of_file.source_id
        AND (result.source_record, result.source_ordinal) = of_file.first_place
