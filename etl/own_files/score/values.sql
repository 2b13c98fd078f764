-- The laboratory values of the user's file, one row per row of the file and analyte: each in the common unit, or with
-- the reason why it is not read. Whether a patient can have it the rules judge. Reads `cell` and reference.*.
WITH written AS (
    SELECT
        _record AS record,
        UNNEST(['bilirubin', 'albumin', 'inr']) AS value_name,
        UNNEST(['bilirubin_total', 'albumin', 'inr']) AS analyte_code,
        UNNEST([bilirubin, albumin, inr]) AS written,
        UNNEST([bilirubin_unit, albumin_unit, '1']) AS written_unit
    FROM cell
),

typed AS (
    SELECT
        *,
        REGEXP_EXTRACT(TRIM(written), '^(<=|>=|<|>|≤|≥)?\s*(.*)$', ['qualifier', 'figure']) AS parts,
        UNIT_OF(written_unit, analyte_code) AS unit
    FROM written
    WHERE written IS NOT NULL
),

converted AS (
    SELECT
        typed.record,
        typed.value_name,
        typed.analyte_code,
        typed.written_unit,
        to_common.to_unit AS unit,
        PLAIN_NUMBER(typed.parts.figure) AS reported_value,
        typed.unit AS reported_unit,
        CAST(PLAIN_NUMBER(typed.parts.figure) * to_common.factor AS DECIMAL(18, 6)) AS value,
        NULLIF(REPLACE(REPLACE(typed.parts.qualifier, '≤', '<='), '≥', '>='), '') AS value_qualifier
    FROM typed
    LEFT JOIN reference.unit_conversion AS to_common
        ON
            typed.analyte_code = to_common.analyte_code
            AND typed.unit = to_common.from_unit
)

SELECT
    converted.*,
    CASE
        WHEN converted.reported_value IS NULL THEN converted.value_name || ' is not a number'
        WHEN converted.written_unit IS NULL THEN converted.value_name || '_unit is empty'
        WHEN converted.unit IS NULL THEN converted.value_name || '_unit is no unit of ' || converted.value_name
    END AS fault
FROM converted
