-- The days from the first to the last dose of the study drug, in periods of one daily dose each.
-- On a day that several dose steps cover, the one that began last gives the dose: a refill does not double it, and a
-- pause within a longer step is a pause. Days that no step covers have no period.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @first_day: First day of the period.
-- @last_day: Last day of the period.
-- @daily_mg: Milligrams a day; 0 in an interruption, empty when the dose is not reported.
-- @is_after_pause: A dose again after at least one day without.
-- @is_reduction: A smaller daily dose than in the period with a dose before it.
WITH step AS (
    SELECT
        exposure.site_id,
        exposure.patient_id,
        exposure.started_on,
        GREATEST(exposure.started_on, last_dose.index_date) AS first_day,
        LEAST(
            GREATEST(COALESCE(exposure.stopped_on, last_dose.last_dose_on), exposure.started_on),
            last_dose.last_dose_on
        ) AS last_day,
        CASE
            -- How long a step lasted that ends before it begins nobody knows: the dose is unknown from its start on.
            WHEN exposure.stopped_on < exposure.started_on THEN NULL
            WHEN exposure.is_interruption OR exposure.dose_mg = 0 THEN 0
            ELSE CAST(exposure.dose_mg AS DECIMAL(9, 3)) * exposure.times_per_day
        END AS daily_mg
    FROM current.exposure AS exposure
    INNER JOIN clinical.last_dose AS last_dose
        ON
            exposure.site_id = last_dose.site_id
            AND exposure.patient_id = last_dose.patient_id
    CROSS JOIN clinical_step.study_number AS study_number
    WHERE exposure.drug_code = study_number.index_drug
),

boundary AS (
    SELECT
        site_id,
        patient_id,
        first_day AS day
    FROM step
    WHERE last_day >= first_day
    UNION
    SELECT
        site_id,
        patient_id,
        last_day + 1 AS day
    FROM step
    WHERE last_day >= first_day
),

period AS (
    SELECT
        site_id,
        patient_id,
        day AS first_day,
        LEAD(day) OVER (PARTITION BY site_id, patient_id ORDER BY day) - 1 AS last_day
    FROM boundary
),

dosed_period AS (
    SELECT
        period.site_id,
        period.patient_id,
        period.first_day,
        period.last_day,
        step.daily_mg
    FROM period
    INNER JOIN step
        ON
            period.site_id = step.site_id
            AND period.patient_id = step.patient_id
            AND period.first_day >= step.first_day
            AND period.last_day <= step.last_day
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY period.site_id, period.patient_id, period.first_day
        ORDER BY step.started_on DESC, step.last_day ASC, step.daily_mg DESC
    ) = 1
),

followed AS (
    SELECT
        *,
        MAX(last_day) FILTER (WHERE daily_mg > 0) OVER earlier AS dosed_until,
        LAST_VALUE(CASE WHEN daily_mg > 0 THEN daily_mg END IGNORE NULLS) OVER earlier AS earlier_mg
    FROM dosed_period
    WINDOW earlier AS (
        PARTITION BY site_id, patient_id ORDER BY first_day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
)

SELECT
    site_id,
    patient_id,
    first_day,
    last_day,
    daily_mg,
    COALESCE(daily_mg > 0 AND first_day > dosed_until + 1, FALSE) AS is_after_pause,
    COALESCE(daily_mg > 0 AND daily_mg < earlier_mg, FALSE) AS is_reduction
FROM followed
