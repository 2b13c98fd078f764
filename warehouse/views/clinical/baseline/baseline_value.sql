-- The baseline findings and laboratory values of every patient side by side.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @ascites_code: Ascites at baseline. Code list: observation_value.
-- @encephalopathy_code: Hepatic encephalopathy at baseline. Code list: observation_value.
-- @weight_kg: Body weight at baseline, in kilograms.
-- @height_cm: Body height at baseline, in centimetres.
-- @bilirubin_mg_dl: Total bilirubin at baseline, in mg/dL.
-- @albumin_g_dl: Albumin at baseline, in g/dL.
-- @inr: International normalised ratio at baseline.
-- @platelets_10_9_l: Platelets at baseline, in 10*9/L.
-- @creatinine_mg_dl: Creatinine at baseline, in mg/dL.
-- @alt_u_l: Alanine aminotransferase at baseline, in U/L.
-- @ast_u_l: Aspartate aminotransferase at baseline, in U/L.
-- @hemoglobin_g_dl: Hemoglobin at baseline, in g/dL.
-- @afp_ng_ml: Alpha-fetoprotein at baseline, in ng/mL.
-- @afp_qualifier: Whether the true alpha-fetoprotein lies below or above the number.
WITH lab AS (
    SELECT
        site_id,
        patient_id,
        MAX(value) FILTER (WHERE analyte_code = 'bilirubin_total') AS bilirubin_mg_dl,
        MAX(value) FILTER (WHERE analyte_code = 'albumin') AS albumin_g_dl,
        MAX(value) FILTER (WHERE analyte_code = 'inr') AS inr,
        MAX(value) FILTER (WHERE analyte_code = 'platelets') AS platelets_10_9_l,
        MAX(value) FILTER (WHERE analyte_code = 'creatinine') AS creatinine_mg_dl,
        MAX(value) FILTER (WHERE analyte_code = 'alt') AS alt_u_l,
        MAX(value) FILTER (WHERE analyte_code = 'ast') AS ast_u_l,
        MAX(value) FILTER (WHERE analyte_code = 'hemoglobin') AS hemoglobin_g_dl,
        MAX(value) FILTER (WHERE analyte_code = 'afp') AS afp_ng_ml,
        MAX(value_qualifier) FILTER (WHERE analyte_code = 'afp') AS afp_qualifier
    FROM clinical.baseline_lab
    GROUP BY site_id, patient_id
),

finding AS (
    SELECT
        site_id,
        patient_id,
        MAX(value_code) FILTER (WHERE observation_code = 'ascites') AS ascites_code,
        MAX(value_code) FILTER (WHERE observation_code = 'encephalopathy') AS encephalopathy_code,
        MAX(value_number) FILTER (WHERE observation_code = 'weight' AND unit = 'kg') AS weight_kg,
        MAX(value_number) FILTER (WHERE observation_code = 'height' AND unit = 'cm') AS height_cm
    FROM clinical.baseline_observation
    GROUP BY site_id, patient_id
)

SELECT
    patient.site_id,
    patient.patient_id,
    finding.ascites_code,
    finding.encephalopathy_code,
    finding.weight_kg,
    finding.height_cm,
    lab.bilirubin_mg_dl,
    lab.albumin_g_dl,
    lab.inr,
    lab.platelets_10_9_l,
    lab.creatinine_mg_dl,
    lab.alt_u_l,
    lab.ast_u_l,
    lab.hemoglobin_g_dl,
    lab.afp_ng_ml,
    lab.afp_qualifier
FROM current.patient AS patient
LEFT JOIN lab
    ON
        patient.site_id = lab.site_id
        AND patient.patient_id = lab.patient_id
LEFT JOIN finding
    ON
        patient.site_id = finding.site_id
        AND patient.patient_id = finding.patient_id
