-- Albumin-bilirubin grade of every patient at baseline (ALBI, and mALBI with its halves of grade 2).
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @bilirubin_umol_l: Total bilirubin at baseline, in umol/L.
-- @bilirubin_qualifier: Whether the true value lies below or above the number.
-- @bilirubin_on: Date of the specimen.
-- @albumin_g_l: Albumin at baseline, in g/L.
-- @albumin_qualifier: Whether the true value lies below or above the number.
-- @albumin_on: Date of the specimen.
-- @albi_score: The score; empty when a value is missing, not above zero, or only a bound.
-- @albi_grade: 1, 2 or 3; also where bounds leave no other grade.
-- @malbi_grade: 1, 2a, 2b or 3.
-- @reason: Why there is no grade, or no score.
WITH doubtful AS (
    SELECT
        site_id,
        patient_id,
        -- What cannot be so (clinical_step.doubtful_result) is asked about and not used.
        STRING_AGG(
            CASE analyte_code WHEN 'albumin' THEN 'albumin' ELSE 'bilirubin' END
            || ' of ' || taken_on || ' not used, ' || value_fault,
            '; '
            ORDER BY analyte_code
        ) AS value_faults
    FROM clinical_step.baseline_result
    WHERE analyte_code IN ('albumin', 'bilirubin_total') AND value_fault IS NOT NULL AND from_last = 1
    GROUP BY site_id, patient_id
),

value AS (
    SELECT
        index_date.site_id,
        index_date.patient_id,
        -- "mg/dL x 17.1; g/dL x 10"
        CAST(bilirubin.value * 17.1 AS DECIMAL(18, 6)) AS bilirubin_umol_l,
        bilirubin.value_qualifier AS bilirubin_qualifier,
        bilirubin.taken_on AS bilirubin_on,
        CAST(albumin.value * 10 AS DECIMAL(18, 6)) AS albumin_g_l,
        albumin.value_qualifier AS albumin_qualifier,
        albumin.taken_on AS albumin_on,
        doubtful.value_faults
    FROM clinical.index_date AS index_date
    LEFT JOIN clinical.baseline_lab AS bilirubin
        ON
            index_date.site_id = bilirubin.site_id
            AND index_date.patient_id = bilirubin.patient_id
            AND bilirubin.analyte_code = 'bilirubin_total'
    LEFT JOIN clinical.baseline_lab AS albumin
        ON
            index_date.site_id = albumin.site_id
            AND index_date.patient_id = albumin.patient_id
            AND albumin.analyte_code = 'albumin'
    LEFT JOIN doubtful
        ON
            index_date.site_id = doubtful.site_id
            AND index_date.patient_id = doubtful.patient_id
),

-- Between what and what the score lies, when a value is known only as below or above a number.
bound AS (
    SELECT
        *,
        CASE
            WHEN bilirubin_qualifier IN ('<', '<=') OR albumin_qualifier IN ('>', '>=') THEN CAST('-inf' AS DOUBLE)
            WHEN bilirubin_umol_l > 0 AND albumin_g_l > 0 THEN 0.66 * LOG10(bilirubin_umol_l) - 0.085 * albumin_g_l
        END AS least_score,
        CASE
            WHEN bilirubin_qualifier IN ('>', '>=') THEN CAST('inf' AS DOUBLE)
            WHEN bilirubin_umol_l > 0 AND albumin_g_l > 0
                -- An albumin below a number may be anything down to zero.
                THEN
                    0.66 * LOG10(bilirubin_umol_l)
                    - 0.085 * CASE WHEN albumin_qualifier IN ('<', '<=') THEN 0 ELSE albumin_g_l END
        END AS greatest_score
    FROM value
    WHERE bilirubin_umol_l > 0 AND albumin_g_l > 0
),

graded AS (
    SELECT
        site_id,
        patient_id,
        CASE WHEN bilirubin_qualifier IS NULL AND albumin_qualifier IS NULL THEN least_score END AS albi_score,
        -- "Grade 1 <= -2.60; 2 up to -1.39 inclusive; 3 above."
        CASE
            WHEN greatest_score <= -2.60 THEN '1'
            -- "mALBI 2a <= -2.27 < 2b"
            WHEN least_score > -2.60 AND greatest_score <= -2.27 THEN '2a'
            WHEN least_score > -2.27 AND greatest_score <= -1.39 THEN '2b'
            WHEN least_score > -1.39 THEN '3'
        END AS malbi_grade,
        least_score > -2.60 AND greatest_score <= -1.39 AS is_grade_2
    FROM bound
)

SELECT
    value.site_id,
    value.patient_id,
    value.bilirubin_umol_l,
    value.bilirubin_qualifier,
    value.bilirubin_on,
    value.albumin_g_l,
    value.albumin_qualifier,
    value.albumin_on,
    graded.albi_score,
    CAST(CASE WHEN graded.is_grade_2 THEN 2 ELSE TRY_CAST(graded.malbi_grade AS SMALLINT) END AS SMALLINT)
        AS albi_grade,
    graded.malbi_grade,
    CASE
        WHEN value.bilirubin_umol_l IS NULL AND value.albumin_g_l IS NULL
            THEN 'bilirubin and albumin missing' || COALESCE(' (' || value.value_faults || ')', '')
        WHEN value.bilirubin_umol_l IS NULL THEN 'bilirubin missing' || COALESCE(' (' || value.value_faults || ')', '')
        WHEN value.albumin_g_l IS NULL THEN 'albumin missing' || COALESCE(' (' || value.value_faults || ')', '')
        -- "Bilirubin 0: null": it has no logarithm.
        WHEN value.bilirubin_umol_l <= 0 THEN 'bilirubin not above zero'
        WHEN value.albumin_g_l <= 0 THEN 'albumin not above zero'
        WHEN graded.albi_score IS NULL AND graded.malbi_grade IS NULL AND NOT graded.is_grade_2
            THEN 'the bound leaves the grade open'
        WHEN graded.albi_score IS NULL THEN 'the bound leaves the score open'
    END AS reason
FROM value
LEFT JOIN graded
    ON
        value.site_id = graded.site_id
        AND value.patient_id = graded.patient_id
