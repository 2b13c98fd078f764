-- The five components of Child-Pugh at baseline, five rows per patient, each with its points or why it has none.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @component: bilirubin, albumin, inr, ascites or encephalopathy.
-- @noted_on: Date of the specimen or of the finding.
-- @value_number: The laboratory value in the unit next to it, as it is scored.
-- @value_qualifier: Whether the true value lies below or above the number.
-- @value_code: The finding. Code list: observation_value.
-- @unit: Unit of the number (UCUM).
-- @points: One, two or three points; empty when it cannot be scored.
-- @reason: Why there are no points; empty when there are.
WITH component AS (
    SELECT
        UNNEST(['bilirubin', 'albumin', 'inr', 'ascites', 'encephalopathy']) AS component,
        UNNEST(['bilirubin_total', 'albumin', 'inr', NULL, NULL]) AS analyte_code,
        -- The least step between two numbers that are scored apart.
        UNNEST([0.01, 0.01, 0.000001, NULL, NULL]) AS step
),

known AS (
    SELECT
        index_date.site_id,
        index_date.patient_id,
        index_date.index_date,
        component.component,
        component.analyte_code,
        component.step,
        COALESCE(lab.taken_on, finding.observed_on) AS noted_on,
        -- Both unit systems agree when a value is converted, rounded to 0.01 and then scored; INR has no unit.
        CASE component.component WHEN 'inr' THEN lab.value ELSE ROUND(lab.value, 2) END AS value_number,
        lab.value_qualifier,
        finding.value_code,
        lab.unit,
        finding.observed_on IS NOT NULL AS has_finding,
        score_option.albumin_edge_g_dl
    FROM clinical.index_date AS index_date
    CROSS JOIN component
    CROSS JOIN clinical_step.score_option AS score_option
    LEFT JOIN clinical.baseline_lab AS lab
        ON
            index_date.site_id = lab.site_id
            AND index_date.patient_id = lab.patient_id
            AND component.analyte_code = lab.analyte_code
    LEFT JOIN clinical.baseline_observation AS finding
        ON
            index_date.site_id = finding.site_id
            AND index_date.patient_id = finding.patient_id
            AND component.component = finding.observation_code
),

-- A value known only as below or above a number has a least and a greatest value; others have one of both.
possible_value AS (
    SELECT
        *,
        UNNEST([
            CASE
                WHEN value_qualifier IN ('<', '<=') THEN 0
                WHEN value_qualifier = '>' THEN value_number + step
                ELSE value_number
            END,
            CASE
                WHEN value_qualifier = '<' THEN GREATEST(value_number - step, 0)
                WHEN value_qualifier IN ('>', '>=') THEN 1000000
                ELSE value_number
            END
        ]) AS possible
    FROM known
),

-- Child-Pugh: "bilirubin <2 / 2-3 / >3 mg/dL; albumin >3.5 / 2.8-3.5 / <2.8 g/dL; INR <1.7 / 1.7-2.3 / >2.3; ascites
-- none / slight or controlled / moderate or refractory; encephalopathy none / 1-2 / 3-4. Ends belong to 2 points."
scored_value AS (
    SELECT
        *,
        CASE
            WHEN possible IS NULL AND value_code IS NULL THEN NULL
            WHEN value_number < 0 THEN NULL
            WHEN component = 'bilirubin'
                THEN CASE WHEN possible < 2 THEN 1 WHEN possible <= 3 THEN 2 ELSE 3 END
            WHEN component = 'albumin'
                THEN CASE
                    WHEN possible > 3.5 THEN 1
                    -- Study option child_pugh_albumin_edge: 2.8; "Harrison uses albumin 3.0"
                    WHEN possible >= albumin_edge_g_dl THEN 2
                    ELSE 3
                END
            WHEN component = 'inr'
                THEN CASE WHEN possible < 1.7 THEN 1 WHEN possible <= 2.3 THEN 2 ELSE 3 END
            WHEN component = 'ascites'
                THEN CASE value_code WHEN 'none' THEN 1 WHEN 'slight' THEN 2 WHEN 'moderate' THEN 3 END
            WHEN component = 'encephalopathy'
                THEN CASE value_code WHEN 'none' THEN 1 WHEN 'grade_1_2' THEN 2 WHEN 'grade_3_4' THEN 3 END
        END AS points_of_value
    FROM possible_value
),

possible AS (
    SELECT DISTINCT
        apart.site_id,
        apart.patient_id,
        component.component
    FROM clinical_step.possible_baseline AS apart
    INNER JOIN component
        ON COALESCE(
            apart.code = COALESCE(component.analyte_code, component.component), TRUE
        ) AND (apart.table_name = 'lab_result') = (component.analyte_code IS NOT NULL)
),

settled AS (
    SELECT
        site_id,
        patient_id,
        index_date,
        component,
        analyte_code,
        noted_on,
        value_number,
        value_qualifier,
        value_code,
        unit,
        has_finding,
        CASE WHEN MIN(points_of_value) = MAX(points_of_value) THEN CAST(MIN(points_of_value) AS SMALLINT) END AS points
    FROM scored_value
    GROUP BY ALL
)

SELECT
    settled.site_id,
    settled.patient_id,
    settled.component,
    settled.noted_on,
    settled.value_number,
    settled.value_qualifier,
    settled.value_code,
    settled.unit,
    settled.points,
    CASE
        WHEN settled.points IS NOT NULL THEN NULL
        WHEN settled.index_date IS NULL THEN 'no index date'
        WHEN settled.value_number < 0 THEN 'a negative number'
        WHEN settled.value_number IS NOT NULL THEN 'the bound leaves the points open'
        WHEN settled.has_finding THEN 'not a code of this finding'
        -- The number cannot be so (clinical_step.doubtful_result): it is asked about and not used.
        WHEN doubtful.value_fault IS NOT NULL THEN doubtful.value_fault || ' on ' || doubtful.taken_on || ': not used'
        -- "or PT +<4 / 4-6 / >6 s": above the control of the day, which the canonical model does not hold.
        WHEN settled.component = 'inr' AND prothrombin_time.value IS NOT NULL
            THEN 'prothrombin time in seconds without its control'
        WHEN possible.patient_id IS NOT NULL THEN 'a value was set aside that may be it'
        ELSE 'none in the ' || study_number.baseline_days_before || ' days up to the index date'
    END AS reason
FROM settled
CROSS JOIN clinical_step.study_number AS study_number
LEFT JOIN clinical.baseline_lab AS prothrombin_time
    ON
        settled.site_id = prothrombin_time.site_id
        AND settled.patient_id = prothrombin_time.patient_id
        AND prothrombin_time.analyte_code = 'prothrombin_time'
LEFT JOIN clinical_step.baseline_result AS doubtful
    ON
        settled.site_id = doubtful.site_id
        AND settled.patient_id = doubtful.patient_id
        AND settled.analyte_code = doubtful.analyte_code
        AND doubtful.value_fault IS NOT NULL
        AND doubtful.from_last = 1
LEFT JOIN possible
    ON
        settled.site_id = possible.site_id
        AND settled.patient_id = possible.patient_id
        AND settled.component = possible.component
