-- How much of the study drug every patient took, from the first to the last dose.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @total_mg: Milligrams from the first to the last dose.
-- @treated_days: Days from the first to the last dose, both counted.
-- @dosed_days: Those of them with a dose.
-- @mean_daily_dose_mg: Milligrams a day; days without a dose count as 0 or are left out (study option
-- dose_interruptions).
-- @interruption_count: How often the drug was taken up again after at least one day without.
-- @reduction_count: How often the daily dose fell, interruptions apart.
-- @reason: Why there is no mean dose; empty when there is one.
WITH summed AS (
    SELECT
        site_id,
        patient_id,
        BOOL_OR(daily_mg IS NULL) AS has_unknown_dose,
        SUM(daily_mg * (last_day - first_day + 1)) AS total_mg,
        COALESCE(SUM(last_day - first_day + 1) FILTER (WHERE daily_mg > 0), 0) AS dosed_days,
        COUNT(*) FILTER (WHERE is_after_pause) AS interruption_count,
        COUNT(*) FILTER (WHERE is_reduction) AS reduction_count
    FROM clinical.dose_period
    GROUP BY site_id, patient_id
),

-- A step that was set aside, unless it surely lies after the last dose or before the first.
doubt AS (
    SELECT DISTINCT
        possible_step.site_id,
        possible_step.patient_id
    FROM clinical_step.possible_step AS possible_step
    INNER JOIN clinical.last_dose AS last_dose
        ON
            possible_step.site_id = last_dose.site_id
            AND possible_step.patient_id = last_dose.patient_id
    WHERE
        COALESCE(possible_step.first_day <= last_dose.last_dose_on, TRUE)
        AND COALESCE(possible_step.stopped_on >= last_dose.index_date, TRUE)
),

judged AS (
    SELECT
        last_dose.site_id,
        last_dose.patient_id,
        last_dose.last_dose_on - last_dose.index_date + 1 AS treated_days,
        summed.total_mg,
        summed.dosed_days,
        summed.interruption_count,
        summed.reduction_count,
        CASE
            WHEN last_dose.reason IS NOT NULL THEN last_dose.reason
            WHEN doubt.patient_id IS NOT NULL THEN 'a dose step, or a part of one, was set aside'
            WHEN last_dose.last_dose_on < last_dose.index_date THEN 'the last dose lies before the first'
            WHEN summed.patient_id IS NULL THEN 'no dose steps are recorded'
            WHEN summed.has_unknown_dose THEN 'a dose step has no dose, or ends before it begins'
        END AS reason
    FROM clinical.last_dose AS last_dose
    LEFT JOIN summed
        ON
            last_dose.site_id = summed.site_id
            AND last_dose.patient_id = summed.patient_id
    LEFT JOIN doubt
        ON
            last_dose.site_id = doubt.site_id
            AND last_dose.patient_id = doubt.patient_id
)

SELECT
    judged.site_id,
    judged.patient_id,
    CASE WHEN judged.reason IS NULL THEN judged.total_mg END AS total_mg,
    CASE WHEN judged.treated_days > 0 THEN judged.treated_days END AS treated_days,
    CASE WHEN judged.reason IS NULL THEN judged.dosed_days END AS dosed_days,
    -- "Milligrams over those days, interruptions counted as 0 (option: left out)".
    CASE
        WHEN judged.reason IS NULL
            THEN
                CAST(
                    judged.total_mg / CASE treatment_option.dose_interruptions
                        WHEN 'left_out' THEN judged.dosed_days
                        ELSE judged.treated_days
                    END AS DECIMAL(12, 4)
                )
    END AS mean_daily_dose_mg,
    CASE WHEN judged.reason IS NULL THEN judged.interruption_count END AS interruption_count,
    CASE WHEN judged.reason IS NULL THEN judged.reduction_count END AS reduction_count,
    judged.reason
FROM judged
CROSS JOIN clinical_step.treatment_option AS treatment_option
