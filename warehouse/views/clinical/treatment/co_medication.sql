-- Whether metformin or a statin was taken from some days before the index date to the last dose: any overlap counts.
-- A prescription without a start or an end goes on in that direction. Where a date known to the month or year, or an
-- unknown last dose, leaves the overlap open, the answer is unknown (empty). So it is where a prescription that was set
-- aside, or a start or an end of one, may have overlapped.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @takes_metformin: Metformin was taken.
-- @takes_statin: A statin was taken (study option statin_ingredients).
-- @metformin_on: First day on which it was taken, from the index date on: the index date when it was taken before;
-- empty when what was set aside may be earlier.
-- @statin_on: The same of a statin.
WITH edge AS (
    SELECT
        site_id,
        source_file,
        source_sheet,
        source_record,
        source_ordinal,
        BOOL_OR(column_name = 'started_on') AS is_start_set_aside,
        BOOL_OR(column_name = 'stopped_on') AS is_stop_set_aside
    FROM clinical_step.set_aside
    WHERE table_name = 'medication' AND NOT is_row
    GROUP BY site_id, source_file, source_sheet, source_record, source_ordinal
),

prescription AS (
    SELECT
        last_dose.site_id,
        last_dose.patient_id,
        medication.ingredient_code = 'metformin' AS is_metformin,
        LIST_CONTAINS(treatment_option.statin_ingredients, medication.ingredient_code) AS is_statin,
        last_dose.index_date - treatment_option.co_medication_days_before AS counts_from,
        last_dose.index_date,
        last_dose.last_dose_on,
        CASE WHEN last_dose.is_set_aside THEN last_dose.taken_at_least_until END AS taken_at_least_until,
        medication.started_on AS starts_from,
        CASE medication.started_on_precision
            WHEN 'month' THEN LAST_DAY(medication.started_on)
            WHEN 'year' THEN CAST(medication.started_on + INTERVAL 1 YEAR - INTERVAL 1 DAY AS DATE)
            ELSE medication.started_on
        END AS starts_by,
        medication.stopped_on AS stops_from,
        CASE medication.stopped_on_precision
            WHEN 'month' THEN LAST_DAY(medication.stopped_on)
            WHEN 'year' THEN CAST(medication.stopped_on + INTERVAL 1 YEAR - INTERVAL 1 DAY AS DATE)
            ELSE medication.stopped_on
        END AS stops_by,
        COALESCE(edge.is_start_set_aside, FALSE) AS is_start_set_aside,
        COALESCE(edge.is_stop_set_aside, FALSE) AS is_stop_set_aside
    FROM clinical.last_dose AS last_dose
    INNER JOIN current.medication AS medication
        ON
            last_dose.site_id = medication.site_id
            AND last_dose.patient_id = medication.patient_id
    LEFT JOIN edge
        ON
            medication.site_id = edge.site_id
            AND medication.source_file = edge.source_file
            AND medication.source_sheet IS NOT DISTINCT FROM edge.source_sheet
            AND medication.source_record = edge.source_record
            AND medication.source_ordinal = edge.source_ordinal
    CROSS JOIN clinical_step.treatment_option AS treatment_option
    WHERE
        medication.ingredient_code = 'metformin'
        OR LIST_CONTAINS(treatment_option.statin_ingredients, medication.ingredient_code)
),

-- Study definitions: "any overlap with [-30 days, last dose]".
overlap AS (
    SELECT
        *,
        CASE
            WHEN stops_by < counts_from OR starts_from > last_dose_on THEN FALSE
            WHEN
                COALESCE(
                    stops_from >= counts_from, NOT is_stop_set_aside OR COALESCE(starts_from >= counts_from, FALSE)
                )
                -- Before the first dose is before the last, also when that is not known.
                AND COALESCE(
                    starts_by <= GREATEST(last_dose_on, taken_at_least_until, index_date), NOT is_start_set_aside
                )
                THEN TRUE
        END AS is_taken
    FROM prescription
),

