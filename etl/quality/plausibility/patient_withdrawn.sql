-- A delivery is a full snapshot: a patient of the last one who is not in this one was withdrawn, or was forgotten.
WITH delivered AS (
    SELECT patient.patient_id
    FROM core.patient AS patient
    WHERE patient.load_id = GETVARIABLE('load_id')
    UNION ALL
    -- A patient whose row is quarantined was delivered; the quarantine reports it.
    SELECT record.raw ->> ('$."' || origin.source_column || '"') AS patient_id
    FROM quality.quarantined_row AS refused
    INNER JOIN quality.raw_record AS record
        ON
            refused.load_id = record.load_id
            AND refused.source_id = record.source_id
            AND refused.source_record = record.source_record
    INNER JOIN audit.column_origin AS origin
        ON
            refused.load_id = origin.load_id
            AND refused.table_name = origin.table_name
            AND origin.column_name = 'patient_id'
    WHERE refused.load_id = GETVARIABLE('load_id') AND refused.table_name = 'patient'
)

SELECT
    'patient' AS table_name,
    'patient_id' AS column_name,
    NULL::INTEGER AS source_id,
    NULL::BIGINT AS source_record,
    NULL::INTEGER AS source_ordinal,
    earlier.patient_id AS found,
    'every patient of the last delivery' AS expected
FROM core.patient AS earlier
ANTI JOIN delivered ON earlier.patient_id = delivered.patient_id
WHERE earlier.load_id = GETVARIABLE('previous_load_id')
