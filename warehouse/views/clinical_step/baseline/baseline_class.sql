-- The classes of body mass index and alpha-fetoprotein (clinical_step.value_class) into which every patient falls.
-- A value with < or > has a class only where both ends of what it can mean lie in the same one.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @bmi_kg_m2: Body mass index at baseline, in kg/m2, rounded; its class is judged on the exact number.
-- @bmi_class: Its class.
-- @afp_class: Class of alpha-fetoprotein at baseline.
-- @afp_ratio_class: Class of alpha-fetoprotein at first evaluation, in percent of the baseline.
WITH body AS (
    SELECT
        weight.site_id,
        weight.patient_id,
        -- Few digits on purpose, so that products of them are exact; a number that no body has gives nothing.
        TRY_CAST(weight.value_number AS DECIMAL(9, 3)) AS weight_kg,
        TRY_CAST(height.value_number AS DECIMAL(9, 3)) AS height_cm
    FROM clinical.baseline_observation AS weight
    INNER JOIN clinical.baseline_observation AS height
        ON
            weight.site_id = height.site_id
            AND weight.patient_id = height.patient_id
            AND height.observation_code = 'height'
            AND height.unit = 'cm'
    WHERE weight.observation_code = 'weight' AND weight.unit = 'kg' AND height.value_number > 0
),

afp AS (
    SELECT
        site_id,
        patient_id,
        'afp' AS scale,
        CAST(value AS DECIMAL(25, 9)) AS amount,
        value_qualifier AS qualifier,
        CAST(1 AS DECIMAL(25, 9)) AS base,
        CAST(NULL AS VARCHAR) AS base_qualifier
    FROM clinical.baseline_lab
    WHERE analyte_code = 'afp'
    UNION ALL
    SELECT
        site_id,
        patient_id,
        'afp_ratio' AS scale,
        -- In percent: a hundred times the value over the baseline.
        CAST(100 * value AS DECIMAL(25, 9)) AS amount,
        value_qualifier AS qualifier,
        CAST(baseline_value AS DECIMAL(25, 9)) AS base,
        baseline_qualifier AS base_qualifier
    FROM clinical.afp_at_evaluation
    WHERE baseline_value > 0
),

-- What a bound can mean: `<` everything from 0 to just below it, `>` everything from just above it, without end.
bounded AS (
    SELECT
        site_id,
        patient_id,
        scale,
        CASE
            WHEN qualifier IN ('<', '<=') THEN 0
            WHEN qualifier = '>' THEN amount + CAST(0.000000001 AS DECIMAL(25, 9))
            ELSE amount
        END AS least_amount,
        CASE WHEN qualifier = '<' THEN GREATEST(amount - CAST(0.000000001 AS DECIMAL(25, 9)), 0) ELSE amount END
            AS greatest_amount,
        CASE WHEN base_qualifier = '>' THEN base + CAST(0.000000001 AS DECIMAL(25, 9)) ELSE base END AS least_base,
        CASE WHEN base_qualifier = '<' THEN base - CAST(0.000000001 AS DECIMAL(25, 9)) ELSE base END AS greatest_base,
        COALESCE(base_qualifier IN ('>', '>='), FALSE) AS is_base_endless,
        COALESCE(qualifier IN ('>', '>='), FALSE) OR COALESCE(base_qualifier IN ('<', '<='), FALSE) AS is_endless
    FROM afp
),

-- Both ends of every number as a fraction, so that it is compared with an edge by a product and never divided.
number_end AS (
    SELECT
        site_id,
        patient_id,
        'bmi' AS scale,
        CAST(10000 * weight_kg AS DECIMAL(25, 9)) AS numerator,
        CAST(height_cm * height_cm AS DECIMAL(25, 9)) AS denominator,
        FALSE AS is_endless
    FROM body
    UNION ALL
    SELECT
        site_id,
        patient_id,
        scale,
        CASE WHEN is_base_endless THEN 0 ELSE least_amount END AS numerator,
        greatest_base AS denominator,
        FALSE AS is_endless
    FROM bounded
    UNION ALL
    SELECT
        site_id,
        patient_id,
        scale,
        greatest_amount AS numerator,
        least_base AS denominator,
        is_endless
    FROM bounded
),

sorted_in AS (
    SELECT
        number_end.site_id,
        number_end.patient_id,
        number_end.scale,
        CASE WHEN MIN(value_class.class_number) = MAX(value_class.class_number) THEN MIN(value_class.class_name) END
            AS class_name
    FROM number_end
    INNER JOIN clinical_step.value_class AS value_class
        ON
            number_end.scale = value_class.scale
            AND CASE
                WHEN number_end.is_endless THEN value_class.upper_edge IS NULL
                ELSE
                    (
                        value_class.lower_edge IS NULL
                        OR number_end.numerator > value_class.lower_edge * number_end.denominator
                        OR (
                            value_class.is_lower_included
                            AND number_end.numerator = value_class.lower_edge * number_end.denominator
                        )
                    )
                    AND (
                        value_class.upper_edge IS NULL
                        OR number_end.numerator < value_class.upper_edge * number_end.denominator
                        OR (
                            value_class.is_upper_included
                            AND number_end.numerator = value_class.upper_edge * number_end.denominator
                        )
                    )
            END
    GROUP BY number_end.site_id, number_end.patient_id, number_end.scale
)

SELECT
    patient.site_id,
    patient.patient_id,
    TRY_CAST(MAX(10000 * body.weight_kg / (body.height_cm * body.height_cm)) AS DECIMAL(7, 2)) AS bmi_kg_m2,
    MAX(sorted_in.class_name) FILTER (WHERE sorted_in.scale = 'bmi') AS bmi_class,
    MAX(sorted_in.class_name) FILTER (WHERE sorted_in.scale = 'afp') AS afp_class,
    MAX(sorted_in.class_name) FILTER (WHERE sorted_in.scale = 'afp_ratio') AS afp_ratio_class
FROM current.patient AS patient
LEFT JOIN body
    ON
        patient.site_id = body.site_id
        AND patient.patient_id = body.patient_id
LEFT JOIN sorted_in
    ON
        patient.site_id = sorted_in.site_id
        AND patient.patient_id = sorted_in.patient_id
GROUP BY patient.site_id, patient.patient_id
