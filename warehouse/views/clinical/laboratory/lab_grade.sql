-- CTCAE 4.03 grade of every laboratory result, for every term that its analyte has, in the unit as reported.
-- The criteria are rows of reference.lab_criterion, laid side by side in clinical_step.lab_ladder. Ungradable is empty,
-- with its reason; normal is 0. A value equal to a limit belongs to the milder grade. Version 4.03 grades an abnormal
-- baseline like any other value: clinical.lab_grade_summary reports what worsened.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @taken_on: Date on which the specimen was taken.
-- @analyte_code: What was measured. Code list: analyte.
-- @lab_term: The term and what is measured for it (reference.lab_term).
-- @term: The CTCAE 4.03 term.
-- @grade: 0 to 4; empty when the result cannot be graded. Grade 5 never comes from a laboratory value.
-- @grade_at_least: The least grade that is certain where the value is known only as a bound and has no one grade.
-- @criterion: The criterion applied, in words, with the study option where it decided.
-- @basis: What was compared: times_uln, times_lln, absolute, times_baseline, rise, times_cutoff or clinical.
-- @limit_value: The number that the value lies beyond, in the unit.
-- @graded_value: The number graded; total calcium is corrected by albumin.
-- @reported_unit: Unit as reported (UCUM).
-- @lower_limit: Lower limit of normal as reported; the warning or the reason says when it cannot be used.
-- @upper_limit: Upper limit of normal as reported; the warning or the reason says when it cannot be used.
-- @baseline: The baseline, where the criterion applied uses it.
-- @reason: Why there is no grade. Code list: grade_reason.
-- @warning: What a reader must know of the grade. Code list: grade_reason.
-- @is_baseline: This result is the patient's baseline.
-- @is_before_treatment: Taken up to the index date.
-- @source_file: The file that the row came from.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows: 1000 * part + slot.
WITH measured AS (
    SELECT
        result.* REPLACE (
            COALESCE(result.lower_limit_fault, doubtful.lower_limit_fault) AS lower_limit_fault,
            COALESCE(result.upper_limit_fault, doubtful.upper_limit_fault) AS upper_limit_fault
        ),
        doubtful.value_fault,
        -- A limit that cannot be used counts as missing.
        CASE WHEN doubtful.lower_limit_fault IS NULL THEN result.lower_limit END AS usable_lower_limit,
        CASE WHEN doubtful.upper_limit_fault IS NULL THEN result.upper_limit END AS usable_upper_limit,
        CASE
            WHEN result.is_calcium_total AND result.albumin_g_dl IS NOT NULL
                THEN CASE ladder.unit
                    -- Convention, CTCAE gives no formula: "Ca + 0.8 x (4.0 - albumin g/dL) mg/dL,
                    WHEN 'mg/dL'
                        THEN TRY_CAST(result.reported_value + 0.8 * (4.0 - result.albumin_g_dl) AS DECIMAL(18, 6))
                    -- or Ca + 0.02 x (40 - albumin g/L) mmol/L"
                    WHEN 'mmol/L'
                        THEN TRY_CAST(result.reported_value + 0.02 * (40 - 10 * result.albumin_g_dl) AS DECIMAL(18, 6))
                END
            ELSE result.reported_value
        END AS graded_value,
        lab_option.*,
        ladder.*
    FROM clinical_step.gradable_result AS result
    CROSS JOIN clinical_step.lab_option AS lab_option
    LEFT JOIN clinical_step.lab_ladder AS ladder
        ON
            result.lab_term = ladder.ladder_term
            AND COALESCE(result.reported_unit, 'missing') = ladder.unit
    LEFT JOIN clinical_step.doubtful_result AS doubtful
        ON
            result.source_record = doubtful.source_record
            AND result.source_ordinal = doubtful.source_ordinal
            AND result.source_file = doubtful.source_file
            AND result.site_id = doubtful.site_id
),

-- A bound that is itself excluded ("< 8") stands for the next number, to six decimals, on its open side: beyond 8.
bounded AS (
    SELECT
        *,
        CASE
            WHEN value_qualifier = '<' THEN graded_value - CAST(0.000001 AS DECIMAL(7, 6))
            -- So that the sum fits; more than a thousand million is absurd in every unit.
            WHEN value_qualifier = '>' AND graded_value < 1000000000
                THEN graded_value + CAST(0.000001 AS DECIMAL(7, 6))
            ELSE graded_value
        END AS compared_value
    FROM measured
),

