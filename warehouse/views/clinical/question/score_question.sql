-- Scores that the hospital reports and that do not follow from its own data: something to ask. Both are kept.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @question: What is in doubt: bclc_differs, child_pugh_class_differs, child_pugh_points_differ, and
--   child_pugh_class_not_of_points when the reported class is not that of the reported points.
-- @reported: What the hospital reports.
-- @derived: What follows from the data.
-- @noted_on: Date of the reported score.
-- @source_file: The file that the reported score came from.
-- @source_sheet: Its sheet.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows it is.
WITH compared AS (
    SELECT
        site_id,
        patient_id,
        'bclc_differs' AS question,
        reported_code AS reported,
        derived_code AS derived,
        reported_on AS noted_on
    FROM clinical.bclc
    UNION ALL
    SELECT
        child_pugh.site_id,
        child_pugh.patient_id,
        'child_pugh_class_differs' AS question,
        patient.child_pugh_reported_code AS reported,
        child_pugh.derived_code AS derived,
        child_pugh.reported_on AS noted_on
    FROM clinical.child_pugh AS child_pugh
    INNER JOIN current.patient AS patient
        ON
            child_pugh.site_id = patient.site_id
            AND child_pugh.patient_id = patient.patient_id
    UNION ALL
    SELECT
        site_id,
        patient_id,
        'child_pugh_points_differ' AS question,
        CAST(reported_points AS VARCHAR) AS reported,
        CAST(derived_points AS VARCHAR) AS derived,
        reported_on AS noted_on
    FROM clinical.child_pugh
    UNION ALL
    SELECT
        patient.site_id,
        patient.patient_id,
        'child_pugh_class_not_of_points' AS question,
        patient.child_pugh_reported_code AS reported,
        of_points.class_code AS derived,
        patient.child_pugh_assessed_on AS noted_on
    FROM current.patient AS patient
    INNER JOIN reference.child_pugh_class AS of_points
        ON patient.child_pugh_reported_points BETWEEN of_points.points_from AND of_points.points_to
)

SELECT
    compared.site_id,
    compared.patient_id,
    compared.question,
    compared.reported,
    compared.derived,
    compared.noted_on,
    patient.source_file,
    patient.source_sheet,
    patient.source_record,
    patient.source_ordinal
FROM compared
INNER JOIN current.patient AS patient
    ON
        compared.site_id = patient.site_id
        AND compared.patient_id = patient.patient_id
-- Unknown on either side is no disagreement.
WHERE compared.reported <> compared.derived
