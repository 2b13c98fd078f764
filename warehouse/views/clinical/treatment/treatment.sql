-- When the study drug was taken, and what was done against the tumour before it, during it and after it.
-- Where the study counts from another event (study option index_event), what was done before it is known; the rest is
-- empty and has a reason.
-- A date known to the month or year can mean any of its days; where they disagree, the answer is unknown (empty).
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @index_date: Day from which the study counts.
-- @last_dose_on: Last day on which it was taken.
-- @is_stopped: Every course of it has an end.
-- @treatment_days: Days from the first to the last dose, a plain difference.
-- @treatment_months: The same in months (study option days_per_month).
-- @is_first_line: Nothing was done against the tumour before (study option first_line_means).
-- @has_concomitant_treatment: Chemoembolisation or radiotherapy began between first and last dose, both days included.
-- @concomitant_treatments: What it was, each named once. Code list: procedure.
-- @concomitant_on: First day of the first of them.
-- @has_salvage_treatment: A treatment of the tumour began after the drug was stopped for good.
-- @salvage_treatments: What it was, each named once. Code lists: procedure, systemic_drug.
-- @salvage_on: First day of the first of them.
-- @reason: Why there is no last dose, and then nothing beside or after it; empty when there is one.
WITH timed AS (
    SELECT
        last_dose.site_id,
        last_dose.patient_id,
        other.treatment_code,
        other.started_on,
        -- Study definitions: "first-line: no treatment of HCC of any kind before sorafenib"; option: no other drug.
        CASE
            WHEN other.kind = 'procedure' AND treatment_option.first_line_means = 'first_systemic_drug' THEN FALSE
            WHEN other.started_not_after < last_dose.index_date THEN TRUE
            WHEN other.started_on >= last_dose.index_date THEN FALSE
        END AS is_before,
        -- "Chemoembolisation or radiotherapy starting between index date and last dose (bone radiotherapy by option)".
        CASE
            WHEN
                other.kind <> 'procedure'
                OR NOT LIST_CONTAINS(treatment_option.concomitant_procedures, other.treatment_code)
                -- Bone must be said to be left out: radiotherapy of an organ that is not reported counts.
                OR (
                    other.treatment_code = 'radiotherapy'
                    AND COALESCE(other.target_site_code = 'bone', FALSE)
                    AND NOT treatment_option.has_bone_radiotherapy
                )
                THEN FALSE
            WHEN other.started_not_after < last_dose.index_date OR other.started_on > last_dose.last_dose_on
                THEN FALSE
            WHEN other.started_on >= last_dose.index_date AND other.started_not_after <= last_dose.last_dose_on
                THEN TRUE
        END AS is_beside,
        -- "Anticancer therapy after sorafenib was stopped for good": from the day after the last dose on.
        CASE
            WHEN NOT last_dose.is_stopped THEN FALSE
            WHEN other.started_on > last_dose.last_dose_on THEN TRUE
            WHEN other.started_not_after <= last_dose.last_dose_on THEN FALSE
        END AS is_after
    FROM clinical.last_dose AS last_dose
    INNER JOIN clinical.other_treatment AS other
        ON
            last_dose.site_id = other.site_id
            AND last_dose.patient_id = other.patient_id
    CROSS JOIN clinical_step.treatment_option AS treatment_option
),

summed AS (
    SELECT
        site_id,
        patient_id,
        BOOL_OR(is_before) AS has_before,
        BOOL_OR(is_before IS NULL) AS is_before_open,
        BOOL_OR(is_beside) AS has_beside,
        BOOL_OR(is_beside IS NULL) AS is_beside_open,
        STRING_AGG(DISTINCT treatment_code, ', ' ORDER BY treatment_code) FILTER (WHERE is_beside)
            AS concomitant_treatments,
        MIN(started_on) FILTER (WHERE is_beside) AS concomitant_on,
        BOOL_OR(is_after) AS has_after,
        BOOL_OR(is_after IS NULL) AS is_after_open,
        STRING_AGG(DISTINCT treatment_code, ', ' ORDER BY treatment_code) FILTER (WHERE is_after) AS salvage_treatments
    FROM timed
    GROUP BY site_id, patient_id
)

SELECT
    last_dose.site_id,
    last_dose.patient_id,
    last_dose.index_date,
    last_dose.last_dose_on,
    last_dose.is_stopped,
    last_dose.last_dose_on - last_dose.index_date AS treatment_days,
    CAST((last_dose.last_dose_on - last_dose.index_date) / study_number.days_per_month AS DECIMAL(12, 4))
        AS treatment_months,
    -- A hospital that reports no procedure at all has not said that there was none.
    CASE
        WHEN summed.has_before THEN FALSE
        WHEN
            NOT COALESCE(summed.is_before_open, FALSE)
            AND (site_scope.reports_procedures OR treatment_option.first_line_means = 'first_systemic_drug')
            THEN TRUE
    END AS is_first_line,
    CASE
        WHEN summed.has_beside THEN TRUE
        WHEN study_number.index_drug IS NULL THEN NULL
        WHEN NOT COALESCE(summed.is_beside_open, FALSE) AND site_scope.reports_procedures THEN FALSE
    END AS has_concomitant_treatment,
    summed.concomitant_treatments,
    summed.concomitant_on,
    CASE
        WHEN summed.has_after THEN TRUE
        WHEN study_number.index_drug IS NULL THEN NULL
        WHEN NOT COALESCE(summed.is_after_open, FALSE) AND site_scope.reports_procedures THEN FALSE
    END AS has_salvage_treatment,
    summed.salvage_treatments,
    CASE WHEN study_number.index_drug IS NOT NULL THEN new_therapy.new_therapy_on END AS salvage_on,
    last_dose.reason
FROM clinical.last_dose AS last_dose
INNER JOIN clinical_step.site_scope AS site_scope
    ON last_dose.site_id = site_scope.site_id
LEFT JOIN summed
    ON
        last_dose.site_id = summed.site_id
        AND last_dose.patient_id = summed.patient_id
LEFT JOIN clinical.new_therapy AS new_therapy
    ON
        last_dose.site_id = new_therapy.site_id
        AND last_dose.patient_id = new_therapy.patient_id
CROSS JOIN clinical_step.study_number AS study_number
CROSS JOIN clinical_step.treatment_option AS treatment_option
