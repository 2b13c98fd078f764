-- Overall survival of every patient, as far as it was known at the data cut-off.
-- Where a death, a vital status or a last contact was set aside, whoever is not known to be dead is not known to live:
-- the end is empty, and the last contact that is known is a lower bound.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @index_date: Day from which the study counts, known to the day (clinical.index_date).
-- @last_contact_on: Last day on which the patient was known to be alive, not after the data cut-off; empty when one
-- that was set aside may be later.
-- @died_on: Day of death by the cut-off; for a death not known to the day, the day that stands for it.
-- @died_on_precision: How precisely the death is known: day, month or year; empty without one by the cut-off.
-- @died_not_before: Earliest day that the death can have had.
-- @died_not_after: Latest day that the death can have had.
-- @os_end_on: Day on which survival ends: the death, or else the last contact, or else the data cut-off.
-- @os_days: Days from the index date to os_end_on.
-- @os_months: The same in months (study option days_per_month).
-- @os_event: The end is a death (true) or survival was censored (false); empty when the end is not known.
-- @is_set_aside: What was set aside may be a death, or a later contact: the end is not known.
-- @survival_group: long_term, short_term or undetermined (study option long_term_months).
WITH doubt AS (
    SELECT
        site_id,
        patient_id,
        -- Follow-up that was quarantined, a second row of the same patient, may say anything.
        BOOL_OR(is_row OR column_name IN ('died_on', 'vital_status_code')) AS is_death_open,
        BOOL_OR(is_row OR column_name = 'last_contact_on') AS is_contact_open
    FROM clinical_step.set_aside
    WHERE table_name = 'follow_up'
    GROUP BY site_id, patient_id
),

known_follow_up AS (
    SELECT
        index_date.site_id,
        index_date.patient_id,
        index_date.index_date,
        -- A contact after the cut-off proves life at the cut-off, and no more.
        CASE
            WHEN follow_up.last_contact_on > study_number.data_cut_off THEN study_number.data_cut_off
            ELSE follow_up.last_contact_on
        END AS last_contact_on,
        follow_up.died_on AS died_from,
        CASE
            WHEN follow_up.died_on IS NOT NULL THEN COALESCE(follow_up.died_on_precision, 'day')
        END AS precision_of_death,
        -- Dead on an unknown day: neither an event at a known time nor alive.
        follow_up.died_on IS NULL AND follow_up.vital_status_code = 'dead' AS is_death_undated,
        -- Who is not known to have died may have, and an end that is a last contact may lie later.
        CASE
            WHEN follow_up.died_on IS NULL
                THEN COALESCE(doubt.is_death_open OR doubt.is_contact_open, FALSE)
            -- A death known to the month or year is placed no earlier than the last contact.
            WHEN COALESCE(follow_up.died_on_precision, 'day') <> 'day' THEN COALESCE(doubt.is_contact_open, FALSE)
            ELSE FALSE
        END AS is_end_set_aside,
        COALESCE(doubt.is_contact_open, FALSE) AS is_contact_set_aside
    FROM clinical.index_date AS index_date
    CROSS JOIN clinical_step.study_number AS study_number
    LEFT JOIN current.follow_up AS follow_up
        ON
            index_date.site_id = follow_up.site_id
            AND index_date.patient_id = follow_up.patient_id
    LEFT JOIN doubt
        ON
            index_date.site_id = doubt.site_id
            AND index_date.patient_id = doubt.patient_id
),

-- A partial date holds its first day. Study definitions: "not before the last contact".
death_bounds AS (
    SELECT
        *,
        CASE precision_of_death
            WHEN 'day' THEN died_from
            ELSE GREATEST(died_from, last_contact_on)
        END AS earliest_death,
        CASE precision_of_death
            WHEN 'day' THEN died_from
            WHEN 'month' THEN GREATEST(LAST_DAY(died_from), last_contact_on)
            WHEN 'year' THEN GREATEST(CAST(died_from + INTERVAL 1 YEAR - INTERVAL 1 DAY AS DATE), last_contact_on)
        END AS latest_death
    FROM known_follow_up
),

placed_death AS (
    SELECT
        death_bounds.*,
        study_number.data_cut_off,
        study_number.days_per_month,
        study_number.boundary_days,
        CASE
            WHEN death_bounds.is_end_set_aside THEN NULL
            WHEN death_bounds.precision_of_death = 'day' THEN death_bounds.died_from
            WHEN study_number.month_death_placed = 'first' THEN death_bounds.earliest_death
            WHEN study_number.month_death_placed = 'last' THEN death_bounds.latest_death
            -- Study definitions: "dates of death known to the month: middle of the month", which is the 15th.
            WHEN death_bounds.precision_of_death = 'month'
                THEN GREATEST(death_bounds.died_from + 14, death_bounds.earliest_death)
            -- The paper and the definitions are silent on a death known to the year: its middle, by the same reason.
            WHEN death_bounds.precision_of_death = 'year'
                THEN GREATEST(CAST(death_bounds.died_from + INTERVAL 6 MONTH AS DATE), death_bounds.earliest_death)
        END AS death_day
    FROM death_bounds
    CROSS JOIN clinical_step.study_number AS study_number
),

survival_end AS (
    SELECT
        *,
        COALESCE(death_day <= data_cut_off, FALSE) AS is_dead_at_cut_off,
        CASE
            WHEN death_day <= data_cut_off THEN death_day
            -- A death after the cut-off proves life at the cut-off.
            WHEN death_day > data_cut_off THEN data_cut_off
            WHEN is_death_undated OR is_end_set_aside THEN NULL
            ELSE last_contact_on
        END AS end_on
    FROM placed_death
)

SELECT
    site_id,
    patient_id,
    index_date,
    CASE WHEN NOT is_contact_set_aside OR last_contact_on >= data_cut_off THEN last_contact_on END AS last_contact_on,
    CASE WHEN is_dead_at_cut_off THEN death_day END AS died_on,
    CASE WHEN is_dead_at_cut_off THEN precision_of_death END AS died_on_precision,
    CASE WHEN is_dead_at_cut_off THEN earliest_death END AS died_not_before,
    CASE WHEN is_dead_at_cut_off THEN latest_death END AS died_not_after,
    end_on AS os_end_on,
    end_on - index_date AS os_days,
    CAST((end_on - index_date) / days_per_month AS DECIMAL(9, 4)) AS os_months,
    CASE WHEN end_on IS NOT NULL AND index_date IS NOT NULL THEN is_dead_at_cut_off END AS os_event,
    is_end_set_aside AS is_set_aside,
    CASE
        -- Without an index date there is no time to count, and before it no survival.
        WHEN index_date IS NULL OR COALESCE(end_on, earliest_death, last_contact_on) < index_date THEN 'undetermined'
        -- "undetermined if that month spans the boundary": its earliest and its latest possible day disagree.
        WHEN
            is_dead_at_cut_off
            AND earliest_death - index_date <= boundary_days
            AND latest_death - index_date > boundary_days
            THEN 'undetermined'
        -- "long-term survivor: alive more than 730.5 days (24 x 30.4375) after the index date"
        WHEN COALESCE(end_on, earliest_death, last_contact_on) - index_date > boundary_days THEN 'long_term'
        -- "short-term: died within them"
        WHEN is_dead_at_cut_off THEN 'short_term'
        -- "else undetermined, shown as its own box, outside both groups"
        ELSE 'undetermined'
    END AS survival_group
FROM survival_end
