-- The laboratory results whose value cannot be so, or whose limits of normal cannot be used; every other result is in
-- order. The one judgement for whatever reads a value or a limit: a value with a fault counts for nothing, a limit with
-- a fault counts as missing. `hcc grade` asks it of the rows of a file. Bounds: clinical_step.lab_bound. What it finds
-- is asked in clinical.laboratory_question.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @taken_on: Date on which the specimen was taken.
-- @analyte_code: What was measured. Code list: analyte.
-- @reported_value: The number as reported.
-- @reported_unit: Unit as reported (UCUM).
-- @lower_limit: Lower limit of normal as reported.
-- @upper_limit: Upper limit of normal as reported.
-- @value_fault: Why the value cannot be so; empty when it can. Code list: grade_reason.
-- @lower_limit_fault: Why the lower limit cannot be used; empty when it can or is missing. Code list: grade_reason.
-- @upper_limit_fault: Why the upper limit cannot be used; empty when it can or is missing. Code list: grade_reason.
-- @likely_unit: The unit that the numbers fit; empty where none or several do.
-- @likely_analyte: What the numbers seem to measure instead, where that is known. Code list: analyte.
-- @source_file: The file that the row came from.
-- @source_sheet: The sheet in the file, if it has sheets.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows: 1000 * part + slot.
-- Prothrombin time comes in seconds (11 to 13.5 in health) or as the INR (0.8 to 1.1): MedlinePlus, "Prothrombin time
-- (PT)". Without limits no single number says which: a high INR exists. But the middle of a column lies beyond every
-- limit of normal only where the column is of something else.
WITH column_of_another AS (
    SELECT
        result.site_id,
        result.source_file,
        result.source_sheet,
        result.analyte_code,
        COUNT(*) AS results
    FROM current.lab_result AS result
    INNER JOIN clinical_step.lab_bound AS bound
        ON
            result.analyte_code = bound.analyte_code
            AND COALESCE(result.reported_unit, 'missing') = bound.unit
    WHERE
        bound.mistaken_for IS NOT NULL
        AND result.reported_value IS NOT NULL
    GROUP BY result.site_id, result.source_file, result.source_sheet, result.analyte_code
    HAVING COUNT(*) >= 3 AND MEDIAN(result.reported_value) > MAX(bound.upper_limit_to)
),

bounded AS (
    SELECT
        result.site_id,
        result.patient_id,
        result.taken_on,
        result.analyte_code,
        result.reported_value,
        result.reported_unit,
        result.lower_limit,
        result.upper_limit,
        result.source_file,
        result.source_sheet,
        result.source_record,
        result.source_ordinal,
        bound.unit,
        bound.absurd_below,
        bound.absurd_above,
        bound.lower_limit_from,
        bound.lower_limit_to,
        bound.upper_limit_from,
        bound.upper_limit_to,
        bound.mistaken_for
    FROM current.lab_result AS result
    LEFT JOIN clinical_step.lab_bound AS bound
        ON
            result.analyte_code = bound.analyte_code
            AND COALESCE(result.reported_unit, 'missing') = bound.unit
    -- Nearly every result is in order; what follows is for the others.
    WHERE
        result.reported_value < 0
        OR result.lower_limit < 0
        OR result.upper_limit <= 0
        OR result.lower_limit > result.upper_limit
        OR (bound.absurd_above IS NULL AND result.reported_value > 10000 * result.upper_limit)
        OR result.reported_value NOT BETWEEN bound.absurd_below AND bound.absurd_above
        OR result.lower_limit NOT BETWEEN bound.lower_limit_from AND bound.lower_limit_to
        OR result.upper_limit NOT BETWEEN bound.upper_limit_from AND bound.upper_limit_to
        OR (bound.mistaken_for IS NOT NULL AND result.reported_value > bound.upper_limit_to)
),

ordered AS (
    SELECT
        bounded.*,
        -- An upper limit of 0 below a lower one may be a swap; a negative number is no limit at all, on either side.
        COALESCE(bounded.lower_limit > bounded.upper_limit AND bounded.upper_limit >= 0, FALSE) AS is_swapped,
        COALESCE(
            column_of_another.results > 0
            AND bounded.reported_value > bounded.upper_limit_to
            -- With limits of its own a result is judged by them.
            AND bounded.lower_limit IS NULL
            AND bounded.upper_limit IS NULL,
            FALSE
        ) AS is_of_another
    FROM bounded
    LEFT JOIN column_of_another
        ON
            bounded.analyte_code = column_of_another.analyte_code
            AND bounded.site_id = column_of_another.site_id
            AND bounded.source_file = column_of_another.source_file
            AND bounded.source_sheet IS NOT DISTINCT FROM column_of_another.source_sheet
),

