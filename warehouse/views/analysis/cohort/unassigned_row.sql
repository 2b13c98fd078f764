-- Rows that are nobody's: set aside, and whose patient could not be read or is none of the hospital's. They make nobody
-- unknown and are in no figure; how many there are stands with the figures.
-- @site_id: The hospital.
-- @table_name: Canonical table that the rows were meant for; empty for records that could not be read at all.
-- @row_count: How many there are in the hospital's current load.
SELECT
    apart.site_id,
    apart.table_name,
    COUNT(*) AS row_count
FROM current.set_aside AS apart
LEFT JOIN current.patient AS patient
    ON
        apart.site_id = patient.site_id
        AND apart.patient_id = patient.patient_id
WHERE
    apart.column_name IS NULL
    AND patient.patient_id IS NULL
    AND apart.table_name NOT IN ('patient', 'reference_range')
    -- These are of a patient whose own row is in quarantine.
    AND NOT LIST_CONTAINS(apart.rules, 'parent_refused')
GROUP BY apart.site_id, apart.table_name
