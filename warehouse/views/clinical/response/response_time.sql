-- Time to progression, progression-free survival, durations and time to response of every patient by every reading.
-- Days are plain differences, nothing added; months are days / 30.4375 (study option days_per_month).
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @reading: Who read.
-- @best_overall_response: The response that the durations belong to.
-- @ttp_days: Days to the first radiological progression, or else to where it is censored (option ttp_censored_at).
-- @ttp_months: The same in months.
-- @ttp_event: Progression was seen (true) or not (false).
-- @days_before_progression: Days from the last evaluable visit before it to the progression, to find missed scans.
-- @has_missed_scans: So long before the progression that two or more scans were missed (option missed_scan_days).
-- @pfs_days: Days to progression or death, or else to where it is censored.
-- @pfs_months: The same in months.
-- @pfs_event: Progression or death; empty when the patient died on an unknown day without progression.
-- @time_to_response_days: Days to the first CR or PR that counts, where that is the best response.
-- @response_days: From the first CR or PR that counts (not its confirmation) to progression, or to its censoring.
-- @response_event: The response ended in progression (or in death, by option death_in_response).
-- @pr_days: The same, where the best response is PR.
-- @cr_days: From the first CR to progression, where the best response is CR.
-- @sd_days: From the start of treatment to progression, where the best response is SD.
WITH course AS (
    SELECT
        best.site_id,
        best.patient_id,
        best.reading,
        best.best_overall_response,
        study_number.days_per_month,
        response_option.death_in_response,
        response_option.progression_after_missed_scans,
        response_option.missed_scan_days,
        -- "First CR/PR (not its confirmation)": where responses must be confirmed, the first that is.
        CASE response_option.response_confirmation
            WHEN 'confirmed' THEN confirmed.confirmed_cr_day
            ELSE milestone.first_cr_day
        END AS first_cr_day,
        CASE response_option.response_confirmation
            WHEN 'confirmed' THEN LEAST(confirmed.confirmed_cr_day, confirmed.confirmed_pr_day)
            ELSE LEAST(milestone.first_cr_day, milestone.first_pr_day)
        END AS first_response_day,
        -- "PD after new therapy: censor before it (option)."
        CASE response_option.progression_after_new_therapy
            WHEN 'counted' THEN milestone.any_progression_day
            ELSE milestone.progression_day
        END AS progression_day,
        -- "Censor at last evaluable scan (admiralonco keeps NE dates: disputed). No scan: censored at start."
        COALESCE(
            CASE
                WHEN response_option.progression_after_new_therapy = 'counted'
                    THEN
                        CASE response_option.ttp_censored_at
                            WHEN 'last_scan' THEN milestone.any_last_scan_day
                            ELSE milestone.any_last_evaluable_day
                        END
                WHEN response_option.ttp_censored_at = 'last_scan' THEN milestone.last_scan_day
                ELSE milestone.last_evaluable_day
            END, 0
        ) AS censoring_day,
        -- A death counts where no new therapy came before it.
        CASE
            WHEN
                new_therapy.new_therapy_on IS NULL
                OR response_option.progression_after_new_therapy = 'counted'
                OR new_therapy.new_therapy_on >= survival.died_on
                THEN survival.died_on - survival.index_date
        END AS death_day,
        survival.died_on IS NULL AND survival.os_event IS NULL AS is_end_unknown,
        -- A death that may not be there, or may have come after new therapy that was set aside.
        survival.is_set_aside
        OR COALESCE(
            response_option.progression_after_new_therapy <> 'counted'
            AND new_therapy.open_from < survival.died_on, FALSE
        ) AS is_death_open
    FROM clinical.best_response AS best
    INNER JOIN clinical_step.response_milestone AS milestone
        ON
            best.site_id = milestone.site_id
            AND best.patient_id = milestone.patient_id
            AND best.reading = milestone.reading
    LEFT JOIN clinical_step.confirmed_response AS confirmed
        ON
            best.site_id = confirmed.site_id
            AND best.patient_id = confirmed.patient_id
            AND best.reading = confirmed.reading
    INNER JOIN clinical.survival AS survival
        ON
            best.site_id = survival.site_id
            AND best.patient_id = survival.patient_id
    LEFT JOIN clinical.new_therapy AS new_therapy
        ON
            best.site_id = new_therapy.site_id
            AND best.patient_id = new_therapy.patient_id
    CROSS JOIN clinical_step.response_option AS response_option
    CROSS JOIN clinical_step.study_number AS study_number
),

last_seen_before AS (
    SELECT
        course.site_id,
        course.patient_id,
        course.reading,
        MAX(assessed.day) AS last_day
    FROM course
    INNER JOIN clinical_step.assessed_response AS assessed
        ON
            course.site_id = assessed.site_id
            AND course.patient_id = assessed.patient_id
            AND course.reading = assessed.reading
            AND course.progression_day > assessed.day
    WHERE assessed.response <> 'NE'
    GROUP BY course.site_id, course.patient_id, course.reading
),

