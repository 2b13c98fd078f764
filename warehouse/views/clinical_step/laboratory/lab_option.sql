-- The choices that laboratory grading leaves open, one row; from reference.study_option.
-- @takes_clinical_flags: Transfusion, hospitalization, symptoms and the like may raise a grade (lab_grade_mode).
-- @takes_worst_case: Symptoms that are not known count as present (lab_grade_symptoms_unknown).
-- @guards_normal_range: A value inside the laboratory's own range is grade 0 by absolute limits (lab_grade_wnl_guard).
-- @grades_uncorrected_calcium: Total calcium without albumin is graded as it is (lab_grade_calcium_without_albumin).
-- @takes_not_fasting_as_normal: Glucose not fasting, up to 250 mg/dL, is grade 0 (lab_grade_glucose_not_fasting).
SELECT
    COALESCE(BOOL_OR(value = 'clinical') FILTER (WHERE name = 'lab_grade_mode'), FALSE) AS takes_clinical_flags,
    COALESCE(BOOL_OR(value = 'worst_case') FILTER (WHERE name = 'lab_grade_symptoms_unknown'), FALSE)
        AS takes_worst_case,
    COALESCE(BOOL_OR(value = 'true') FILTER (WHERE name = 'lab_grade_wnl_guard'), FALSE) AS guards_normal_range,
    COALESCE(BOOL_OR(value = 'flagged') FILTER (WHERE name = 'lab_grade_calcium_without_albumin'), FALSE)
        AS grades_uncorrected_calcium,
    COALESCE(BOOL_OR(value = 'zero') FILTER (WHERE name = 'lab_grade_glucose_not_fasting'), FALSE)
        AS takes_not_fasting_as_normal
FROM reference.study_option
