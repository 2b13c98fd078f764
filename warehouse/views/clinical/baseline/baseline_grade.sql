-- CTCAE 4.03 grades of laboratory values at baseline side by side: a cirrhotic liver has them before treatment.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @bilirubin_grade: Grade of "Blood bilirubin increased" at baseline.
-- @albumin_grade: Grade of "Hypoalbuminemia" at baseline.
-- @platelets_grade: Grade of "Platelet count decreased" at baseline.
-- @ast_grade: Grade of "Aspartate aminotransferase increased" at baseline.
-- @alt_grade: Grade of "Alanine aminotransferase increased" at baseline.
SELECT
    site_id,
    patient_id,
    MAX(baseline_grade) FILTER (WHERE term = 'Blood bilirubin increased') AS bilirubin_grade,
    MAX(baseline_grade) FILTER (WHERE term = 'Hypoalbuminemia') AS albumin_grade,
    MAX(baseline_grade) FILTER (WHERE term = 'Platelet count decreased') AS platelets_grade,
    MAX(baseline_grade) FILTER (WHERE term = 'Aspartate aminotransferase increased') AS ast_grade,
    MAX(baseline_grade) FILTER (WHERE term = 'Alanine aminotransferase increased') AS alt_grade
FROM clinical.lab_grade_summary
GROUP BY site_id, patient_id
