-- The choices that the scores leave open, one row, each with its type; from reference.study_option.
-- @score_decides: Which stage and class decide, reported or derived.
-- @albumin_edge_g_dl: Albumin below this is three Child-Pugh points.
-- @karnofsky_90_ecog: ECOG that stands for a Karnofsky status of 90.
-- @single_above_5_cm: BCLC stage of a single tumour above 5 cm: A or B.
-- @is_vp1_2_macrovascular: Tumour in smaller branches of the portal vein makes BCLC C.
-- @is_ecog_1_advanced: ECOG 1 makes BCLC C.
SELECT
    MAX(value) FILTER (WHERE name = 'score_decides') AS score_decides,
    CAST(MAX(value) FILTER (WHERE name = 'child_pugh_albumin_edge') AS DECIMAL(9, 3)) AS albumin_edge_g_dl,
    CAST(MAX(value) FILTER (WHERE name = 'karnofsky_90_ecog') AS SMALLINT) AS karnofsky_90_ecog,
    MAX(value) FILTER (WHERE name = 'bclc_single_above_5_cm') AS single_above_5_cm,
    CAST(MAX(value) FILTER (WHERE name = 'bclc_vp1_2_is_macrovascular') AS BOOLEAN) AS is_vp1_2_macrovascular,
    CAST(MAX(value) FILTER (WHERE name = 'bclc_ecog_1_is_advanced') AS BOOLEAN) AS is_ecog_1_advanced
FROM reference.study_option
