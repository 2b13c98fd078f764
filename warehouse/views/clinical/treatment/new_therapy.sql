-- The first treatment of the tumour that began after the study drug was stopped for good.
-- Only that is new anticancer therapy: what goes on during the drug (TACE, radiotherapy) censors nothing.
-- Where the study counts from a procedure (study option index_event), it is the first treatment of another kind after
-- the index date: the procedure done again is no new therapy. Where it counts from no treatment, none is new.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @index_date: Day from which the study counts.
-- @new_therapy_on: First day of the first later treatment, drug or procedure; empty when there is none.
SELECT
    last_dose.site_id,
    last_dose.patient_id,
    last_dose.index_date,
    MIN(other_treatment.started_on) AS new_therapy_on
FROM clinical.last_dose AS last_dose
CROSS JOIN clinical_step.study_number AS study_number
LEFT JOIN clinical.other_treatment AS other_treatment
    ON
        last_dose.site_id = other_treatment.site_id
        AND last_dose.patient_id = other_treatment.patient_id
        AND CASE
            WHEN study_number.index_drug IS NOT NULL
                THEN last_dose.is_stopped AND last_dose.last_dose_on < other_treatment.started_on
            WHEN study_number.index_procedure IS NOT NULL THEN last_dose.index_date < other_treatment.started_on
        END
GROUP BY last_dose.site_id, last_dose.patient_id, last_dose.index_date
