-- Objective response and disease control as shares, with exact binomial intervals (Clopper and Pearson 1934).
-- Each limit is the share at which the count, or a more extreme one, has the tail's probability, found by halving.
-- @site_id: The hospital; empty for all together.
-- @reading: Who read.
-- @endpoint: objective_response (CR or PR) or disease_control (CR, PR or SD).
-- @denominator: treated: everyone with an index date; evaluable: those with a best response other than NE.
-- @event_count: Patients with the endpoint.
-- @patient_count: Patients in the denominator.
-- @rate: Their share, from 0 to 1.
-- @rate_from: Lower limit of the exact interval (study option exact_interval_percent).
-- @rate_to: Upper limit.
WITH RECURSIVE

-- P(X >= k) at a share p: the lower limit is where it reaches the tail for k events, the upper one for k + 1 events.
side AS (
    SELECT
        0 AS more,
        1 AS sign
    UNION ALL
    SELECT
        1 AS more,
        -1 AS sign
),

sought AS (
    SELECT DISTINCT
        response_count.event_count + side.more AS at_least,
        response_count.patient_count,
        (1 - side.sign * CAST(response_option.exact_interval_percent AS DOUBLE) / 100) / 2 AS probability
    FROM clinical_step.response_count AS response_count
    CROSS JOIN clinical_step.response_option AS response_option
    CROSS JOIN side
    WHERE response_count.event_count + side.more BETWEEN 1 AND response_count.patient_count
),

halved AS (
    SELECT
        at_least,
        patient_count,
        probability,
        CAST(0 AS DOUBLE) AS share_from,
        CAST(1 AS DOUBLE) AS share_to,
        CAST(0.5 AS DOUBLE) AS middle,
        0 AS halvings
    FROM sought
    UNION ALL
    SELECT
        at_least,
        patient_count,
        probability,
        CASE WHEN tail < probability THEN middle ELSE share_from END AS share_from,
        CASE WHEN tail < probability THEN share_to ELSE middle END AS share_to,
        CASE WHEN tail < probability THEN middle + share_to ELSE share_from + middle END / 2 AS middle,
        halvings + 1 AS halvings
    FROM (
        SELECT
            term.at_least,
            term.patient_count,
            term.probability,
            term.share_from,
            term.share_to,
            term.middle,
            term.halvings,
            SUM(
                EXP(
                    LGAMMA(term.patient_count + 1)
                    - LGAMMA(term.k + 1)
                    - LGAMMA(term.patient_count - term.k + 1)
                    + term.k * LN(term.middle)
                    + (term.patient_count - term.k) * LN(1 - term.middle)
                )
            ) AS tail
        FROM (
            SELECT
                *,
                -- What lies ten standard deviations from the expected count adds nothing to the sum.
                UNNEST(GENERATE_SERIES(
                    GREATEST(
                        at_least,
                        CAST(patient_count * middle - 10 * SQRT(patient_count * middle * (1 - middle)) AS BIGINT) - 10
                    ),
                    LEAST(
                        GREATEST(
                            at_least,
                            CAST(patient_count * middle + 10 * SQRT(patient_count * middle * (1 - middle)) AS BIGINT)
                            + 10
                        ),
                        patient_count
                    )
                )) AS k
            FROM halved
            -- 45 halvings place a share to 14 digits.
            WHERE halvings < 45
        ) AS term
        GROUP BY ALL
    ) AS summed
),

found AS (
    SELECT
        at_least,
        patient_count,
        probability < 0.5 AS is_lower,
        (share_from + share_to) / 2 AS rate
    FROM halved
    WHERE halvings = 45
)

SELECT
    response_count.site_id,
    response_count.reading,
    response_count.endpoint,
    response_count.denominator,
    response_count.event_count,
    response_count.patient_count,
    CAST(response_count.event_count AS DOUBLE) / response_count.patient_count AS rate,
    COALESCE(lower_limit.rate, 0) AS rate_from,
    COALESCE(upper_limit.rate, 1) AS rate_to
FROM clinical_step.response_count AS response_count
LEFT JOIN found AS lower_limit
    ON
        response_count.event_count = lower_limit.at_least
        AND response_count.patient_count = lower_limit.patient_count
        AND lower_limit.is_lower
LEFT JOIN found AS upper_limit
    ON
        response_count.event_count + 1 = upper_limit.at_least
        AND response_count.patient_count = upper_limit.patient_count
        AND NOT upper_limit.is_lower
