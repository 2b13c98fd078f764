-- What numbers alone say of adverse events, by the criteria of CTCAE 4.03 that count or measure: one row per occasion
-- and term. Exact decimals, and never divided: a fall in percent compares 100 times the fall with the limit times the
-- baseline. The criteria are rows of reference.event_criterion.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @occasion: What was measured together: a day, or a record of a file.
-- @term: The CTCAE 4.03 term.
-- @grade: 0 to 4; empty when the numbers do not suffice.
-- @criterion: The criterion met, in words.
-- @reason: Why there is no grade. Code list: event_reason.
-- @warning: What a reader must know of the grade. Code list: event_reason.
WITH sign AS (
    SELECT
        sign.*,
        event_measure.compared,
        CASE
            WHEN sign.fault IS NOT NULL THEN sign.fault
            WHEN sign.number IS NULL OR (event_measure.compared <> 'value' AND sign.baseline IS NULL)
                THEN 'number_missing'
            WHEN sign.number NOT BETWEEN event_measure.lowest AND event_measure.highest THEN 'number_absurd'
            WHEN sign.baseline NOT BETWEEN event_measure.lowest AND event_measure.highest THEN 'number_absurd'
            WHEN sign.hours < 0 OR sign.hours > 10000 THEN 'number_absurd'
        END AS sign_fault,
        CASE event_measure.compared
            WHEN 'value' THEN CAST(sign.number AS DECIMAL(30, 9))
            WHEN 'rise' THEN CAST(sign.number - sign.baseline AS DECIMAL(30, 9))
            ELSE CAST(100 * (sign.baseline - sign.number) AS DECIMAL(30, 9))
        END AS amount,
        -- What the limit is multiplied by.
        CASE WHEN event_measure.compared = 'fall_percent' THEN sign.baseline ELSE 1 END AS scale
    FROM clinical_step.measured_sign AS sign
    INNER JOIN reference.event_measure AS event_measure ON sign.measure = event_measure.measure
),

needed AS (
    SELECT
        term,
        COUNT(DISTINCT measure) AS measures
    FROM reference.event_criterion
    GROUP BY term
),

compared AS (
    SELECT
        sign.site_id,
        sign.patient_id,
        sign.occasion,
        sign.measure,
        sign.number,
        sign.sign_fault,
        criterion.term,
        criterion.grade,
        criterion.criterion,
        needed.measures,
        criterion.hours_above IS NOT NULL AND sign.hours IS NULL AS is_hours_unknown,
        CASE criterion.comparator
            WHEN '>' THEN sign.amount > criterion.limit_value * sign.scale
            ELSE sign.amount >= criterion.limit_value * sign.scale
        END AS is_past_limit,
        criterion.hours_above IS NULL OR COALESCE(sign.hours > criterion.hours_above, FALSE) AS has_lasted
    FROM sign
    INNER JOIN reference.event_criterion AS criterion ON sign.measure = criterion.measure
    INNER JOIN needed ON criterion.term = needed.term
),

graded AS (
    SELECT
        site_id,
        patient_id,
        occasion,
        term,
        MAX(grade) FILTER (WHERE is_past_limit AND has_lasted AND sign_fault IS NULL) AS grade,
        ARG_MAX(criterion, grade) FILTER (WHERE is_past_limit AND has_lasted AND sign_fault IS NULL) AS criterion,
        COALESCE(BOOL_OR(is_past_limit AND is_hours_unknown AND sign_fault IS NULL), FALSE) AS is_hours_unknown,
        MAX(sign_fault) FILTER (WHERE sign_fault <> 'number_missing') AS fault,
        -- "Hypertension: worse of systolic and diastolic": one alone proves a grade, never its absence.
        COALESCE(BOOL_OR(sign_fault = 'number_missing'), FALSE)
        OR COUNT(DISTINCT measure) < MAX(measures) AS is_incomplete,
        COALESCE(
            MAX(number) FILTER (WHERE measure = 'diastolic') >= MAX(number) FILTER (WHERE measure = 'systolic'),
            FALSE
        ) AS is_swapped
    FROM compared
    GROUP BY site_id, patient_id, occasion, term
),

judged AS (
    SELECT
        *,
        CASE
            WHEN fault IS NOT NULL THEN fault
            WHEN is_swapped THEN 'pressures_swapped'
            WHEN grade IS NULL AND is_incomplete THEN 'number_missing'
        END AS reason
    FROM graded
)

SELECT
    site_id,
    patient_id,
    occasion,
    term,
    CAST(CASE WHEN reason IS NULL THEN COALESCE(grade, 0) END AS SMALLINT) AS grade,
    CASE WHEN reason IS NULL THEN COALESCE(criterion, 'no criterion of grade 1 is met') END AS criterion,
    reason,
    CASE WHEN reason IS NULL AND is_hours_unknown THEN 'hours_unknown' END AS warning
FROM judged
