-- One row per patient: everything that the study asks of one. Start here.
-- Every patient of every hospital's current load is in it; the study's are those with is_eligible in a survival group.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @is_eligible: Every criterion of the study is met (true) or one is not (false); empty when one is unknown, see
-- clinical.eligibility.
-- @index_date: Day from which the study counts, the first dose of sorafenib; empty when it is not known to the day
--   (clinical.index_date).
-- @age_years: Completed years at the index date, from the birth date, or else as the hospital reports them.
-- @sex: Sex at birth as recorded. Code list: sex.
-- @aetiology: Leading cause of the liver disease. Code list: aetiology.
-- @bclc_reported_code: Barcelona Clinic Liver Cancer stage as the hospital reports it. Code list: bclc_stage.
-- @bclc_derived_code: The stage that follows from the data; empty when something is missing. Code list: bclc_stage.
-- @child_pugh_reported_code: Child-Pugh class as the hospital reports it. Code list: child_pugh_class.
-- @child_pugh_reported_points: Child-Pugh score as the hospital reports it.
-- @child_pugh_derived_code: Class of the derived points. Code list: child_pugh_class.
-- @child_pugh_derived_points: Child-Pugh score from its five components at baseline; empty when one is missing.
-- @albi_score: Albumin-bilirubin score at baseline.
-- @albi_grade: Its grade, 1 to 3.
-- @malbi_grade: Its modified grade: 1, 2a, 2b or 3.
-- @ecog: ECOG performance status at baseline, as reported or else from Karnofsky.
-- @ascites_code: Ascites at baseline. Code list: observation_value.
-- @encephalopathy_code: Hepatic encephalopathy at baseline. Code list: observation_value.
-- @weight_kg: Body weight at baseline, in kilograms.
-- @height_cm: Body height at baseline, in centimetres.
-- @bmi_kg_m2: Body mass index at baseline, in kg/m2.
-- @bmi_class: Its class (clinical_step.value_class).
-- @has_diabetes: Diabetes mellitus is recorded (true), recorded as absent (false), or not spoken of (empty).
-- @bilirubin_mg_dl: Total bilirubin at baseline, in mg/dL.
-- @albumin_g_dl: Albumin at baseline, in g/dL.
-- @inr: International normalised ratio at baseline.
-- @platelets_10_9_l: Platelets at baseline, in 10*9/L.
-- @creatinine_mg_dl: Creatinine at baseline, in mg/dL.
-- @alt_u_l: Alanine aminotransferase at baseline, in U/L.
-- @ast_u_l: Aspartate aminotransferase at baseline, in U/L.
-- @hemoglobin_g_dl: Hemoglobin at baseline, in g/dL.
-- @baseline_bilirubin_grade: Grade of "Blood bilirubin increased" at baseline, by CTCAE 4.03.
-- @baseline_albumin_grade: Grade of "Hypoalbuminemia" at baseline, by CTCAE 4.03.
-- @baseline_platelets_grade: Grade of "Platelet count decreased" at baseline, by CTCAE 4.03.
-- @baseline_ast_grade: Grade of "Aspartate aminotransferase increased" at baseline, by CTCAE 4.03.
-- @baseline_alt_grade: Grade of "Alanine aminotransferase increased" at baseline, by CTCAE 4.03.
-- @afp_ng_ml: Alpha-fetoprotein at baseline, in ng/mL.
-- @afp_qualifier: Whether the true alpha-fetoprotein lies below or above the number.
-- @afp_class: Class of alpha-fetoprotein at baseline (clinical_step.value_class); empty when a bound leaves it open.
-- @afp_ratio_class: Class of alpha-fetoprotein at the first evaluation, in percent of the baseline.
-- @largest_diameter_mm: Longest diameter of the largest intrahepatic tumour, in millimetres.
-- @nodule_count: Number of intrahepatic nodules.
-- @nodule_count_qualifier: Whether the count is exact, a lower bound, or only 'multiple'. Code list: count_qualifier.
-- @portal_vein_invasion_code: Extent of portal vein invasion. Code list: portal_vein_invasion.
-- @has_lymph_node_metastasis: Spread to lymph nodes.
-- @has_lung_metastasis: Spread to the lungs.
-- @has_bone_metastasis: Spread to bone.
-- @has_brain_metastasis: Spread to the brain.
-- @has_adrenal_metastasis: Spread to an adrenal gland.
-- @has_peritoneum_metastasis: Spread to the peritoneum.
-- @has_other_metastasis: Spread to another organ.
-- @has_extrahepatic_metastasis: Spread to any organ outside the liver; empty when none is recorded and some unknown.
-- @last_dose_on: Last day on which sorafenib was taken; where the study counts from another event (study option
--   index_event), this and what rests on it is empty, and clinical.treatment says why.
-- @treatment_days: Days from the first to the last dose.
-- @treatment_months: The same in months.
-- @mean_daily_dose_mg: Milligrams of sorafenib a day from the first to the last dose (study option
-- dose_interruptions).
-- @interruption_count: How often sorafenib was taken up again after at least one day without.
-- @reduction_count: How often the daily dose of sorafenib fell.
-- @is_first_line: Nothing was done against the tumour before sorafenib (study option first_line_means).
-- @has_concomitant_treatment: Chemoembolisation or radiotherapy began between the first and the last dose.
-- @concomitant_treatments: What it was. Code list: procedure.
-- @has_salvage_treatment: A treatment of the tumour began after sorafenib was stopped for good.
-- @salvage_treatments: What it was. Code lists: procedure, systemic_drug.
-- @salvage_on: First day of the first of them.
-- @takes_metformin: Metformin was taken between 30 days before the index date and the last dose.
-- @takes_statin: A statin was taken in that time.
-- @has_adverse_event: An adverse event counts: recorded, treatment-emergent; empty when the hospital reports none.
-- @worst_grade_any: Worst grade of adverse events, 1 to 4, by CTCAE 4.03; 0 without an event, empty where no event
--   has a grade.
-- @worst_grade_dermatologic: The same of dermatologic events.
-- @worst_grade_gastroenterologic: The same of gastroenterologic events.
-- @worst_grade_hypertension: The same of hypertension.
-- @has_fatal_event: An adverse event was fatal (grade 5).
-- @first_event_day: Days from the index date to the first onset of an adverse event.
-- @best_overall_response: Best response by mRECIST: CR, PR, SD, IR/SD, PD or NE (study options response_...).
-- @ttp_days: Days from the index date to the first radiological progression, or else to where it is censored.
-- @ttp_months: The same in months.
-- @ttp_event: Progression was seen (true) or not (false).
-- @pfs_days: Days to progression or death, or else to where it is censored.
-- @pfs_months: The same in months.
-- @pfs_event: Progression or death (true), or neither (false).
-- @sd_duration_months: From the start of treatment to progression, where the best response is SD.
-- @pr_duration_months: From the first PR to progression, where the best response is PR.
-- @cr_duration_months: From the first CR to progression, where the best response is CR.
-- @last_contact_on: Last day on which the patient was known to be alive, not after the data cut-off.
-- @died_on: Day of death by the cut-off; for a death not known to the day, the day that stands for it.
-- @died_on_precision: How precisely the death is known: day, month or year.
-- @os_days: Days from the index date to the death, or else the last contact, or else the data cut-off.
-- @os_months: The same in months (study option days_per_month).
-- @os_event: Survival ends in a death (true) or was censored (false); empty when the end is not known.
-- @survival_group: long_term, short_term or undetermined (study option long_term_months).
SELECT
    patient.site_id,
    patient.patient_id,
    eligibility.is_eligible,
    survival.index_date,
    COALESCE(
        CASE
            -- A birth date known to the month holds its first day: the age is off in that one month at most.
            WHEN COALESCE(patient.birth_date_precision, 'day') <> 'year'
                THEN DATE_SUB('year', patient.birth_date, survival.index_date)
        END,
        patient.age_reported_years
    ) AS age_years,
    patient.sex,
    patient.aetiology,
    patient.bclc_reported_code,
    bclc.derived_code AS bclc_derived_code,
    patient.child_pugh_reported_code,
    patient.child_pugh_reported_points,
    child_pugh.derived_code AS child_pugh_derived_code,
    child_pugh.derived_points AS child_pugh_derived_points,
    albi.albi_score,
    albi.albi_grade,
    albi.malbi_grade,
    performance_status.ecog,
    baseline.ascites_code,
    baseline.encephalopathy_code,
    baseline.weight_kg,
    baseline.height_cm,
    baseline_class.bmi_kg_m2,
    baseline_class.bmi_class,
    comorbidity.has_diabetes,
    baseline.bilirubin_mg_dl,
    baseline.albumin_g_dl,
    baseline.inr,
    baseline.platelets_10_9_l,
    baseline.creatinine_mg_dl,
    baseline.alt_u_l,
    baseline.ast_u_l,
    baseline.hemoglobin_g_dl,
    baseline_grade.bilirubin_grade AS baseline_bilirubin_grade,
    baseline_grade.albumin_grade AS baseline_albumin_grade,
    baseline_grade.platelets_grade AS baseline_platelets_grade,
    baseline_grade.ast_grade AS baseline_ast_grade,
    baseline_grade.alt_grade AS baseline_alt_grade,
    baseline.afp_ng_ml,
    baseline.afp_qualifier,
    baseline_class.afp_class,
    baseline_class.afp_ratio_class,
    tumour.largest_diameter_mm,
    tumour.nodule_count,
    tumour.nodule_count_qualifier,
    tumour.portal_vein_invasion_code,
    tumour.has_lymph_node_metastasis,
    tumour.has_lung_metastasis,
    tumour.has_bone_metastasis,
    tumour.has_brain_metastasis,
    tumour.has_adrenal_metastasis,
    tumour.has_peritoneum_metastasis,
    tumour.has_other_metastasis,
    -- Three-valued on purpose: one recorded spread decides, an unrecorded organ leaves "none" open.
    tumour.has_lymph_node_metastasis
    OR tumour.has_lung_metastasis
    OR tumour.has_bone_metastasis
    OR tumour.has_brain_metastasis
    OR tumour.has_adrenal_metastasis
    OR tumour.has_peritoneum_metastasis
    OR tumour.has_other_metastasis AS has_extrahepatic_metastasis,
    treatment.last_dose_on,
    treatment.treatment_days,
    treatment.treatment_months,
    dose.mean_daily_dose_mg,
    dose.interruption_count,
    dose.reduction_count,
    treatment.is_first_line,
    treatment.has_concomitant_treatment,
    treatment.concomitant_treatments,
    treatment.has_salvage_treatment,
    treatment.salvage_treatments,
    treatment.salvage_on,
    co_medication.takes_metformin,
    co_medication.takes_statin,
    worst_event.has_adverse_event,
    worst_event.worst_grade_any,
    worst_event.worst_grade_dermatologic,
    worst_event.worst_grade_gastroenterologic,
    worst_event.worst_grade_hypertension,
    worst_event.has_fatal_event,
    worst_event.first_event_day,
    response.best_overall_response,
    response.ttp_days,
    response.ttp_months,
    response.ttp_event,
    response.pfs_days,
    response.pfs_months,
    response.pfs_event,
    response.sd_duration_months,
    response.pr_duration_months,
    response.cr_duration_months,
    survival.last_contact_on,
    survival.died_on,
    survival.died_on_precision,
    survival.os_days,
    survival.os_months,
    survival.os_event,
    survival.survival_group
