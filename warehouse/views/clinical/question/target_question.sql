-- Questions to the hospital about its own choice of target lesions, where that is not what mRECIST lets be chosen:
-- "max 2 per organ, 5 in all", each of them measurable. The choice stands; where the rule chooses, nothing is asked.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @question: target_not_measurable, of one lesion; too_many_targets_in_organ or too_many_targets, of all of them.
-- @reported: The lesion with its size in mm where one is given; or how many targets were chosen.
-- @derived: What the rule says: non_target, or how many may be chosen.
-- @noted_on: Date of the imaging that measured the lesion, or the first of them by name.
-- @source_file: The file of the lesion, or of the first of them.
-- @source_sheet: Its sheet, in a workbook.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows it is.
WITH chosen AS (
    SELECT
        lesion.site_id,
        lesion.patient_id,
        lesion.lesion_label,
        lesion.size_mm,
        lesion.is_measurable,
        lesion.organ_group,
        index_date.index_date + CAST(lesion.seen_day AS INTEGER) AS imaged_on
    FROM clinical.baseline_lesion AS lesion
    INNER JOIN clinical.index_date AS index_date
        ON
            lesion.site_id = index_date.site_id
            AND lesion.patient_id = index_date.patient_id
    -- What was set aside counts as a target, and nobody chose it.
    WHERE lesion.is_target AND lesion.is_chosen_by_reader AND NOT STARTS_WITH(lesion.reason, 'set aside')
),

asked AS (
    SELECT
        site_id,
        patient_id,
        imaged_on,
        'target_not_measurable' AS question,
        lesion_label || COALESCE(', ' || ROUND(size_mm, 1) || ' mm', ', not measured') AS reported,
        'non_target' AS derived,
        lesion_label
    FROM chosen
    WHERE NOT is_measurable
    UNION ALL
    SELECT
        chosen.site_id,
        chosen.patient_id,
        ARG_MIN(chosen.imaged_on, chosen.lesion_label) AS imaged_on,
        'too_many_targets_in_organ' AS question,
        COUNT(*) || ' in ' || chosen.organ_group AS reported,
        CAST(response_option.target_lesions_per_organ AS VARCHAR) AS derived,
        MIN(chosen.lesion_label) AS lesion_label
    FROM chosen
    CROSS JOIN clinical_step.response_option AS response_option
    GROUP BY
        chosen.site_id,
        chosen.patient_id,
        chosen.organ_group,
        response_option.target_lesions_per_organ
    HAVING COUNT(*) > response_option.target_lesions_per_organ
    UNION ALL
    SELECT
        chosen.site_id,
        chosen.patient_id,
        ARG_MIN(chosen.imaged_on, chosen.lesion_label) AS imaged_on,
        'too_many_targets' AS question,
        CAST(COUNT(*) AS VARCHAR) AS reported,
        CAST(response_option.target_lesions_in_all AS VARCHAR) AS derived,
        MIN(chosen.lesion_label) AS lesion_label
    FROM chosen
    CROSS JOIN clinical_step.response_option AS response_option
    GROUP BY chosen.site_id, chosen.patient_id, response_option.target_lesions_in_all
    HAVING COUNT(*) > response_option.target_lesions_in_all
)

SELECT
    asked.site_id,
    asked.patient_id,
    asked.question,
    asked.reported,
    asked.derived,
    asked.imaged_on AS noted_on,
    lesion.source_file,
    lesion.source_sheet,
    lesion.source_record,
    lesion.source_ordinal
FROM asked
LEFT JOIN current.lesion AS lesion
    ON
        asked.site_id = lesion.site_id
        AND asked.patient_id = lesion.patient_id
        AND asked.imaged_on = lesion.imaged_on
        AND asked.lesion_label = lesion.lesion_label
-- A lesion reported twice on one day is asked about once.
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY asked.site_id, asked.patient_id, asked.question, asked.reported
    ORDER BY lesion.source_file ASC, lesion.source_sheet ASC, lesion.source_record ASC
) = 1
