-- Visits as the rules take them, one a day and patient, from `typed_row`; site_id distinguishes the alternatives.
-- "One record per date, worst wins": site_id '' is the course in which every day is read from the row that stands
-- for it: the one chosen before, or else the worst as far as can be judged from the rows alone. Each other row gets a
-- course of its own, named by its number: the days before it as there, then that row. So every row has its response.
WITH ranked AS (
    SELECT
        *,
        ROW_NUMBER() OVER (
            PARTITION BY patient_id, day
            ORDER BY
                COALESCE(has_new_lesion OR non_target_code = 'PD', FALSE) DESC,
                has_new_lesion IS NOT NULL AND non_target_code IS NOT NULL DESC,
                targets_measured = 'all' DESC,
                target_sum_mm DESC NULLS LAST,
                record ASC
        ) AS rank_of_day
    FROM typed_row
    WHERE is_read
),

-- From which day on a sum that could not be read may have been the nadir.
unread AS (
    SELECT
        typed_row.patient_id,
        MIN(COALESCE(typed_row.day, baseline.day)) AS day
    FROM typed_row
    INNER JOIN typed_row AS baseline ON typed_row.patient_id = baseline.patient_id AND baseline.is_baseline
    WHERE NOT typed_row.is_read AND COALESCE(typed_row.day > baseline.day, TRUE)
    GROUP BY typed_row.patient_id
),

placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (PARTITION BY patient_id, day ORDER BY stands_for_day DESC, rank_of_day ASC) AS place_of_day
    FROM ranked
),

in_course AS (
    SELECT
        CASE WHEN place_of_day = 1 THEN '' ELSE CAST(record AS VARCHAR) END AS site_id,
        *
    FROM placed
    UNION ALL
    SELECT
        CAST(other.record AS VARCHAR) AS site_id,
        earlier.*
    FROM placed AS other
    INNER JOIN placed AS earlier
        ON
            other.patient_id = earlier.patient_id
            AND other.day > earlier.day
            AND earlier.place_of_day = 1
    WHERE other.place_of_day > 1
)

SELECT
    in_course.site_id,
    in_course.record,
    in_course.patient_id,
    in_course.day,
    in_course.day AS last_day,
    in_course.is_baseline,
    in_course.target_sum_mm,
    in_course.targets_measured,
    in_course.are_targets_gone,
    CASE WHEN in_course.day > unread.day THEN CAST(0 AS DECIMAL(12, 6)) END AS open_sum_mm,
    CAST(NULL AS STRUCT(day BIGINT, sum_mm DECIMAL(12, 6))[]) AS sums_by_day,
    in_course.non_target_code,
    CASE WHEN in_course.non_target_code = 'PD' THEN in_course.day END AS non_target_pd_day,
    in_course.has_new_lesion,
    CASE WHEN in_course.has_new_lesion THEN in_course.day END AS new_lesion_day,
    CAST(NULL AS VARCHAR) AS new_lesion_doubt,
    in_course.rank_of_day
FROM in_course
LEFT JOIN unread ON in_course.patient_id = unread.patient_id
