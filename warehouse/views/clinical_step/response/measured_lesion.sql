-- Every lesion on every day of imaging up to the data cut-off: the input of the rules about lesions.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @day: Days from the index date to the imaging.
-- @lesion_label: The lesion's name, the same at every visit.
-- @organ_code: The organ in which the lesion lies. Code list: organ.
-- @role_code: Target, non-target or new, as the hospital's reader chose. Code list: lesion_role.
-- @is_node: The lesion is a lymph node, measured by its short axis.
-- @viable_diameter_mm: Longest diameter of the arterially enhancing part; zero when nothing enhances.
-- @whole_diameter_mm: Longest diameter of the whole lesion.
-- @short_axis_mm: Short axis of a lymph node.
-- @enhancement_code: Arterial enhancement. Code list: enhancement.
-- @pattern_code: Typical or atypical for HCC, infiltrative, thrombus or effusion. Code list: lesion_pattern.
-- @is_treated_before: The lesion had local treatment before this visit.
-- @has_malignant_cells: Cytology of an effusion: malignant cells were found or not; empty when none was done.
SELECT
    lesion.site_id,
    lesion.patient_id,
    imaging_day.day,
    lesion.lesion_label,
    lesion.organ_code,
    lesion.role_code,
    COALESCE(lesion.is_lymph_node, lesion.organ_code IN ('lymph_node', 'porta_hepatis'), FALSE) AS is_node,
    lesion.viable_diameter_mm,
    lesion.whole_diameter_mm,
    lesion.short_axis_mm,
    lesion.enhancement_code,
    lesion.pattern_code,
    lesion.is_treated_before,
    lesion.has_malignant_cells
FROM current.lesion AS lesion
INNER JOIN clinical_step.imaging_day AS imaging_day
    ON
        lesion.site_id = imaging_day.site_id
        AND lesion.patient_id = imaging_day.patient_id
        AND lesion.imaged_on = imaging_day.imaged_on