interval_before AS (
    SELECT
        course.*,
        COALESCE(last_seen_before.last_day, 0) AS last_day_before,
        course.progression_day - COALESCE(last_seen_before.last_day, 0) AS days_before_progression,
        course.progression_day - COALESCE(last_seen_before.last_day, 0) >= course.missed_scan_days AS has_missed_scans
    FROM course
    LEFT JOIN last_seen_before
        ON
            course.site_id = last_seen_before.site_id
            AND course.patient_id = last_seen_before.patient_id
            AND course.reading = last_seen_before.reading
),

-- "Two or more missed scans before PD: an event, the days shown; or censored at the last scan."
counted AS (
    SELECT
        * EXCLUDE (progression_day, death_day, censoring_day, is_death_open),
        CASE WHEN NOT is_censored THEN progression_day END AS progression_day,
        CASE WHEN NOT is_censored THEN death_day END AS death_day,
        CASE WHEN is_censored THEN last_day_before ELSE censoring_day END AS censoring_day,
        is_end_unknown AND NOT is_censored AS is_open,
        is_death_open AND NOT is_censored AS is_death_open
    FROM (
        SELECT
            *,
            COALESCE(has_missed_scans, FALSE) AND progression_after_missed_scans = 'censored' AS is_censored
        FROM interval_before
    ) AS judged
),

-- Progression is settled where it came before whatever was set aside; who is censored may have progressed.
ended AS (
    SELECT
        course.*,
        COALESCE(course.progression_day <= doubt.open_from, doubt.open_from IS NULL) AS is_settled,
        COALESCE(course.progression_day <= doubt.open_from, doubt.open_from IS NULL)
        AND (course.progression_day IS NOT NULL OR NOT course.is_death_open) AS is_pfs_settled,
        COALESCE(course.progression_day <= doubt.open_from, doubt.open_from IS NULL)
        AND (
            course.progression_day IS NOT NULL OR course.death_in_response <> 'event' OR NOT course.is_death_open
        ) AS is_response_settled,
        COALESCE(course.progression_day, course.censoring_day) AS ttp_days,
        course.progression_day IS NOT NULL AS ttp_event,
        COALESCE(course.progression_day, course.death_day, course.censoring_day) AS pfs_days,
        CASE
            WHEN course.progression_day IS NULL AND course.is_open THEN NULL
            ELSE course.progression_day IS NOT NULL OR course.death_day IS NOT NULL
        END AS pfs_event,
        -- "Death counts in regulatory use, not in RECIST text: option."
        CASE WHEN course.progression_day IS NULL AND course.death_in_response = 'event' THEN course.death_day END
            AS death_in_response_day
    FROM counted AS course
    LEFT JOIN clinical_step.response_doubt AS doubt
        ON
            course.site_id = doubt.site_id
            AND course.patient_id = doubt.patient_id
            AND course.reading = doubt.reading
)

SELECT
    site_id,
    patient_id,
    reading,
    best_overall_response,
    CASE WHEN is_settled THEN ttp_days END AS ttp_days,
    CASE WHEN is_settled THEN CAST(ttp_days / days_per_month AS DECIMAL(12, 4)) END AS ttp_months,
    CASE WHEN is_settled THEN ttp_event END AS ttp_event,
    CASE WHEN is_settled THEN days_before_progression END AS days_before_progression,
    CASE WHEN is_settled THEN has_missed_scans END AS has_missed_scans,
    CASE WHEN is_pfs_settled THEN pfs_days END AS pfs_days,
    CASE WHEN is_pfs_settled THEN CAST(pfs_days / days_per_month AS DECIMAL(12, 4)) END AS pfs_months,
    CASE WHEN is_pfs_settled THEN pfs_event END AS pfs_event,
    CASE WHEN best_overall_response IN ('CR', 'PR') AND is_settled THEN first_response_day END AS time_to_response_days,
    CASE
        WHEN best_overall_response IN ('CR', 'PR') AND is_response_settled
            THEN COALESCE(death_in_response_day, ttp_days) - first_response_day
    END AS response_days,
    CASE
        WHEN best_overall_response IN ('CR', 'PR') AND is_response_settled
            THEN ttp_event OR death_in_response_day IS NOT NULL
    END AS response_event,
    CASE
        WHEN best_overall_response = 'PR' AND is_response_settled
            THEN COALESCE(death_in_response_day, ttp_days) - first_response_day
    END AS pr_days,
    CASE
        WHEN best_overall_response = 'CR' AND is_response_settled
            THEN COALESCE(death_in_response_day, ttp_days) - first_cr_day
    END AS cr_days,
    CASE WHEN best_overall_response = 'SD' AND is_settled THEN ttp_days END AS sd_days
FROM ended
