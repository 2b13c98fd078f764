-- Every laboratory result that could be a patient's baseline by its day, with why it cannot be by its number: what
-- clinical_step.doubtful_result judges impossible is no baseline value.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @analyte_code: What was measured. Code list: analyte.
-- @taken_on: Date on which the specimen was taken.
-- @value: The number in the analyte's common unit.
-- @value_qualifier: Whether the true value lies below or above the number.
-- @unit: The analyte's common unit (UCUM).
-- @reported_value: The number in the reported unit.
-- @reported_unit: Unit in which the hospital reports (UCUM).
-- @value_fault: Why the value cannot be so; empty when it can. Code list: grade_reason.
-- @source_file: The file that the row came from.
-- @source_sheet: The sheet in the file, if it has sheets.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows: 1000 * part + slot.
-- @days_before: Days from the specimen to the index date; 0 on the day itself.
-- @from_last: Which of the patient's results of the analyte that can be so, or that cannot: 1 is the last.
WITH result AS (
    SELECT
        result.site_id,
        result.patient_id,
        result.analyte_code,
        result.taken_on,
        result.value,
        result.value_qualifier,
        result.unit,
        result.reported_value,
        result.reported_unit,
        doubtful.value_fault,
        result.source_file,
        result.source_sheet,
        result.source_record,
        result.source_ordinal,
        index_date.index_date - result.taken_on AS days_before
    FROM current.lab_result AS result
    INNER JOIN clinical.index_date AS index_date
        ON
            result.site_id = index_date.site_id
            AND result.patient_id = index_date.patient_id
    CROSS JOIN clinical_step.study_number AS study_number
    LEFT JOIN clinical_step.doubtful_result AS doubtful
        ON
            result.source_record = doubtful.source_record
            AND result.source_ordinal = doubtful.source_ordinal
            AND result.source_file = doubtful.source_file
            AND result.source_sheet IS NOT DISTINCT FROM doubtful.source_sheet
            AND result.site_id = doubtful.site_id
    WHERE
        -- A result without a number in the common unit (no unit, not a number) is no baseline value.
        result.value IS NOT NULL
        AND index_date.index_date - result.taken_on BETWEEN 0 AND
        CASE
            -- Study definitions: "[-60, 0] for AFP"
            WHEN result.analyte_code = 'afp' THEN study_number.baseline_afp_days_before
            -- "last value in [-28, 0] days for labs"
            ELSE study_number.baseline_days_before
        END
)

SELECT
    *,
    -- Two results of one day: the later record of the export, so that a build always takes the same.
    ROW_NUMBER() OVER (
        PARTITION BY site_id, patient_id, analyte_code, value_fault IS NULL
        ORDER BY
            taken_on DESC,
            source_file DESC,
            source_sheet DESC,
            source_record DESC,
            source_ordinal DESC
    ) AS from_last
FROM result