compared AS (
    SELECT
        *,
        CASE
            WHEN is_swapped THEN 'limits_swapped'
            WHEN lower_limit < 0 OR (lower_limit = 0 AND upper_limit <= 0) THEN 'limit_not_positive'
            -- 0 is the same number in every unit.
            WHEN NULLIF(lower_limit, 0) NOT BETWEEN lower_limit_from AND lower_limit_to THEN 'limit_in_another_unit'
        END AS lower_limit_fault,
        CASE
            WHEN is_swapped THEN 'limits_swapped'
            WHEN upper_limit <= 0 THEN 'limit_not_positive'
            WHEN upper_limit NOT BETWEEN upper_limit_from AND upper_limit_to THEN 'limit_in_another_unit'
        END AS upper_limit_fault,
        CASE
            WHEN reported_value < 0 THEN 'value_negative'
            WHEN reported_value NOT BETWEEN absurd_below AND absurd_above THEN 'value_absurd'
            -- Where no unit says what is absurd, ten thousand times the upper limit is.
            WHEN absurd_above IS NULL AND upper_limit > 0 AND NOT is_swapped AND reported_value > 10000 * upper_limit
                THEN 'value_absurd'
        END AS impossible_value
    FROM ordered
),

faulty AS (
    SELECT
        *,
        -- The limits as they may be meant, whichever way round they stand.
        CASE WHEN is_swapped THEN NULLIF(upper_limit, 0) WHEN lower_limit > 0 THEN lower_limit END AS low_edge,
        CASE WHEN is_swapped THEN lower_limit WHEN upper_limit > 0 THEN upper_limit END AS high_edge
    FROM compared
    WHERE
        lower_limit_fault IS NOT NULL
        OR upper_limit_fault IS NOT NULL
        OR impossible_value IS NOT NULL
        OR is_of_another
),

edged AS (
    SELECT
        *,
        low_edge NOT BETWEEN lower_limit_from AND lower_limit_to AS is_low_edge_foreign,
        high_edge NOT BETWEEN upper_limit_from AND upper_limit_to AS is_high_edge_foreign
    FROM faulty
),

reached AS (
    SELECT
        edged.*,
        bound.other_units
    FROM edged
    LEFT JOIN clinical_step.lab_bound AS bound
        ON
            edged.analyte_code = bound.analyte_code
            AND edged.unit = bound.unit
),

placed AS (
    SELECT
        *,
        -- One limit that fits the reported unit is enough to vouch for it.
        COALESCE(
            COALESCE(is_low_edge_foreign, is_high_edge_foreign)
            AND COALESCE(is_high_edge_foreign, is_low_edge_foreign),
            FALSE
        ) AS has_foreign_limits,
        -- The analyte's other units in which the limits are those of a laboratory.
        LIST_FILTER(
            other_units,
            LAMBDA other:
            COALESCE(low_edge BETWEEN other['lower_from'] AND other['lower_to'], TRUE)
            AND COALESCE(high_edge BETWEEN other['upper_from'] AND other['upper_to'], TRUE)
        ) AS units_of_limits
    FROM reached
),

suspected AS (
    SELECT
        *,
        LIST_FILTER(
            units_of_limits,
            LAMBDA other: reported_value BETWEEN other['value_from'] AND other['value_to']
        ) AS units_of_both
    FROM placed
),

-- What the numbers would be in order as: a unit of the analyte, or what is known to come under its name.
likened AS (
    SELECT
        suspected.*,
        CASE
            WHEN suspected.impossible_value = 'value_negative' THEN NULL
            WHEN LEN(suspected.units_of_both) > 0 THEN suspected.units_of_both
            WHEN suspected.has_foreign_limits THEN suspected.units_of_limits
        END AS likely_units,
        COALESCE(
            suspected.is_of_another
            OR suspected.low_edge BETWEEN other.lower_limit_from AND other.lower_limit_to
            OR suspected.high_edge BETWEEN other.upper_limit_from AND other.upper_limit_to,
            FALSE
        ) AS is_like_another
    FROM suspected
    LEFT JOIN reference.analyte AS other ON suspected.mistaken_for = other.analyte_code
)

SELECT
    site_id,
    patient_id,
    taken_on,
    analyte_code,
    reported_value,
    reported_unit,
    lower_limit,
    upper_limit,
    CASE
        WHEN is_of_another THEN 'value_of_another_test'
        WHEN impossible_value IS NOT NULL THEN impossible_value
        WHEN NOT has_foreign_limits THEN NULL
        -- In the unit of the limits the value is plausible, too: which unit it has is not known.
        WHEN LEN(units_of_both) > 0 THEN 'value_in_another_unit'
        WHEN LEN(units_of_limits) > 0 THEN NULL
        -- The limits are of no unit of the analyte (seconds, percent), and the value lies with them: near, and beyond
        -- what any limit of the reported unit can be.
        WHEN COALESCE(high_edge > upper_limit_to, low_edge > lower_limit_to)
            THEN CASE
                WHEN
                    reported_value > GREATEST(lower_limit_to, upper_limit_to)
                    AND reported_value <= 3 * COALESCE(high_edge, low_edge)
                    THEN 'value_in_another_unit'
            END
        WHEN
            reported_value < LEAST(lower_limit_from, upper_limit_from)
            AND 3 * reported_value >= COALESCE(low_edge, high_edge)
            THEN 'value_in_another_unit'
    END AS value_fault,
    lower_limit_fault,
    upper_limit_fault,
    CASE WHEN LEN(likely_units) = 1 THEN likely_units[1]['unit'] END AS likely_unit,
    CASE WHEN is_like_another THEN mistaken_for END AS likely_analyte,
    source_file,
    source_sheet,
    source_record,
    source_ordinal
FROM likened