-- A low term is the mirror of a high one: seen from the normal range, beyond a limit is always greater.
mirrored AS (
    SELECT
        *,
        CASE WHEN is_low THEN -compared_value ELSE compared_value END AS towards,
        CASE WHEN is_low THEN -usable_lower_limit ELSE usable_upper_limit END AS edge_of_normal,
        CASE
            WHEN normal_limit IS NULL AND NOT guards_normal_range THEN NULL
            WHEN is_low THEN lower_limit_fault
            ELSE upper_limit_fault
        END AS limit_fault,
        -- A change in percent stands for a baseline of 100.
        CASE
            WHEN baseline IS NULL AND percent_change IS NOT NULL AND is_low THEN -100 - percent_change
            WHEN baseline IS NULL AND percent_change IS NOT NULL THEN 100 + percent_change
            WHEN is_low THEN -compared_value
            ELSE compared_value
        END AS towards_from_baseline,
        CASE
            WHEN baseline IS NULL AND percent_change IS NOT NULL AND is_low THEN -100
            WHEN baseline IS NULL AND percent_change IS NOT NULL THEN 100
            WHEN is_low THEN -baseline
            ELSE baseline
        END AS mirrored_baseline,
        CASE
            -- Hemoglobin: "Reference = ULN, or baseline if baseline > ULN. ... Baseline missing: use ULN."
            WHEN normal_limit = 'uln_or_baseline' AND usable_upper_limit IS NOT NULL
                THEN GREATEST(usable_upper_limit, baseline)
            -- Acute kidney injury: "rise >0.3 mg/dL", from the baseline.
            WHEN normal_limit IS NULL THEN baseline
        END AS rise_from
    FROM bounded
),

compared AS (
    SELECT
        *,
        CASE
            WHEN input_fault IS NOT NULL THEN input_fault
            WHEN ladder_term IS NULL THEN 'term_unknown'
            WHEN reported_value IS NULL THEN 'value_missing'
            WHEN value_fault IS NOT NULL THEN value_fault
            WHEN baseline <= 0 AND (needs_baseline OR normal_limit = 'uln_or_baseline') THEN 'baseline_not_positive'
            WHEN infarction_cutoff <= 0 OR infarction_cutoff < usable_upper_limit THEN 'cutoff_impossible'
            -- The baseline is a value of the patient: one that no patient can have is in another unit.
            WHEN
                (needs_baseline OR normal_limit = 'uln_or_baseline')
                AND baseline NOT BETWEEN absurd_below AND absurd_above
                THEN 'baseline_in_another_unit'
        END AS fault,
        -- "from grade 4 down; first satisfied grade wins": "high terms use > and low terms use <"
        CASE
            WHEN normal_times_1 IS NULL THEN NULL
            WHEN towards > normal_times_4 * edge_of_normal THEN 4
            WHEN towards > normal_times_3 * edge_of_normal THEN 3
            WHEN towards > normal_times_2 * edge_of_normal THEN 2
            WHEN towards > normal_times_1 * edge_of_normal THEN 1
        END AS by_normal,
        CASE
            -- Study option lab_grade_wnl_guard; the default grades by the limit, with a warning.
            WHEN guards_normal_range AND towards <= edge_of_normal THEN NULL
            WHEN towards > absolute_4 THEN 4
            WHEN towards > absolute_3 THEN 3
            WHEN towards > absolute_2 THEN 2
            -- "triglyceride grade 1 includes 150"
            WHEN towards >= absolute_from_1 THEN 1
        END AS by_absolute,
        CASE
            -- "INR: the same multiples also apply to baseline, but only in anticoagulated patients"
            WHEN needs_baseline AND (needs_anticoagulation IS NOT TRUE OR is_anticoagulated)
                THEN CASE
                    -- Fibrinogen: "75 or more G4", "50 to <75 G3", "25 to <50 G2", "under 25 % G1"
                    WHEN towards_from_baseline > baseline_times_4 * mirrored_baseline THEN 4
                    WHEN towards_from_baseline >= baseline_from_4 * mirrored_baseline THEN 4
                    WHEN towards_from_baseline > baseline_times_3 * mirrored_baseline THEN 3
                    WHEN towards_from_baseline >= baseline_from_3 * mirrored_baseline THEN 3
                    WHEN towards_from_baseline > baseline_times_2 * mirrored_baseline THEN 2
                    WHEN towards_from_baseline >= baseline_from_2 * mirrored_baseline THEN 2
                    WHEN towards_from_baseline > baseline_times_1 * mirrored_baseline THEN 1
                    WHEN towards_from_baseline >= baseline_from_1 * mirrored_baseline THEN 1
                END
        END AS by_baseline,
        CASE
            WHEN rise_1 IS NULL THEN NULL
            WHEN compared_value > rise_from + rise_3 THEN 3
            WHEN compared_value > rise_from + rise_2 THEN 2
            WHEN compared_value > rise_from + rise_1 THEN 1
        END AS by_rise,
        -- Troponin: "at or above [the assay's infarction cut-off] G3"
        CASE WHEN compared_value >= infarction_cutoff THEN cutoff_grade END AS by_cutoff,
        CASE
            -- "clinical (transfusion, hospitalization, symptoms, life-threatening flags may raise the grade)"
            WHEN takes_clinical_flags
                THEN GREATEST(
                    CASE WHEN has_transfusion THEN transfusion_grade END,
                    CASE WHEN is_hospitalized THEN hospitalized_grade END,
                    CASE WHEN is_life_threatening THEN life_threatening_grade END,
                    CASE WHEN has_hemorrhage THEN hemorrhage_grade END
                )
        END AS by_flag,
        CASE
            WHEN symptom IS NULL OR NOT takes_clinical_flags THEN NULL
            WHEN symptom = 'symptomatic' THEN is_symptomatic
            ELSE has_physiologic_consequences
        END AS has_symptoms
    FROM mirrored
),

