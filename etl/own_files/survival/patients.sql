-- Rows of the user's file as patients with their dates: each typed, or with the reason why it is not read.
-- Reads `cell`; gives one row per row of the file. Of a date known to the month or year the first day is held.
WITH dated AS (
    SELECT
        _record AS record,
        _defect AS defect,
        patient_id,
        PLAIN_DATE(index_date) AS index_date,
        PLAIN_DATE(last_contact_on) AS last_contact_on,
        last_contact_on IS NOT NULL AS has_last_contact,
        PLAIN_DATE(last_scan_on) AS last_scan_on,
        last_scan_on IS NOT NULL AS has_last_scan,
        PLAIN_DATE(progressed_on) AS progressed_on,
        progressed_on IS NOT NULL AS has_progressed,
        PLAIN_DATE(new_therapy_on) AS new_therapy_on,
        new_therapy_on IS NOT NULL AS has_new_therapy,
        died_on IS NOT NULL AS has_died,
        CASE
            WHEN REGEXP_FULL_MATCH(TRIM(died_on), '[0-9]{4}') THEN PLAIN_DATE(TRIM(died_on) || '-01-01')
            WHEN REGEXP_FULL_MATCH(TRIM(died_on), '[0-9]{4}-[0-9]{2}') THEN PLAIN_DATE(TRIM(died_on) || '-01')
            ELSE PLAIN_DATE(died_on)
        END AS died_on,
        CASE LENGTH(TRIM(died_on)) WHEN 4 THEN 'year' WHEN 7 THEN 'month' WHEN 10 THEN 'day' END AS died_on_precision,
        vital_status IS NOT NULL AS has_status,
        CASE WHEN LOWER(TRIM(vital_status)) IN ('alive', 'dead') THEN LOWER(TRIM(vital_status)) END AS vital_status_code
    FROM cell
),

spanned AS (
    SELECT
        *,
        CASE died_on_precision
            WHEN 'month' THEN LAST_DAY(died_on)
            WHEN 'year' THEN CAST(died_on + INTERVAL 1 YEAR - INTERVAL 1 DAY AS DATE)
            ELSE died_on
        END AS latest_death
    FROM dated
),

judged AS (
    SELECT
        *,
        NULLIF(CONCAT_WS(
            '; ',
            defect,
            CASE WHEN patient_id IS NULL THEN 'patient_id is empty' END,
            CASE WHEN index_date IS NULL THEN 'index_date is not a date like 2010-03-05' END,
            CASE
                WHEN has_last_contact AND last_contact_on IS NULL
                    THEN 'last_contact_on is not a date like 2010-03-05'
            END,
            CASE WHEN has_died AND died_on IS NULL THEN 'died_on is not a date like 2010-03-05, 2010-03 or 2010' END,
            CASE WHEN has_status AND vital_status_code IS NULL THEN 'vital_status is neither alive nor dead' END,
            CASE WHEN vital_status_code = 'alive' AND has_died THEN 'vital_status is alive, and died_on is given' END,
            CASE WHEN last_contact_on < index_date THEN 'last_contact_on is before index_date' END,
            CASE WHEN latest_death < index_date THEN 'died_on is before index_date' END,
            CASE WHEN last_contact_on > latest_death THEN 'last_contact_on is after died_on' END,
            CASE WHEN has_last_scan AND last_scan_on IS NULL THEN 'last_scan_on is not a date like 2010-03-05' END,
            CASE WHEN last_scan_on < index_date THEN 'last_scan_on is before index_date' END,
            CASE WHEN last_scan_on > latest_death THEN 'last_scan_on is after died_on' END,
            CASE WHEN has_progressed AND progressed_on IS NULL THEN 'progressed_on is not a date like 2010-03-05' END,
            CASE WHEN progressed_on <= index_date THEN 'progressed_on is not after index_date' END,
            CASE WHEN progressed_on > latest_death THEN 'progressed_on is after died_on' END,
            CASE
                WHEN has_new_therapy AND new_therapy_on IS NULL
                    THEN 'new_therapy_on is not a date like 2010-03-05'
            END,
            CASE WHEN new_therapy_on < index_date THEN 'new_therapy_on is before index_date' END,
            -- Whoever is scanned or treated lives: survival would end before the progression that it holds.
            CASE
                WHEN
                    GREATEST(last_scan_on, progressed_on, new_therapy_on) > last_contact_on
                    AND died_on_precision IS DISTINCT FROM 'day'
                    THEN 'last_contact_on is before a scan, progression or new therapy'
            END,
            CASE
                WHEN
                    GREATEST(index_date, last_contact_on, died_on, last_scan_on, progressed_on, new_therapy_on)
                    > CURRENT_DATE
                    THEN 'a date is in the future'
            END
        ), '') AS reason
    FROM spanned
)

SELECT
    record,
    index_date,
    last_contact_on,
    died_on,
    died_on_precision,
    vital_status_code,
    last_scan_on,
    progressed_on,
    new_therapy_on,
    reason IS NULL AS is_read,
    reason
FROM judged
