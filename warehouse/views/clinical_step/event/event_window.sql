-- The time in which a patient's adverse events count: from the index date to so many days after the last dose (study
-- option adverse_event_days_after), or to the data cut-off where the drug is not known to have been stopped.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @index_date: First dose of the study drug.
-- @last_dose_on: Last day on which the drug was taken, see last_dose; empty while that is not known.
-- @counts_until: Last day on which an event may begin that counts.
SELECT
    last_dose.site_id,
    last_dose.patient_id,
    last_dose.index_date,
    last_dose.last_dose_on,
    LEAST(last_dose.last_dose_on + event_option.days_after_last_dose, study_number.data_cut_off) AS counts_until
FROM clinical.last_dose AS last_dose
CROSS JOIN clinical_step.event_option AS event_option
CROSS JOIN clinical_step.study_number AS study_number
