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
    site_id,
    record,
    patient_id,
    day,
    day AS last_day,
    is_baseline,
    target_sum_mm,
    targets_measured,
    are_targets_gone,
    CAST(NULL AS STRUCT(day BIGINT, sum_mm DECIMAL(12, 6))[]) AS sums_by_day,
    non_target_code,
    CASE WHEN non_target_code = 'PD' THEN day END AS non_target_pd_day,
    has_new_lesion,
    CASE WHEN has_new_lesion THEN day END AS new_lesion_day,
    CAST(NULL AS VARCHAR) AS new_lesion_doubt,
    rank_of_day
FROM in_course
