-- The first treatment of the tumour that began after the study drug was stopped for good.
-- Only that is new anticancer therapy: what goes on during the drug (TACE, radiotherapy) censors nothing.
-- Where the study counts from a procedure (study option index_event), it is the first treatment of another kind after
-- the index date: the procedure done again is no new therapy. Where it counts from no treatment, none is new.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @index_date: Day from which the study counts.
-- @new_therapy_on: First day of the first later treatment, drug or procedure; empty when there is none, or when what
-- was set aside may be an earlier one.
-- @open_from: First day on which one may have begun that was set aside, or whose time is open because the last dose is;
-- empty when nothing leaves it open.
WITH recorded AS (
    SELECT
        last_dose.site_id,
        last_dose.patient_id,
        MIN(other_treatment.started_on) FILTER (
            WHERE
            CASE
                WHEN study_number.index_drug IS NOT NULL
                    THEN last_dose.is_stopped AND last_dose.last_dose_on < other_treatment.started_on
                WHEN study_number.index_procedure IS NOT NULL THEN last_dose.index_date < other_treatment.started_on
            END
        ) AS new_therapy_on,
        -- Whether this one came after the last dose is open where the last dose or the end is.
        MIN(other_treatment.started_on) FILTER (
            WHERE
            study_number.index_drug IS NOT NULL
            AND (last_dose.is_set_aside OR last_dose.is_stopped IS NULL)
            AND last_dose.is_stopped IS NOT FALSE
            AND last_dose.taken_at_least_until < other_treatment.started_not_after
        ) AS may_be_new_on
    FROM clinical.last_dose AS last_dose
    INNER JOIN clinical.other_treatment AS other_treatment
        ON
            last_dose.site_id = other_treatment.site_id
            AND last_dose.patient_id = other_treatment.patient_id
    CROSS JOIN clinical_step.study_number AS study_number
    GROUP BY last_dose.site_id, last_dose.patient_id
),

possible AS (
    SELECT
        last_dose.site_id,
        last_dose.patient_id,
        MIN(GREATEST(treatment.started_on, last_dose.taken_at_least_until + 1)) AS open_from
    FROM clinical.last_dose AS last_dose
    INNER JOIN clinical_step.possible_treatment AS treatment
        ON
            last_dose.site_id = treatment.site_id
            AND last_dose.patient_id = treatment.patient_id
    CROSS JOIN clinical_step.study_number AS study_number
    WHERE
        COALESCE(study_number.index_drug, study_number.index_procedure) IS NOT NULL
        AND last_dose.is_stopped IS NOT FALSE
        AND COALESCE(treatment.started_not_after > last_dose.taken_at_least_until, TRUE)
    GROUP BY last_dose.site_id, last_dose.patient_id
),

judged AS (
    SELECT
        last_dose.site_id,
        last_dose.patient_id,
        last_dose.index_date,
        recorded.new_therapy_on,
        LEAST(
            possible.open_from,
            CASE
                WHEN recorded.may_be_new_on IS NOT NULL
                    THEN GREATEST(recorded.may_be_new_on, last_dose.taken_at_least_until + 1)
            END
        ) AS open_from
    FROM clinical.last_dose AS last_dose
    LEFT JOIN recorded
        ON
            last_dose.site_id = recorded.site_id
            AND last_dose.patient_id = recorded.patient_id
    LEFT JOIN possible
        ON
            last_dose.site_id = possible.site_id
            AND last_dose.patient_id = possible.patient_id
)

SELECT
    site_id,
    patient_id,
    index_date,
    CASE WHEN COALESCE(new_therapy_on <= open_from, TRUE) THEN new_therapy_on END AS new_therapy_on,
    CASE WHEN NOT COALESCE(new_therapy_on <= open_from, FALSE) THEN open_from END AS open_from
FROM judged
