-- One row per patient: index date, survival and baseline. Start here.
-- Every patient of every hospital's current load is in it; eligibility is not decided here.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @index_date: First dose of sorafenib; empty when it is not known to the day.
-- @age_years: Completed years at the index date, from the birth date, or else as the hospital reports them.
-- @sex: Sex at birth as recorded. Code list: sex.
-- @aetiology: Leading cause of the liver disease. Code list: aetiology.
-- @bclc_reported_code: Barcelona Clinic Liver Cancer stage as the hospital reports it. Code list: bclc_stage.
-- @child_pugh_reported_code: Child-Pugh class as the hospital reports it. Code list: child_pugh_class.
-- @child_pugh_reported_points: Child-Pugh score as the hospital reports it.
-- @ecog: ECOG performance status at baseline.
-- @ascites_code: Ascites at baseline. Code list: observation_value.
-- @encephalopathy_code: Hepatic encephalopathy at baseline. Code list: observation_value.
-- @weight_kg: Body weight at baseline, in kilograms.
-- @height_cm: Body height at baseline, in centimetres.
-- @bilirubin_mg_dl: Total bilirubin at baseline, in mg/dL.
-- @albumin_g_dl: Albumin at baseline, in g/dL.
-- @inr: International normalised ratio at baseline.
-- @platelets_10_9_l: Platelets at baseline, in 10*9/L.
-- @creatinine_mg_dl: Creatinine at baseline, in mg/dL.
-- @alt_u_l: Alanine aminotransferase at baseline, in U/L.
-- @afp_ng_ml: Alpha-fetoprotein at baseline, in ng/mL.
-- @afp_qualifier: Whether the true alpha-fetoprotein lies below or above the number.
-- @largest_diameter_mm: Longest diameter of the largest intrahepatic tumour, in millimetres.
-- @nodule_count: Number of intrahepatic nodules.
-- @nodule_count_qualifier: Whether the count is exact, a lower bound, or only 'multiple'. Code list: count_qualifier.
-- @portal_vein_invasion_code: Extent of portal vein invasion. Code list: portal_vein_invasion.
-- @has_extrahepatic_metastasis: Spread to any organ outside the liver; empty when none is recorded and some unknown.
-- @last_contact_on: Last day on which the patient was known to be alive, not after the data cut-off.
-- @died_on: Day of death by the cut-off; for a death not known to the day, the day that stands for it.
-- @died_on_precision: How precisely the death is known: day, month or year.
-- @os_days: Days from the index date to the death, or else the last contact, or else the data cut-off.
-- @os_months: The same in months (study option days_per_month).
-- @os_event: Survival ends in a death (true) or was censored (false); empty when the end is not known.
-- @survival_group: long_term, short_term or undetermined (study option long_term_months).
WITH lab AS (
    SELECT
        site_id,
        patient_id,
        MAX(value) FILTER (WHERE analyte_code = 'bilirubin_total') AS bilirubin_mg_dl,
        MAX(value) FILTER (WHERE analyte_code = 'albumin') AS albumin_g_dl,
        MAX(value) FILTER (WHERE analyte_code = 'inr') AS inr,
        MAX(value) FILTER (WHERE analyte_code = 'platelets') AS platelets_10_9_l,
        MAX(value) FILTER (WHERE analyte_code = 'creatinine') AS creatinine_mg_dl,
        MAX(value) FILTER (WHERE analyte_code = 'alt') AS alt_u_l,
        MAX(value) FILTER (WHERE analyte_code = 'afp') AS afp_ng_ml,
        MAX(value_qualifier) FILTER (WHERE analyte_code = 'afp') AS afp_qualifier
    FROM clinical.baseline_lab
    GROUP BY site_id, patient_id
),

finding AS (
    SELECT
        site_id,
        patient_id,
        MAX(value_number) FILTER (WHERE observation_code = 'ecog') AS ecog,
        MAX(value_code) FILTER (WHERE observation_code = 'ascites') AS ascites_code,
        MAX(value_code) FILTER (WHERE observation_code = 'encephalopathy') AS encephalopathy_code,
        MAX(value_number) FILTER (WHERE observation_code = 'weight' AND unit = 'kg') AS weight_kg,
        MAX(value_number) FILTER (WHERE observation_code = 'height' AND unit = 'cm') AS height_cm
    FROM clinical.baseline_observation
    GROUP BY site_id, patient_id
)

SELECT
    patient.site_id,
    patient.patient_id,
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
    patient.child_pugh_reported_code,
    patient.child_pugh_reported_points,
    CAST(finding.ecog AS SMALLINT) AS ecog,
    finding.ascites_code,
    finding.encephalopathy_code,
    finding.weight_kg,
    finding.height_cm,
    lab.bilirubin_mg_dl,
    lab.albumin_g_dl,
    lab.inr,
    lab.platelets_10_9_l,
    lab.creatinine_mg_dl,
    lab.alt_u_l,
    lab.afp_ng_ml,
    lab.afp_qualifier,
    tumour.largest_diameter_mm,
    tumour.nodule_count,
    tumour.nodule_count_qualifier,
    tumour.portal_vein_invasion_code,
    -- Three-valued on purpose: one recorded spread decides, an unrecorded organ leaves "none" open.
    tumour.has_lymph_node_metastasis
    OR tumour.has_lung_metastasis
    OR tumour.has_bone_metastasis
    OR tumour.has_brain_metastasis
    OR tumour.has_adrenal_metastasis
    OR tumour.has_peritoneum_metastasis
    OR tumour.has_other_metastasis AS has_extrahepatic_metastasis,
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
LEFT JOIN lab
    ON
        patient.site_id = lab.site_id
        AND patient.patient_id = lab.patient_id
LEFT JOIN finding
    ON
        patient.site_id = finding.site_id
        AND patient.patient_id = finding.patient_id
LEFT JOIN current.tumour_baseline AS tumour
    ON
        patient.site_id = tumour.site_id
        AND patient.patient_id = tumour.patient_id
