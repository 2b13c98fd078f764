-- The scores of every row that could be read, each with what it misses. Reads the rules and `asked`, the scores whose
-- columns the file has.
WITH missing AS (
    SELECT 'none in the ' || baseline_days_before || ' days up to the index date' AS words
    FROM clinical_step.study_number
)

SELECT
    CAST(index_date.patient_id AS BIGINT) AS record,
    child_pugh.derived_points AS child_pugh_points,
    child_pugh.derived_code AS child_pugh_class,
    ROUND(albi.albi_score, 4) AS albi_score,
    albi.albi_grade,
    albi.malbi_grade,
    performance_status.ecog AS ecog_status,
    bclc.derived_code AS bclc_stage,
    bclc.criterion AS bclc_criterion,
    -- All values of a row are of one day, of which the file says nothing.
    NULLIF(REGEXP_REPLACE(CONCAT_WS(
        '; ',
        CASE
            WHEN asked.child_pugh AND child_pugh.derived_code IS NULL
                THEN 'Child-Pugh: ' || REPLACE(child_pugh.reason, missing.words, 'not known')
        END,
        CASE WHEN asked.albi THEN 'ALBI: ' || albi.reason END,
        CASE
            WHEN asked.ecog THEN 'ECOG: ' || REPLACE(performance_status.reason, missing.words, 'not known')
        END,
        CASE WHEN asked.bclc THEN 'BCLC: ' || bclc.reason END
    ), ' (on|of) 2000-01-01', '', 'g'), '') AS reason
FROM clinical.index_date AS index_date
INNER JOIN clinical.child_pugh AS child_pugh ON index_date.patient_id = child_pugh.patient_id
INNER JOIN clinical.albi AS albi ON index_date.patient_id = albi.patient_id
INNER JOIN clinical.performance_status AS performance_status ON index_date.patient_id = performance_status.patient_id
INNER JOIN clinical.bclc AS bclc ON index_date.patient_id = bclc.patient_id
CROSS JOIN asked
CROSS JOIN missing
