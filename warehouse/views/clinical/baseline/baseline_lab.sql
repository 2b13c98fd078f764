-- The baseline value of every analyte: the last one in the days before the index date, that day included. A value that
-- cannot be so (clinical_step.doubtful_result) is none.
-- A value that was set aside and may be later, or of the same day, leaves the baseline open: there is none then.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @analyte_code: What was measured. Code list: analyte.
-- @taken_on: Date on which the specimen was taken.
-- @value: The number in the analyte's common unit.
-- @value_qualifier: Whether the true value lies below or above the number.
-- @unit: The analyte's common unit (UCUM).
-- @reported_value: The number in the reported unit.
-- @reported_unit: Unit in which the hospital reports (UCUM).
-- @source_file: The file that the row came from.
-- @source_sheet: The sheet in the file, if it has sheets.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows: 1000 * part + slot.
-- @days_before: Days from the specimen to the index date; 0 on the day itself.
WITH latest AS (
    SELECT
        site_id,
        patient_id,
        analyte_code,
        taken_on,
        value,
        value_qualifier,
        unit,
        reported_value,
        reported_unit,
        source_file,
        source_sheet,
        source_record,
        source_ordinal,
        days_before
    FROM clinical_step.baseline_result
    WHERE value_fault IS NULL AND from_last = 1
)

SELECT latest.*
FROM latest
LEFT JOIN clinical_step.possible_baseline AS possible
    ON
        latest.site_id = possible.site_id
        AND latest.patient_id = possible.patient_id
        AND possible.table_name = 'lab_result'
        AND latest.taken_on <= possible.last_day
        AND COALESCE(latest.analyte_code = possible.code, TRUE)
GROUP BY ALL
HAVING COUNT(possible.patient_id) = 0
