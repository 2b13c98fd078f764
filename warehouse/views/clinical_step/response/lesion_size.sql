-- The one length of every lesion that counts for response.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @day: Days from the index date to the imaging.
-- @lesion_label: The lesion's name, the same at every visit.
-- @is_baseline: Seen at the baseline.
-- @can_measure_viable: The day's imaging had an arterial phase, as far as is known.
-- @organ_code: The organ in which the lesion lies. Code list: organ.
-- @organ_group: The organ by which targets are counted: all lymph nodes are one.
-- @role_code: Target, non-target or new, as the hospital's reader chose. Code list: lesion_role.
-- @is_node: The lesion is a lymph node.
-- @size_mm: Short axis of a node, viable diameter in the liver, whole diameter elsewhere; empty when not measured.
-- @viable_mm: Longest diameter of what enhances in the arterial phase; 0 when nothing does, empty when not measured.
-- @whole_mm: Longest diameter of the whole lesion.
-- @new_size_mm: Size of a new nodule: its viable part where one is measured, or else the whole.
-- @enhancement_code: Arterial enhancement. Code list: enhancement.
-- @pattern_code: Typical or atypical for HCC, infiltrative, thrombus or effusion. Code list: lesion_pattern.
-- @is_treated_before: The lesion had local treatment before this visit.
WITH measured AS (
    SELECT
        lesion.*,
        imaging_day.is_baseline,
        imaging_day.can_measure_viable,
        CASE
            -- RECIST 1.1: "nodes: short axis".
            WHEN lesion.is_node THEN lesion.short_axis_mm
            -- mRECIST: "the longest viable diameter in arterial phase"; "not enhancing: 0", whatever length is given.
            WHEN lesion.organ_code = 'liver' AND lesion.enhancement_code = 'none' THEN 0
            WHEN lesion.organ_code = 'liver' THEN lesion.viable_diameter_mm
            -- "Extrahepatic lesions: whole diameter as in RECIST 1.1".
            ELSE lesion.whole_diameter_mm
        END AS measured_mm
    FROM clinical_step.measured_lesion AS lesion
    INNER JOIN clinical_step.imaging_day AS imaging_day
        ON
            lesion.site_id = imaging_day.site_id
            AND lesion.patient_id = imaging_day.patient_id
            AND lesion.day = imaging_day.day
)

SELECT
    measured.site_id,
    measured.patient_id,
    measured.day,
    measured.lesion_label,
    measured.is_baseline,
    measured.can_measure_viable,
    measured.organ_code,
    CASE WHEN measured.is_node THEN 'lymph_node' ELSE measured.organ_code END AS organ_group,
    measured.role_code,
    measured.is_node,
    CASE
        -- RECIST 1.1: "too faint to measure: 5 mm; a stated number is used even if below 5".
        WHEN measured.measured_mm IS NULL AND measured.enhancement_code = 'faint'
            THEN response_option.faint_enhancement_mm
        ELSE measured.measured_mm
    END AS size_mm,
    CASE WHEN measured.enhancement_code = 'none' THEN 0 ELSE measured.viable_diameter_mm END AS viable_mm,
    measured.whole_diameter_mm AS whole_mm,
    CASE
        -- The typical pattern is that of what enhances.
        WHEN measured.pattern_code = 'typical' AND measured.enhancement_code = 'none' THEN 0
        WHEN measured.enhancement_code = 'none' THEN COALESCE(measured.whole_diameter_mm, 0)
        ELSE COALESCE(NULLIF(measured.viable_diameter_mm, 0), measured.whole_diameter_mm, 0)
    END AS new_size_mm,
    measured.enhancement_code,
    measured.pattern_code,
    measured.is_treated_before
FROM measured
CROSS JOIN clinical_step.response_option AS response_option
