-- What numbers alone say of adverse events, by the criteria of CTCAE 4.03 that count or measure: one row per occasion
-- and term. Exact decimals, and never divided: a fall in percent compares 100 times the fall with the limit times the
-- baseline. The criteria are rows of reference.event_criterion; some ask for a second number of the same occasion.
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
            WHEN
                sign.number IS NULL
                OR (event_measure.compared IN ('rise', 'fall_percent') AND sign.baseline IS NULL)
                THEN 'number_missing'
            WHEN sign.number NOT BETWEEN event_measure.lowest AND event_measure.highest THEN 'number_absurd'
            WHEN sign.baseline NOT BETWEEN event_measure.lowest AND event_measure.highest THEN 'number_absurd'
            WHEN sign.hours < 0 OR sign.hours > 10000 THEN 'number_absurd'
        END AS sign_fault,
        CASE event_measure.compared
            WHEN 'rise' THEN CAST(sign.number - sign.baseline AS DECIMAL(30, 9))
            WHEN 'fall_percent' THEN CAST(100 * (sign.baseline - sign.number) AS DECIMAL(30, 9))
            ELSE CAST(sign.number AS DECIMAL(30, 9))
        END AS amount,
        -- What the limit is multiplied by.
        CASE WHEN event_measure.compared = 'fall_percent' THEN sign.baseline ELSE 1 END AS scale
    FROM clinical_step.measured_sign AS sign
    INNER JOIN reference.event_measure AS event_measure ON sign.measure = event_measure.measure
),

-- Which measures together prove that there is no event: both pressures, but one of dipstick and 24-hour protein.
needed AS (
    SELECT
        term,
        COUNT(DISTINCT measure) FILTER (WHERE absence = 'together') AS measures
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
        COALESCE(sign.sign_fault, CASE WHEN companion.sign_fault <> 'number_missing' THEN companion.sign_fault END)
            AS sign_fault,
        criterion.term,
        criterion.grade,
        criterion.criterion,
        criterion.absence,
        criterion.with_measure,
        needed.measures,
        CASE criterion.comparator
            WHEN '>' THEN sign.amount > criterion.limit_value * sign.scale
            WHEN '<' THEN sign.amount < criterion.limit_value * sign.scale
            ELSE sign.amount >= criterion.limit_value * sign.scale
        END AS is_past_limit,
        -- Empty where the second number is not known; what nobody said yes to is no.
        CASE
            WHEN criterion.with_measure IS NULL THEN TRUE
            WHEN of_companion.compared = 'yes_no' THEN COALESCE(companion.amount = 1, FALSE)
            WHEN criterion.with_comparator = '>' THEN companion.amount > criterion.with_limit
            ELSE companion.amount >= criterion.with_limit
        END AS has_companion,
        -- Of two numbers it is the second that lasts.
        CASE
            WHEN criterion.hours_above IS NULL THEN TRUE
            WHEN criterion.with_measure IS NULL THEN sign.hours > criterion.hours_above
            ELSE companion.hours > criterion.hours_above
        END AS has_lasted
    FROM sign
    INNER JOIN reference.event_criterion AS criterion ON sign.measure = criterion.measure
    INNER JOIN needed ON criterion.term = needed.term
    LEFT JOIN sign AS companion
        ON
            criterion.with_measure = companion.measure
            AND sign.site_id IS NOT DISTINCT FROM companion.site_id
            AND sign.patient_id IS NOT DISTINCT FROM companion.patient_id
            AND sign.occasion = companion.occasion
    LEFT JOIN reference.event_measure AS of_companion ON criterion.with_measure = of_companion.measure
),

met AS (
    SELECT
        *,
        sign_fault IS NULL AND is_past_limit AND has_companion AND has_lasted AS is_met,
        -- It would be met, but for something that is not known.
        sign_fault IS NULL AND is_past_limit AND (has_companion AND has_lasted) IS NULL AS is_open
    FROM compared
),

graded AS (
    SELECT
        site_id,
        patient_id,
        occasion,
        term,
        MAX(grade) FILTER (WHERE is_met) AS grade,
        ARG_MAX(criterion, grade) FILTER (WHERE is_met) AS criterion,
        COALESCE(BOOL_OR(is_open AND with_measure IS NULL), FALSE) AS is_hours_unknown,
        MAX(sign_fault) FILTER (WHERE sign_fault <> 'number_missing') AS fault,
        -- "Hypertension: worse of systolic and diastolic": one alone proves a grade, never its absence.
        COALESCE(BOOL_OR(is_open), FALSE)
        OR (
            COUNT(DISTINCT measure) FILTER (WHERE absence = 'together' AND sign_fault IS NULL) < MAX(measures)
            OR MAX(measures) = 0
        )
        AND NOT COALESCE(BOOL_OR(absence = 'alone' AND sign_fault IS NULL), FALSE) AS is_incomplete,
        -- From 501 ms on, as long as a second ECG has not shown it.
        COALESCE(BOOL_OR(with_measure = 'qtc_ecgs' AND is_past_limit AND NOT COALESCE(is_met, FALSE)), FALSE)
            AS is_on_one_ecg,
        COALESCE(MAX(number) FILTER (WHERE measure = 'urine_dipstick') > 2, FALSE) AS is_dipstick_above_2,
        COALESCE(
            MAX(number) FILTER (WHERE measure = 'diastolic') >= MAX(number) FILTER (WHERE measure = 'systolic'),
            FALSE
        ) AS is_swapped
    FROM met
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
    CASE
        WHEN reason IS NOT NULL THEN NULL
        WHEN is_hours_unknown THEN 'hours_unknown'
        WHEN is_on_one_ecg AND grade = 2 THEN 'ecgs_unknown'
        WHEN is_dipstick_above_2 AND grade = 2 THEN 'dipstick_above_2'
    END AS warning
FROM judged
