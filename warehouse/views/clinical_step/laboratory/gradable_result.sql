-- What laboratory grading reads: every result with every term that its analyte has, with what the criteria ask for.
-- `hcc grade` makes this relation from a CSV file; clinical.lab_grade reads it and nothing else of the patients.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @taken_on: Date on which the specimen was taken.
-- @analyte_code: What was measured. Code list: analyte.
-- @lab_term: The term and what is measured for it (reference.lab_term); empty when CTCAE 4.03 has none.
-- @reported_value: The number as reported.
-- @value_qualifier: Whether the true value lies below or above the number. Code list: value_qualifier.
-- @reported_unit: Unit as reported (UCUM), which the limits and the baseline share.
-- @lower_limit: Lower limit of normal.
-- @upper_limit: Upper limit of normal.
-- @baseline: The patient's baseline (clinical.baseline_lab); empty for specimens taken up to the index date.
-- @percent_change: Change from baseline in percent where the baseline itself is not known.
-- @is_baseline: This result is the patient's baseline.
-- @is_before_treatment: Taken up to the index date: it is not compared with a baseline.
-- @infarction_cutoff: The assay's cut-off for myocardial infarction.
-- @is_calcium_total: The value is total calcium, which albumin corrects.
-- @albumin_g_dl: Albumin of the same day, in g/dL.
-- @is_fasting: The specimen was taken fasting.
-- @is_anticoagulated: A course of warfarin holds the day of the INR; empty where the hospital reports no medication or
-- the dates leave it open, and for every other analyte.
-- @is_symptomatic: The abnormal value causes symptoms or needs intervention.
-- @has_physiologic_consequences: The abnormal value has physiologic consequences.
-- @has_transfusion: Transfusion is indicated.
-- @is_hospitalized: Hospitalization is indicated for the abnormal value.
-- @is_life_threatening: The consequences are life-threatening.
-- @has_hemorrhage: There is hemorrhage.
-- @input_fault: Why the result cannot be graded at all, known from its reading. Code list: grade_reason.
-- @lower_limit_fault: Why the lower limit cannot be read; empty when it can. Code list: grade_reason.
-- @upper_limit_fault: Why the upper limit cannot be read; empty when it can. Code list: grade_reason.
-- @source_file: The file that the row came from.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows: 1000 * part + slot.
WITH albumin AS (
    SELECT
        result.site_id,
        result.patient_id,
        result.taken_on,
        -- Two of one day: the later record of the export, as for the baseline.
        ARG_MAX(
            result.value,
            (result.source_file, COALESCE(result.source_sheet, ''), result.source_record, result.source_ordinal)
        ) AS albumin_g_dl
    FROM current.lab_result AS result
    LEFT JOIN clinical_step.doubtful_result AS doubtful
        ON
            result.source_record = doubtful.source_record
            AND result.source_ordinal = doubtful.source_ordinal
            AND result.source_file = doubtful.source_file
            AND result.source_sheet IS NOT DISTINCT FROM doubtful.source_sheet
            AND result.site_id = doubtful.site_id
    WHERE
        result.analyte_code = 'albumin'
        AND result.value_qualifier IS NULL
        AND doubtful.value_fault IS NULL
    GROUP BY result.site_id, result.patient_id, result.taken_on
),

-- Warfarin is the anticoagulant of the code list. As for other co-medication, a prescription without a start or an end
-- goes on in that direction, and a date known to the month or year may leave it open.
warfarin AS (
    SELECT
        site_id,
        patient_id,
        started_on AS starts_from,
        CASE started_on_precision
            WHEN 'month' THEN LAST_DAY(started_on)
            WHEN 'year' THEN CAST(started_on + INTERVAL 1 YEAR - INTERVAL 1 DAY AS DATE)
            ELSE started_on
        END AS starts_by,
        stopped_on AS stops_from,
        CASE stopped_on_precision
            WHEN 'month' THEN LAST_DAY(stopped_on)
            WHEN 'year' THEN CAST(stopped_on + INTERVAL 1 YEAR - INTERVAL 1 DAY AS DATE)
            ELSE stopped_on
        END AS stops_by
    FROM current.medication
    WHERE ingredient_code = 'warfarin'
),

inr_day AS (
    SELECT DISTINCT
        result.site_id,
        result.patient_id,
        result.taken_on
    FROM current.lab_result AS result
    INNER JOIN clinical_step.site_scope AS site_scope ON result.site_id = site_scope.site_id
    WHERE result.analyte_code = 'inr' AND site_scope.reports_medications
),

doubt AS (
    SELECT DISTINCT
        site_id,
        patient_id
    FROM clinical_step.set_aside
    WHERE
        table_name = 'medication'
        AND (is_row OR column_name IN ('started_on', 'stopped_on'))
        AND COALESCE(code = 'warfarin', TRUE)
),

