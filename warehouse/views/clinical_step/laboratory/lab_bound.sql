-- What a number and a limit of normal of each analyte can be, in every unit; from reference.analyte. The bounds of a
-- limit stand between what laboratories use in the one unit and in the other. Empty where nothing is said, and in units
-- that are not the analyte's; a pure number (INR, pH) needs no unit, and holds in every one.
-- @analyte_code: The analyte. Code list: analyte.
-- @unit: Unit of the value (UCUM), or same, unknown, missing.
-- @absurd_below: No patient can have less than this in the unit.
-- @absurd_above: No patient can have more than this in the unit.
-- @lower_limit_from: No laboratory's lower limit of normal is lower than this in the unit.
-- @lower_limit_to: No laboratory's lower limit of normal is higher than this in the unit.
-- @upper_limit_from: No laboratory's upper limit of normal is lower than this in the unit.
-- @upper_limit_to: No laboratory's upper limit of normal is higher than this in the unit.
-- @other_units: The analyte's other units that give other numbers: name, what its limits and a plausible value can be.
-- @mistaken_for: The analyte whose numbers hospitals send under this one's name, where one is known. Code list:
-- analyte.
WITH unit AS (
    SELECT code AS unit FROM reference.code
    WHERE code_list = 'unit'
    UNION ALL
    SELECT UNNEST(['same', 'unknown', 'missing']) AS unit
),

-- What a number in the unit is multiplied by to reach the common one.
in_unit AS (
    SELECT
        analyte.*,
        unit.unit AS reported_unit,
        CASE WHEN analyte.unit = '1' THEN 1 ELSE unit_conversion.factor END AS factor
    FROM reference.analyte AS analyte
    CROSS JOIN unit
    LEFT JOIN reference.unit_conversion AS unit_conversion
        ON
            analyte.analyte_code = unit_conversion.analyte_code
            AND unit.unit = unit_conversion.from_unit
),

measured_in AS (
    SELECT
        analyte_code,
        factor,
        STRUCT_PACK(
            -- Of several names for the same numbers (10*9/L, 10*3/uL) the first.
            unit := MIN(reported_unit),
            lower_from := CAST(lower_limit_from / factor AS DECIMAL(18, 6)),
            lower_to := CAST(lower_limit_to / factor AS DECIMAL(18, 6)),
            upper_from := CAST(upper_limit_from / factor AS DECIMAL(18, 6)),
            upper_to := CAST(upper_limit_to / factor AS DECIMAL(18, 6)),
            value_from := CAST(plausible_from / factor AS DECIMAL(18, 6)),
            value_to := CAST(plausible_to / factor AS DECIMAL(18, 6))
        ) AS bounds
    FROM in_unit
    WHERE factor IS NOT NULL
    GROUP BY
        analyte_code,
        factor,
        lower_limit_from,
        lower_limit_to,
        upper_limit_from,
        upper_limit_to,
        plausible_from,
        plausible_to
),

other_unit AS (
    SELECT
        here.analyte_code,
        here.reported_unit,
        LIST(measured_in.bounds ORDER BY measured_in.factor) AS other_units
    FROM in_unit AS here
    INNER JOIN measured_in
        ON
            here.analyte_code = measured_in.analyte_code
            AND here.factor <> measured_in.factor
    GROUP BY here.analyte_code, here.reported_unit
)

SELECT
    in_unit.analyte_code,
    in_unit.reported_unit AS unit,
    CAST(in_unit.absurd_below / in_unit.factor AS DECIMAL(18, 6)) AS absurd_below,
    CAST(in_unit.absurd_above / in_unit.factor AS DECIMAL(18, 6)) AS absurd_above,
    CAST(in_unit.lower_limit_from / in_unit.factor AS DECIMAL(18, 6)) AS lower_limit_from,
    CAST(in_unit.lower_limit_to / in_unit.factor AS DECIMAL(18, 6)) AS lower_limit_to,
    CAST(in_unit.upper_limit_from / in_unit.factor AS DECIMAL(18, 6)) AS upper_limit_from,
    CAST(in_unit.upper_limit_to / in_unit.factor AS DECIMAL(18, 6)) AS upper_limit_to,
    other_unit.other_units,
    in_unit.mistaken_for
FROM in_unit
LEFT JOIN other_unit
    ON
        in_unit.analyte_code = other_unit.analyte_code
        AND in_unit.reported_unit = other_unit.reported_unit
