-- How well two readings agree: Cohen's kappa, plain and weighted, for each hospital and for all together.
-- Pairs with NE are left out and counted. Visits of one patient are not independent: an interval of the kappa of visits
-- needs resampling by patient. When both readings know one category only, kappa is undefined.
-- @site_id: The hospital; empty for all together.
-- @scope: visit, or best: the best overall response.
-- @first_reading: lesions (derived) or physician.
-- @second_reading: physician or radiologist.
-- @pair_count: Pairs compared.
-- @not_evaluable_count: Pairs left out because one of the two is NE.
-- @agreement_count: Pairs that agree.
-- @kappa: Cohen's kappa.
-- @kappa_linear: Kappa with linear weights over CR < PR < SD < PD.
-- @kappa_quadratic: Kappa with quadratic weights.
-- @band: In words after Landis and Koch 1977: poor, slight, fair, moderate, substantial, almost perfect.
WITH placed AS (
    SELECT
        site_id,
        scope,
        first_reading,
        second_reading,
        LIST_POSITION(['CR', 'PR', 'SD', 'PD'], REPLACE(first_response, 'IR/', '')) AS first_place,
        LIST_POSITION(['CR', 'PR', 'SD', 'PD'], REPLACE(second_response, 'IR/', '')) AS second_place
    FROM clinical_step.response_pair
),

-- Every pair once for its hospital and once for all.
doubled AS (
    SELECT * FROM placed
    UNION ALL
    SELECT * REPLACE (NULL AS site_id) FROM placed
),

observed AS (
    SELECT
        site_id,
        scope,
        first_reading,
        second_reading,
        COUNT(*) FILTER (WHERE first_place IS NULL OR second_place IS NULL) AS not_evaluable_count,
        COUNT(*) FILTER (WHERE first_place IS NOT NULL AND second_place IS NOT NULL) AS pair_count,
        COUNT(*) FILTER (WHERE first_place = second_place) AS agreement_count,
        SUM(ABS(first_place - second_place)) AS distance,
        SUM((first_place - second_place) * (first_place - second_place)) AS squared_distance
    FROM doubled
    GROUP BY site_id, scope, first_reading, second_reading
),

first_margin AS (
    SELECT
        site_id,
        scope,
        first_reading,
        second_reading,
        first_place AS place,
        COUNT(*) AS times
    FROM doubled
    WHERE first_place IS NOT NULL AND second_place IS NOT NULL
    GROUP BY site_id, scope, first_reading, second_reading, first_place
),

second_margin AS (
    SELECT
        site_id,
        scope,
        first_reading,
        second_reading,
        second_place AS place,
        COUNT(*) AS times
    FROM doubled
    WHERE first_place IS NOT NULL AND second_place IS NOT NULL
    GROUP BY site_id, scope, first_reading, second_reading, second_place
),

-- What chance alone would give: the product of the margins, in whole numbers (times the number of pairs).
expected AS (
    SELECT
        first_margin.site_id,
        first_margin.scope,
        first_margin.first_reading,
        first_margin.second_reading,
        SUM(first_margin.times * second_margin.times) FILTER (WHERE first_margin.place = second_margin.place)
            AS agreement,
        SUM(first_margin.times * second_margin.times * ABS(first_margin.place - second_margin.place)) AS distance,
        SUM(
            first_margin.times * second_margin.times
            * (first_margin.place - second_margin.place) * (first_margin.place - second_margin.place)
        ) AS squared_distance
    FROM first_margin
    INNER JOIN second_margin
        ON
            first_margin.site_id IS NOT DISTINCT FROM second_margin.site_id
            AND first_margin.scope = second_margin.scope
            AND first_margin.first_reading = second_margin.first_reading
            AND first_margin.second_reading = second_margin.second_reading
    GROUP BY
        first_margin.site_id,
        first_margin.scope,
        first_margin.first_reading,
        first_margin.second_reading
),

kappa AS (
    SELECT
        observed.site_id,
        observed.scope,
        observed.first_reading,
        observed.second_reading,
        observed.pair_count,
        observed.not_evaluable_count,
        observed.agreement_count,
        -- (observed - expected) / (1 - expected), both sides times the square of the number of pairs.
        CAST(
            observed.agreement_count * observed.pair_count - COALESCE(expected.agreement, 0) AS DOUBLE
        ) / NULLIF(observed.pair_count * observed.pair_count - COALESCE(expected.agreement, 0), 0) AS kappa,
        1 - CAST(observed.distance * observed.pair_count AS DOUBLE) / NULLIF(expected.distance, 0) AS kappa_linear,
        1 - CAST(observed.squared_distance * observed.pair_count AS DOUBLE) / NULLIF(expected.squared_distance, 0)
            AS kappa_quadratic
    FROM observed
    LEFT JOIN expected
        ON
            observed.site_id IS NOT DISTINCT FROM expected.site_id
            AND observed.scope = expected.scope
            AND observed.first_reading = expected.first_reading
            AND observed.second_reading = expected.second_reading
)

SELECT
    *,
    CASE
        WHEN kappa < 0 THEN 'poor'
        WHEN kappa <= 0.2 THEN 'slight'
        WHEN kappa <= 0.4 THEN 'fair'
        WHEN kappa <= 0.6 THEN 'moderate'
        WHEN kappa <= 0.8 THEN 'substantial'
        WHEN kappa <= 1 THEN 'almost perfect'
    END AS band
FROM kappa