summed AS (
    SELECT
        site_id,
        patient_id,
        BOOL_OR(is_taken) FILTER (WHERE is_metformin) AS has_metformin,
        BOOL_OR(is_taken IS NULL) FILTER (WHERE is_metformin) AS is_metformin_open,
        -- A prescription without a start was there before.
        MIN(GREATEST(COALESCE(starts_from, index_date), index_date)) FILTER (WHERE is_metformin AND is_taken)
            AS metformin_on,
        MIN(GREATEST(COALESCE(starts_from, index_date), index_date)) FILTER (WHERE is_statin AND is_taken)
            AS statin_on,
        MIN(GREATEST(COALESCE(starts_from, index_date), index_date)) FILTER (
            WHERE is_metformin AND is_taken IS NOT FALSE AND (is_start_set_aside OR is_stop_set_aside)
        ) AS metformin_open_from,
        MIN(GREATEST(COALESCE(starts_from, index_date), index_date)) FILTER (
            WHERE is_statin AND is_taken IS NOT FALSE AND (is_start_set_aside OR is_stop_set_aside)
        ) AS statin_open_from,
        BOOL_OR(is_taken) FILTER (WHERE is_statin) AS has_statin,
        BOOL_OR(is_taken IS NULL) FILTER (WHERE is_statin) AS is_statin_open
    FROM overlap
    GROUP BY site_id, patient_id
),

-- Prescriptions that were set aside whole: they prove nothing, and leave open what they may have been.
doubt AS (
    SELECT
        apart.site_id,
        apart.patient_id,
        MIN(GREATEST(COALESCE(apart.first_day, last_dose.index_date), last_dose.index_date)) FILTER (
            WHERE COALESCE(apart.code = 'metformin', TRUE)
        ) AS metformin_open_from,
        MIN(GREATEST(COALESCE(apart.first_day, last_dose.index_date), last_dose.index_date)) FILTER (
            WHERE COALESCE(LIST_CONTAINS(treatment_option.statin_ingredients, apart.code), TRUE)
        ) AS statin_open_from
    FROM clinical_step.set_aside AS apart
    INNER JOIN clinical.last_dose AS last_dose
        ON
            apart.site_id = last_dose.site_id
            AND apart.patient_id = last_dose.patient_id
    CROSS JOIN clinical_step.treatment_option AS treatment_option
    WHERE
        apart.table_name = 'medication'
        AND apart.is_row
        AND COALESCE(apart.first_day <= last_dose.last_dose_on, TRUE)
        AND COALESCE(
            apart.stopped_not_after >= last_dose.index_date - treatment_option.co_medication_days_before, TRUE
        )
    GROUP BY apart.site_id, apart.patient_id
)

SELECT
    last_dose.site_id,
    last_dose.patient_id,
    -- A hospital that reports no medication at all has not said that there was none.
    CASE
        WHEN summed.has_metformin THEN TRUE
        WHEN
            NOT COALESCE(summed.is_metformin_open, FALSE)
            AND doubt.metformin_open_from IS NULL
            AND site_scope.reports_medications
            THEN FALSE
    END AS takes_metformin,
    CASE
        WHEN summed.has_statin THEN TRUE
        WHEN
            NOT COALESCE(summed.is_statin_open, FALSE)
            AND doubt.statin_open_from IS NULL
            AND site_scope.reports_medications
            THEN FALSE
    END AS takes_statin,
    CASE
        WHEN COALESCE(summed.metformin_on <= LEAST(summed.metformin_open_from, doubt.metformin_open_from), TRUE)
            THEN summed.metformin_on
    END AS metformin_on,
    CASE
        WHEN COALESCE(summed.statin_on <= LEAST(summed.statin_open_from, doubt.statin_open_from), TRUE)
            THEN summed.statin_on
    END AS statin_on
FROM clinical.last_dose AS last_dose
INNER JOIN clinical_step.site_scope AS site_scope
    ON last_dose.site_id = site_scope.site_id
LEFT JOIN summed
    ON
        last_dose.site_id = summed.site_id
        AND last_dose.patient_id = summed.patient_id
LEFT JOIN doubt
    ON
        last_dose.site_id = doubt.site_id
        AND last_dose.patient_id = doubt.patient_id
