-- The dose steps of the study drug, cut to the time from the first to the last dose.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @first_day: First day of the step.
-- @last_day: Last day; of a step without an end, the day before the next one begins, or else the last dose.
-- @daily_mg: Milligrams a day; 0 in an interruption, empty when the dose is not told.
-- @new_dosed_days: Its days with a dose that no earlier step has, so that steps side by side are counted once.
-- @is_after_pause: A dose again after at least one day without.
-- @is_reduction: A smaller daily dose than in the step with a dose before it.
WITH bounded AS (
    SELECT
        exposure.site_id,
        exposure.patient_id,
        GREATEST(exposure.started_on, new_therapy.index_date) AS first_day,
        LEAST(
            COALESCE(
                exposure.stopped_on,
                MIN(exposure.started_on) OVER (
                    PARTITION BY exposure.site_id, exposure.patient_id
                    ORDER BY exposure.started_on
                    RANGE BETWEEN INTERVAL 1 DAY FOLLOWING AND UNBOUNDED FOLLOWING
                ) - 1,
                new_therapy.last_dose_on
            ),
            new_therapy.last_dose_on
        ) AS last_day,
        CASE
            WHEN exposure.is_interruption OR exposure.dose_mg = 0 THEN 0
            ELSE CAST(exposure.dose_mg AS DECIMAL(9, 3)) * exposure.times_per_day
        END AS daily_mg
    FROM current.exposure AS exposure
    INNER JOIN clinical.new_therapy AS new_therapy
        ON
            exposure.site_id = new_therapy.site_id
            AND exposure.patient_id = new_therapy.patient_id
    CROSS JOIN clinical.study_number AS study_number
    WHERE
        exposure.drug_code = study_number.index_drug
        AND new_therapy.last_dose_on >= new_therapy.index_date
),

followed AS (
    SELECT
        *,
        MAX(last_day) FILTER (WHERE daily_mg > 0) OVER earlier AS dosed_until,
        LAST_VALUE(CASE WHEN daily_mg > 0 THEN daily_mg END IGNORE NULLS) OVER earlier AS earlier_mg
    FROM bounded
    WHERE last_day >= first_day
    WINDOW earlier AS (
        PARTITION BY site_id, patient_id
        ORDER BY first_day, last_day, daily_mg
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
)

SELECT
    site_id,
    patient_id,
    first_day,
    last_day,
    daily_mg,
    CASE
        WHEN daily_mg > 0
            THEN GREATEST(last_day - GREATEST(first_day, COALESCE(dosed_until + 1, first_day)) + 1, 0)
        ELSE 0
    END AS new_dosed_days,
    COALESCE(daily_mg > 0 AND first_day > dosed_until + 1, FALSE) AS is_after_pause,
    COALESCE(daily_mg > 0 AND daily_mg < earlier_mg AND first_day > dosed_until, FALSE) AS is_reduction
FROM followed
