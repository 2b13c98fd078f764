-- The study's options of what was done before, during and after the study drug, one row, each with its type.
-- @concomitant_procedures: Procedures that count as concomitant treatment. Code list: procedure.
-- @has_bone_radiotherapy: Radiotherapy of bone counts as concomitant treatment.
-- @first_line_means: no_treatment_of_any_kind or first_systemic_drug.
-- @dose_interruptions: Days of interruption in the mean daily dose: counted_as_0 or left_out.
-- @co_medication_days_before: Days before the index date from which on a co-medication counts.
-- @statin_ingredients: The statins. Code list: ingredient.
SELECT
    STRING_SPLIT(MAX(value) FILTER (WHERE name = 'concomitant_procedures'), ' ') AS concomitant_procedures,
    CAST(MAX(value) FILTER (WHERE name = 'concomitant_includes_bone_radiotherapy') AS BOOLEAN)
        AS has_bone_radiotherapy,
    MAX(value) FILTER (WHERE name = 'first_line_means') AS first_line_means,
    MAX(value) FILTER (WHERE name = 'dose_interruptions') AS dose_interruptions,
    CAST(MAX(value) FILTER (WHERE name = 'co_medication_days_before') AS INTEGER) AS co_medication_days_before,
    STRING_SPLIT(MAX(value) FILTER (WHERE name = 'statin_ingredients'), ' ') AS statin_ingredients
FROM reference.study_option