anticoagulation AS (
    SELECT
        inr_day.site_id,
        inr_day.patient_id,
        inr_day.taken_on,
        CASE
            -- A prescription that was set aside may be of an anticoagulant.
            WHEN BOOL_OR(doubt.patient_id IS NOT NULL)
                THEN
                    CASE
                        WHEN
                            BOOL_OR(
                                warfarin.starts_by <= inr_day.taken_on AND warfarin.stops_from >= inr_day.taken_on
                            )
                            THEN TRUE
                    END
            WHEN COUNT(warfarin.patient_id) = 0 THEN FALSE
            WHEN
                BOOL_OR(
                    COALESCE(warfarin.starts_by <= inr_day.taken_on, TRUE)
                    AND COALESCE(warfarin.stops_from >= inr_day.taken_on, TRUE)
                )
                THEN TRUE
            WHEN
                BOOL_OR(
                    COALESCE(warfarin.starts_from <= inr_day.taken_on, TRUE)
                    AND COALESCE(warfarin.stops_by >= inr_day.taken_on, TRUE)
                )
                THEN NULL
            ELSE FALSE
        END AS is_anticoagulated
    FROM inr_day
    LEFT JOIN doubt
        ON
            inr_day.site_id = doubt.site_id
            AND inr_day.patient_id = doubt.patient_id
    LEFT JOIN warfarin
        ON
            inr_day.site_id = warfarin.site_id
            AND inr_day.patient_id = warfarin.patient_id
    GROUP BY inr_day.site_id, inr_day.patient_id, inr_day.taken_on
),

dated_result AS (
    SELECT
        result.*,
        baseline.value_qualifier AS baseline_qualifier,
        baseline.reported_value AS baseline_reported_value,
        baseline.reported_unit AS baseline_reported_unit,
        baseline.value AS baseline_value,
        COALESCE(result.taken_on <= index_date.index_date, FALSE) AS is_before_treatment,
        COALESCE(
            (result.taken_on, result.source_file, result.source_record, result.source_ordinal)
            = (baseline.taken_on, baseline.source_file, baseline.source_record, baseline.source_ordinal)
            AND result.source_sheet IS NOT DISTINCT FROM baseline.source_sheet,
            FALSE
        ) AS is_baseline
    FROM current.lab_result AS result
    LEFT JOIN clinical.index_date AS index_date
        ON
            result.site_id = index_date.site_id
            AND result.patient_id = index_date.patient_id
    LEFT JOIN clinical.baseline_lab AS baseline
        ON
            result.site_id = baseline.site_id
            AND result.patient_id = baseline.patient_id
            AND result.analyte_code = baseline.analyte_code
)

SELECT
    result.site_id,
    result.patient_id,
    result.taken_on,
    result.analyte_code,
    lab_term.lab_term,
    result.reported_value,
    result.value_qualifier,
    result.reported_unit,
    result.lower_limit,
    result.upper_limit,
    CASE
        -- A specimen from before treatment, the baseline itself above all, is never graded against the baseline.
        WHEN result.is_before_treatment OR result.baseline_qualifier IS NOT NULL THEN NULL
        WHEN COALESCE(result.baseline_reported_unit, '') = COALESCE(result.reported_unit, '')
            THEN result.baseline_reported_value
        -- The hospital changed its unit: only here a factor, itself rounded, comes in.
        ELSE CAST(result.baseline_value / result.unit_factor AS DECIMAL(18, 6))
    END AS baseline,
    CAST(NULL AS DECIMAL(18, 6)) AS percent_change,
    result.is_baseline,
    result.is_before_treatment,
    CAST(NULL AS DECIMAL(18, 6)) AS infarction_cutoff,
    result.analyte_code = 'calcium_total' AS is_calcium_total,
    albumin.albumin_g_dl,
    result.is_fasting,
    anticoagulation.is_anticoagulated,
    CAST(NULL AS BOOLEAN) AS is_symptomatic,
    CAST(NULL AS BOOLEAN) AS has_physiologic_consequences,
    CAST(NULL AS BOOLEAN) AS has_transfusion,
    CAST(NULL AS BOOLEAN) AS is_hospitalized,
    CAST(NULL AS BOOLEAN) AS is_life_threatening,
    CAST(NULL AS BOOLEAN) AS has_hemorrhage,
    CASE
        WHEN lab_term.lab_term IS NULL THEN 'not_in_ctcae_4_03'
        WHEN result.reported_value IS NULL AND result.reported_value_text IS NOT NULL THEN 'value_not_a_number'
    END AS input_fault,
    -- A cell that cannot be read was set aside when the hospital's file was mapped.
    CAST(NULL AS VARCHAR) AS lower_limit_fault,
    CAST(NULL AS VARCHAR) AS upper_limit_fault,
    result.source_file,
    result.source_record,
    result.source_ordinal
FROM dated_result AS result
LEFT JOIN reference.lab_term AS lab_term ON result.analyte_code = lab_term.analyte_code
LEFT JOIN albumin
    ON
        result.analyte_code = 'calcium_total'
        AND result.site_id = albumin.site_id
        AND result.patient_id = albumin.patient_id
        AND result.taken_on = albumin.taken_on
LEFT JOIN anticoagulation
    ON
        result.analyte_code = 'inr'
        AND result.site_id = anticoagulation.site_id
        AND result.patient_id = anticoagulation.patient_id
        AND result.taken_on = anticoagulation.taken_on