FROM current.patient AS patient
INNER JOIN clinical.survival AS survival
    ON
        patient.site_id = survival.site_id
        AND patient.patient_id = survival.patient_id
LEFT JOIN clinical.baseline_value AS baseline
    ON
        patient.site_id = baseline.site_id
        AND patient.patient_id = baseline.patient_id
LEFT JOIN clinical_step.baseline_class AS baseline_class
    ON
        patient.site_id = baseline_class.site_id
        AND patient.patient_id = baseline_class.patient_id
LEFT JOIN clinical.baseline_grade AS baseline_grade
    ON
        patient.site_id = baseline_grade.site_id
        AND patient.patient_id = baseline_grade.patient_id
LEFT JOIN clinical.comorbidity AS comorbidity
    ON
        patient.site_id = comorbidity.site_id
        AND patient.patient_id = comorbidity.patient_id
LEFT JOIN current.tumour_baseline AS tumour
    ON
        patient.site_id = tumour.site_id
        AND patient.patient_id = tumour.patient_id
LEFT JOIN clinical.treatment AS treatment
    ON
        patient.site_id = treatment.site_id
        AND patient.patient_id = treatment.patient_id
LEFT JOIN clinical.dose AS dose
    ON
        patient.site_id = dose.site_id
        AND patient.patient_id = dose.patient_id
LEFT JOIN clinical.co_medication AS co_medication
    ON
        patient.site_id = co_medication.site_id
        AND patient.patient_id = co_medication.patient_id
LEFT JOIN clinical.study_response AS response
    ON
        patient.site_id = response.site_id
        AND patient.patient_id = response.patient_id
LEFT JOIN clinical.worst_event AS worst_event
    ON
        patient.site_id = worst_event.site_id
        AND patient.patient_id = worst_event.patient_id
LEFT JOIN clinical.performance_status AS performance_status
    ON
        patient.site_id = performance_status.site_id
        AND patient.patient_id = performance_status.patient_id
LEFT JOIN clinical.child_pugh AS child_pugh
    ON
        patient.site_id = child_pugh.site_id
        AND patient.patient_id = child_pugh.patient_id
LEFT JOIN clinical.albi AS albi
    ON
        patient.site_id = albi.site_id
        AND patient.patient_id = albi.patient_id
LEFT JOIN clinical.bclc AS bclc
    ON
        patient.site_id = bclc.site_id
        AND patient.patient_id = bclc.patient_id
LEFT JOIN clinical.eligibility AS eligibility
    ON
        patient.site_id = eligibility.site_id
        AND patient.patient_id = eligibility.patient_id
