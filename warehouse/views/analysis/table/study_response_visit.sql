-- Response at every visit of every patient, as response plots need it, counted from the index date; in the primary
-- reading by lesions. Nothing in it says in which study a patient is: join it with analysis.study_member.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @day: Days from the index date.
-- @months: The same in months (study option days_per_month).
-- @is_baseline: This is the visit that later ones are compared with.
-- @target_sum_mm: Sum over the targets; empty when one of them was not measured.
-- @change_percent: Change of that sum from the baseline, in percent; empty without a baseline above 0.
-- @overall_response: CR, PR, SD, PD, NE, or IR/SD without targets; empty at the baseline and when it is not known.
SELECT
    visit_response.site_id,
    visit_response.patient_id,
    visit_response.day,
    CAST(visit_response.day / study_number.days_per_month AS DECIMAL(12, 4)) AS months,
    visit_response.is_baseline,
    CASE WHEN measured_visit.targets_measured = 'all' THEN visit_response.target_sum_mm END AS target_sum_mm,
    CASE
        WHEN visit_response.is_baseline AND visit_response.target_sum_mm > 0 AND measured_visit.targets_measured = 'all'
            THEN 0.0
        WHEN visit_response.baseline_sum_mm > 0 AND measured_visit.targets_measured = 'all'
            THEN
                100.0 * CAST(visit_response.target_sum_mm - visit_response.baseline_sum_mm AS DOUBLE)
                / CAST(visit_response.baseline_sum_mm AS DOUBLE)
    END AS change_percent,
    visit_response.overall_response
FROM clinical.visit_response AS visit_response
INNER JOIN clinical_step.measured_visit AS measured_visit
    ON
        visit_response.site_id = measured_visit.site_id
        AND visit_response.patient_id = measured_visit.patient_id
        AND visit_response.day = measured_visit.day
CROSS JOIN clinical_step.study_number AS study_number
