-- Child-Pugh of every patient at baseline: derived from its components, next to what the hospital reports.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @bilirubin_mg_dl: Total bilirubin at baseline in mg/dL, rounded to 0.01.
-- @bilirubin_qualifier: Whether the true value lies below or above the number.
-- @bilirubin_unit: Its unit (UCUM).
-- @bilirubin_on: Its date.
-- @bilirubin_points: Its points, one to three.
-- @albumin_g_dl: Albumin at baseline in g/dL, rounded to 0.01.
-- @albumin_qualifier: Whether the true value lies below or above the number.
-- @albumin_unit: Its unit (UCUM).
-- @albumin_on: Its date.
-- @albumin_points: Its points, one to three.
-- @inr: International normalised ratio at baseline.
-- @inr_qualifier: Whether the true value lies below or above the number.
-- @inr_unit: Its unit (UCUM).
-- @inr_on: Its date.
-- @inr_points: Its points, one to three.
-- @ascites_code: Ascites at baseline. Code list: observation_value.
-- @ascites_on: Its date.
-- @ascites_points: Its points, one to three.
-- @encephalopathy_code: Hepatic encephalopathy at baseline. Code list: observation_value.
-- @encephalopathy_on: Its date.
-- @encephalopathy_points: Its points, one to three.
-- @derived_points: Sum of the points, 5 to 15; empty unless all five components have theirs.
-- @derived_code: Class of the derived points. Code list: child_pugh_class.
-- @missing_components: Components without points.
-- @reason: Why there is no derived score: each missing component with its reason.
-- @reported_points: Points as the hospital reports them.
-- @reported_code: Class as the hospital reports it, or else that of its points. Code list: child_pugh_class.
-- @reported_on: Date of the reported class.
-- @child_pugh_code: The class that decides (study option score_decides). Code list: child_pugh_class.
-- @decided_by: reported or derived: where that class is from.
WITH score AS (
    SELECT
        site_id,
        patient_id,
        MAX(value_number) FILTER (WHERE component = 'bilirubin') AS bilirubin_mg_dl,
        MAX(value_qualifier) FILTER (WHERE component = 'bilirubin') AS bilirubin_qualifier,
        MAX(unit) FILTER (WHERE component = 'bilirubin') AS bilirubin_unit,
        MAX(noted_on) FILTER (WHERE component = 'bilirubin') AS bilirubin_on,
        MAX(points) FILTER (WHERE component = 'bilirubin') AS bilirubin_points,
        MAX(value_number) FILTER (WHERE component = 'albumin') AS albumin_g_dl,
        MAX(value_qualifier) FILTER (WHERE component = 'albumin') AS albumin_qualifier,
        MAX(unit) FILTER (WHERE component = 'albumin') AS albumin_unit,
        MAX(noted_on) FILTER (WHERE component = 'albumin') AS albumin_on,
        MAX(points) FILTER (WHERE component = 'albumin') AS albumin_points,
        MAX(value_number) FILTER (WHERE component = 'inr') AS inr,
        MAX(value_qualifier) FILTER (WHERE component = 'inr') AS inr_qualifier,
        MAX(unit) FILTER (WHERE component = 'inr') AS inr_unit,
        MAX(noted_on) FILTER (WHERE component = 'inr') AS inr_on,
        MAX(points) FILTER (WHERE component = 'inr') AS inr_points,
        MAX(value_code) FILTER (WHERE component = 'ascites') AS ascites_code,
        MAX(noted_on) FILTER (WHERE component = 'ascites') AS ascites_on,
        MAX(points) FILTER (WHERE component = 'ascites') AS ascites_points,
        MAX(value_code) FILTER (WHERE component = 'encephalopathy') AS encephalopathy_code,
        MAX(noted_on) FILTER (WHERE component = 'encephalopathy') AS encephalopathy_on,
        MAX(points) FILTER (WHERE component = 'encephalopathy') AS encephalopathy_points,
        -- "Any missing: null."
        CASE WHEN COUNT(points) = 5 THEN CAST(SUM(points) AS SMALLINT) END AS derived_points,
        STRING_AGG(component, ', ' ORDER BY component) FILTER (WHERE points IS NULL) AS missing_components,
        STRING_AGG(component || ': ' || reason, '; ' ORDER BY component) FILTER (WHERE points IS NULL) AS reason
    FROM clinical.child_pugh_component
    GROUP BY site_id, patient_id
),

-- A reported class, or points of one, that were set aside are not "not reported".
doubt AS (
    SELECT DISTINCT
        site_id,
        patient_id
    FROM clinical_step.set_aside
    WHERE
        table_name = 'patient'
        AND (is_row OR column_name IN ('child_pugh_reported_code', 'child_pugh_reported_points'))
),

class AS (
    SELECT
        score.*,
        of_derived.class_code AS derived_code,
        patient.child_pugh_reported_points AS reported_points,
        COALESCE(patient.child_pugh_reported_code, of_reported.class_code) AS reported_code,
        patient.child_pugh_assessed_on AS reported_on,
        doubt.patient_id IS NOT NULL AS is_set_aside,
        score_option.score_decides
    FROM score
    CROSS JOIN clinical_step.score_option AS score_option
    INNER JOIN current.patient AS patient
        ON
            score.site_id = patient.site_id
            AND score.patient_id = patient.patient_id
    -- "A 5-6, B 7-9, C 10-15"
    LEFT JOIN reference.child_pugh_class AS of_derived
        ON score.derived_points BETWEEN of_derived.points_from AND of_derived.points_to
    LEFT JOIN reference.child_pugh_class AS of_reported
        ON patient.child_pugh_reported_points BETWEEN of_reported.points_from AND of_reported.points_to
    LEFT JOIN doubt
        ON
            score.site_id = doubt.site_id
            AND score.patient_id = doubt.patient_id
)

SELECT
    * EXCLUDE (score_decides, is_set_aside),
    -- "The reported one decides eligibility; option: derived decides." Not reported: the derived one stands for it.
    CASE score_decides
        WHEN 'derived' THEN derived_code
        ELSE COALESCE(reported_code, CASE WHEN NOT is_set_aside THEN derived_code END)
    END AS child_pugh_code,
    CASE
        WHEN score_decides <> 'derived' AND reported_code IS NOT NULL THEN 'reported'
        WHEN derived_code IS NOT NULL AND (score_decides = 'derived' OR NOT is_set_aside) THEN 'derived'
    END AS decided_by
FROM class
