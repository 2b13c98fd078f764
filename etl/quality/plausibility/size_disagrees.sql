-- The tumour and its lesions are measured on the same scan: sizes that differ fivefold were written in different units,
-- as centimetres among millimetres, or lost a decimal point.
WITH measured AS (
    SELECT
        lesion.patient_id,
        lesion.imaged_on,
        MAX(GREATEST(COALESCE(lesion.viable_diameter_mm, 0), COALESCE(lesion.whole_diameter_mm, 0))) AS largest_mm
    FROM core.lesion AS lesion
    WHERE lesion.load_id = GETVARIABLE('load_id') AND lesion.organ_code = 'liver'
    GROUP BY lesion.patient_id, lesion.imaged_on
)

SELECT
    'tumour_baseline' AS table_name,
    'largest_diameter_mm' AS column_name,
    tumour.source_id,
    tumour.source_record,
    tumour.source_ordinal,
    RTRIM(RTRIM(tumour.largest_diameter_mm::VARCHAR, '0'), '.') || ' mm' AS found,
    RTRIM(RTRIM(measured.largest_mm::VARCHAR, '0'), '.') || ' mm, the largest liver lesion on that day' AS expected
FROM core.tumour_baseline AS tumour
INNER JOIN measured
    ON tumour.patient_id = measured.patient_id AND tumour.imaged_on = measured.imaged_on
WHERE
    tumour.load_id = GETVARIABLE('load_id')
    AND tumour.largest_diameter_mm > 0
    AND measured.largest_mm > 0
    AND (
        measured.largest_mm >= 5 * tumour.largest_diameter_mm
        OR tumour.largest_diameter_mm >= 5 * measured.largest_mm
    )
