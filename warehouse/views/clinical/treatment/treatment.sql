-- When the study drug was taken, and what was done against the tumour before it, during it and after it.
-- Where the study counts from another event (study option index_event), what was done before it is known; the rest is
-- empty and has a reason.
-- A date known to the month or year can mean any of its days; where they disagree, the answer is unknown (empty).
-- A treatment that was set aside proves nothing; where it may have changed the answer, that is unknown, too.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @index_date: Day from which the study counts.
-- @last_dose_on: Last day on which it was taken.
-- @is_stopped: Every course of it has an end; empty when what was set aside leaves that open.
-- @treatment_days: Days from the first to the last dose, a plain difference.
-- @treatment_months: The same in months (study option days_per_month).
-- @is_first_line: Nothing was done against the tumour before (study option first_line_means).
-- @has_concomitant_treatment: Chemoembolisation or radiotherapy began between first and last dose, both days included.
-- @concomitant_treatments: What it was, each named once; empty when what was set aside may add to it. Code list:
-- procedure.
-- @concomitant_on: First day of the first of them; empty when what was set aside may be earlier.
-- @has_salvage_treatment: A treatment of the tumour began after the drug was stopped for good.
-- @salvage_treatments: What it was, each named once; empty when what was set aside may add to it. Code lists:
-- procedure, systemic_drug.
-- @salvage_on: First day of the first of them.
-- @reason: Why there is no last dose, and then nothing beside or after it; empty when there is one.
WITH other_treatment AS (
    SELECT
        *,
        TRUE AS is_recorded
    FROM clinical.other_treatment
    UNION ALL BY NAME
    SELECT
        * EXCLUDE (role_code),
        FALSE AS is_target_set_aside,
        FALSE AS is_recorded
    FROM clinical_step.possible_treatment
),

dosed AS (
    SELECT
        *,
        CASE WHEN is_set_aside THEN taken_at_least_until END AS known_until
    FROM clinical.last_dose
),

timed AS (
    SELECT
        last_dose.site_id,
        last_dose.patient_id,
        other.treatment_code,
        other.started_on,
        other.is_recorded,
        last_dose.index_date,
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
                OR COALESCE(NOT LIST_CONTAINS(treatment_option.concomitant_procedures, other.treatment_code), FALSE)
                -- Bone must be said to be left out: radiotherapy of an organ that is not reported counts.
                OR (
                    COALESCE(other.treatment_code = 'radiotherapy', FALSE)
                    AND COALESCE(other.target_site_code = 'bone', FALSE)
                    AND NOT treatment_option.has_bone_radiotherapy
                )
                THEN FALSE
            WHEN other.started_not_after < last_dose.index_date OR other.started_on > last_dose.last_dose_on
                THEN FALSE
            WHEN
                other.is_target_set_aside
                AND other.treatment_code = 'radiotherapy'
                AND NOT treatment_option.has_bone_radiotherapy
                THEN NULL
            WHEN
                other.started_on >= last_dose.index_date
                -- On a day on which the drug was surely taken it is concomitant, also when the last dose is not known.
                AND other.started_not_after <= COALESCE(last_dose.last_dose_on, last_dose.known_until)
                THEN TRUE
        END AS is_beside,
        -- "Anticancer therapy after sorafenib was stopped for good": from the day after the last dose on.
        CASE
            WHEN NOT last_dose.is_stopped THEN FALSE
            WHEN other.started_not_after <= COALESCE(last_dose.last_dose_on, last_dose.known_until) THEN FALSE
            WHEN last_dose.is_stopped AND other.started_on > last_dose.last_dose_on THEN TRUE
        END AS is_after
    FROM dosed AS last_dose
    INNER JOIN other_treatment AS other
        ON
            last_dose.site_id = other.site_id
            AND last_dose.patient_id = other.patient_id
    CROSS JOIN clinical_step.treatment_option AS treatment_option
),

summed AS (
    SELECT
        site_id,
        patient_id,
        BOOL_OR(is_before AND is_recorded) AS has_before,
        BOOL_OR(is_before IS NULL OR (is_before AND NOT is_recorded)) AS is_before_open,
        BOOL_OR(is_beside AND is_recorded) AS has_beside,
        BOOL_OR(is_beside IS NULL OR (is_beside AND NOT is_recorded)) AS is_beside_open,
        BOOL_OR(NOT is_recorded AND is_beside IS NOT FALSE) AS may_add_beside,
        STRING_AGG(DISTINCT treatment_code, ', ' ORDER BY treatment_code) FILTER (WHERE is_beside AND is_recorded)
            AS concomitant_treatments,
        MIN(started_on) FILTER (WHERE is_beside AND is_recorded) AS concomitant_on,
        -- The earliest day that one which was set aside can have; the index date where its day could not be read.
        MIN(COALESCE(GREATEST(started_on, index_date), index_date)) FILTER (
            WHERE NOT is_recorded AND is_beside IS NOT FALSE
        ) AS may_begin_on,
        BOOL_OR(is_after AND is_recorded) AS has_after,
        BOOL_OR(is_after IS NULL OR (is_after AND NOT is_recorded)) AS is_after_open,
        BOOL_OR(NOT is_recorded AND is_after IS NOT FALSE) AS may_add_after,
        STRING_AGG(DISTINCT treatment_code, ', ' ORDER BY treatment_code) FILTER (WHERE is_after AND is_recorded)
            AS salvage_treatments
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
    CASE
        WHEN NOT summed.may_add_beside AND NOT (last_dose.is_set_aside AND summed.is_beside_open)
            THEN summed.concomitant_treatments
    END AS concomitant_treatments,
    CASE WHEN COALESCE(summed.concomitant_on <= summed.may_begin_on, TRUE) THEN summed.concomitant_on END
        AS concomitant_on,
    CASE
        WHEN summed.has_after THEN TRUE
        WHEN study_number.index_drug IS NULL THEN NULL
        WHEN NOT COALESCE(summed.is_after_open, FALSE) AND site_scope.reports_procedures THEN FALSE
    END AS has_salvage_treatment,
    CASE
        WHEN NOT summed.may_add_after AND NOT (last_dose.is_set_aside AND summed.is_after_open)
            THEN summed.salvage_treatments
    END AS salvage_treatments,
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