-- Hypokalemia and hyperuricemia have two grades for one range: "the milder grade, marked symptoms_unknown".
with_symptoms AS (
    SELECT
        *,
        CASE
            WHEN symptom_grade IS NOT NULL AND by_normal = 1 AND COALESCE(has_symptoms, takes_worst_case)
                THEN symptom_grade
        END AS by_symptoms
    FROM compared
),

met AS (
    SELECT
        *,
        COALESCE(GREATEST(by_normal, by_absolute, by_baseline, by_rise, by_cutoff, by_flag, by_symptoms), 0)
            AS grade_met,
        symptom_grade IS NOT NULL AND by_normal = 1 AND has_symptoms IS NULL AS is_within_symptom_range
    FROM with_symptoms
),

graded AS (
    SELECT
        *,
        -- Study option lab_grade_glucose_not_fasting; the default leaves the grade empty.
        COALESCE(takes_not_fasting_as_normal AND NOT is_fasting AND grade_met <= fasting_grade, FALSE)
            AS is_taken_as_normal,
        -- The true value lies on the graver side of the number, or on the milder.
        value_qualifier IN ('<', '<=') = is_low AS is_open_to_graver,
        CASE WHEN is_taken_as_normal THEN 0 ELSE grade_met END AS highest_grade
    FROM met
),

judged AS (
    SELECT
        *,
        CASE
            WHEN fault IS NOT NULL THEN fault
            -- The unit `same` hides the absolute limits; a multiple that gives the gravest grade needs none of them.
            WHEN unit_fault = 'unit_same' AND GREATEST(by_normal, by_baseline) = top_grade THEN NULL
            WHEN unit_fault IS NOT NULL THEN unit_fault
            WHEN is_calcium_total AND albumin_g_dl IS NULL AND NOT grades_uncorrected_calcium THEN 'albumin_missing'
            -- "Hyperglycemia non-fasting: only G3/G4 numbers apply ... Fasting status unknown: do not assume"
            WHEN highest_grade <= fasting_grade AND is_fasting IS NOT TRUE AND NOT is_taken_as_normal
                THEN CASE WHEN is_fasting THEN NULL WHEN NOT is_fasting THEN 'not_fasting' ELSE 'fasting_unknown' END
            -- A value known as "< x" or "> x": certain only when nothing on its open side could change the grade.
            WHEN
                value_qualifier IS NOT NULL
                AND CASE WHEN is_open_to_graver THEN highest_grade < top_grade ELSE highest_grade > 0 END
                THEN 'value_is_a_bound'
            -- Troponin above ULN: grade 1 or 3, the cut-off decides.
            WHEN cutoff_grade IS NOT NULL AND infarction_cutoff IS NULL AND highest_grade = 1 THEN 'cutoff_missing'
            WHEN highest_grade > 0 OR is_taken_as_normal THEN NULL
            -- "No grade satisfied and all needed inputs present: 0. Otherwise not gradable"
            WHEN normal_limit IS NOT NULL AND limit_fault IS NOT NULL THEN limit_fault
            WHEN normal_limit = 'lln' AND lower_limit IS NULL THEN 'lln_missing'
            WHEN normal_limit IN ('uln', 'uln_or_baseline') AND upper_limit IS NULL THEN 'uln_missing'
            WHEN
                needs_baseline
                AND mirrored_baseline IS NULL
                AND (needs_anticoagulation IS NOT TRUE OR is_anticoagulated)
                -- "Never grade the baseline sample against itself": by the limit of normal alone, if the term has one.
                AND NOT (is_before_treatment AND normal_limit IS NOT NULL)
                THEN 'baseline_missing'
            WHEN rise_1 IS NOT NULL AND normal_limit IS NULL AND baseline IS NULL THEN 'baseline_missing'
        END AS reason
    FROM graded
),

placed AS (
    SELECT
        *,
        CASE
            WHEN reason IS NULL
                THEN 100 * ladder_number + highest_grade + CASE highest_grade
                    WHEN 0 THEN 0
                    WHEN by_normal THEN 10
                    WHEN by_absolute THEN 20
                    WHEN by_baseline THEN 30
                    WHEN by_rise THEN 40
                    WHEN by_cutoff THEN 50
                    ELSE 60
                END
        END AS rung_number,
        -- The number itself, seen from its graver side, and what is known apart from it: no true value has less.
        CASE WHEN reason = 'value_is_a_bound' THEN CASE WHEN is_open_to_graver THEN highest_grade ELSE by_flag END END
            AS least_grade,
        -- Where a graver criterion is met, symptoms decide nothing.
        is_within_symptom_range AND highest_grade <= symptom_grade AS is_symptom_unknown
    FROM judged
)

SELECT
    placed.site_id,
    placed.patient_id,
    placed.taken_on,
    placed.analyte_code,
    placed.lab_term,
    placed.term,
    rung.grade,
    CAST(NULLIF(placed.least_grade, 0) AS TINYINT) AS grade_at_least,
    CASE
        WHEN placed.is_taken_as_normal
            THEN rung.criterion || ' (not fasting, no grade above 2: option lab_grade_glucose_not_fasting)'
        WHEN NOT placed.is_symptom_unknown AND NOT placed.guards_normal_range THEN rung.criterion
        WHEN placed.is_symptom_unknown AND placed.takes_worst_case
            THEN rung.criterion || ' (symptoms not known: the graver grade, option worst_case)'
        WHEN placed.is_symptom_unknown THEN rung.criterion || ' (symptoms not known: the milder grade)'
        WHEN rung.grade = 0
            THEN rung.criterion || ' (absolute limits not used inside the normal range: option wnl_guard)'
        ELSE rung.criterion
    END AS criterion,
    rung.basis,
    CASE rung.basis
        WHEN 'absolute' THEN rung.limit_value
        WHEN 'times_uln' THEN rung.times * placed.usable_upper_limit
        WHEN 'times_lln' THEN rung.times * placed.usable_lower_limit
        WHEN 'times_baseline' THEN rung.times * placed.baseline
        WHEN 'times_cutoff' THEN rung.times * placed.infarction_cutoff
        WHEN 'rise' THEN rung.limit_value + placed.rise_from
    END AS limit_value,
    placed.graded_value,
    placed.reported_unit,
    placed.lower_limit,
    placed.upper_limit,
    CASE WHEN rung.basis IN ('times_baseline', 'rise') THEN placed.baseline END AS baseline,
    placed.reason,
    CASE
        WHEN placed.reason IS NOT NULL THEN NULL
        -- The grade needed no limit of normal; with one it might be graver.
        WHEN placed.limit_fault IS NOT NULL THEN placed.limit_fault
        WHEN placed.is_taken_as_normal THEN 'not_fasting'
        WHEN placed.is_symptom_unknown THEN 'symptoms_unknown'
        WHEN placed.is_calcium_total AND placed.albumin_g_dl IS NULL THEN 'calcium_not_corrected'
        -- Graded by an absolute limit or the baseline, though the laboratory's own range holds the value.
        WHEN rung.grade > 0 AND rung.basis <> 'clinical' AND placed.towards <= placed.edge_of_normal
            THEN 'inside_normal_range'
    END AS warning,
    placed.is_baseline,
    placed.is_before_treatment,
    placed.source_file,
    placed.source_record,
    placed.source_ordinal
FROM placed
LEFT JOIN clinical_step.lab_rung AS rung ON placed.rung_number = rung.rung_number
