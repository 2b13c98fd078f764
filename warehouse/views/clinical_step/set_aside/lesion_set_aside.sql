-- Lesions on days of imaging of which something was set aside: the whole row, or a cell that says what it is or how
-- long. They have no size: as targets nobody measured them, and as new lesions they prove nothing and leave it open.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @day: Days from the index date to the imaging.
-- @lesion_label: Its name; `(not readable)` and a number where that is all that is known.
WITH cell AS (
    SELECT
        apart.*,
        -- What a lesion of the baseline is, only the baseline says.
        apart.first_day > index_date.index_date
        AND EXISTS (
            SELECT 1
            FROM current.lesion AS lesion
            WHERE
                lesion.site_id = apart.site_id
                AND lesion.patient_id = apart.patient_id
                AND lesion.lesion_label = apart.lesion_label
                AND lesion.imaged_on <= index_date.index_date
        ) AS is_followed
    FROM clinical_step.set_aside AS apart
    INNER JOIN clinical.index_date AS index_date
        ON
            apart.site_id = index_date.site_id
            AND apart.patient_id = index_date.patient_id
    WHERE apart.table_name = 'lesion' AND NOT apart.is_row
),

bad AS (
    SELECT
        cell.site_id,
        cell.patient_id,
        cell.first_day AS imaged_on,
        cell.lesion_label
    FROM cell
    CROSS JOIN clinical_step.response_option AS response_option
    INNER JOIN clinical.index_date AS index_date
        ON
            cell.site_id = index_date.site_id
            AND cell.patient_id = index_date.patient_id
    WHERE
        -- The length that counts is one of three: the viable part in the liver, the short axis of a node, the whole
        -- elsewhere.
        CASE cell.column_name
            WHEN 'whole_diameter_mm'
                THEN
                    cell.organ_code IS DISTINCT FROM 'liver'
                    OR NOT (cell.is_followed OR cell.first_day <= index_date.index_date)
            WHEN 'viable_diameter_mm' THEN COALESCE(cell.organ_code = 'liver', TRUE)
            WHEN 'pattern_code' THEN NOT cell.is_followed
            WHEN 'is_treated_before' THEN response_option.treated_target = 'not_evaluable'
            ELSE TRUE
        END
    UNION
    SELECT
        site_id,
        patient_id,
        imaged_on,
        lesion_label
    FROM clinical_step.possible_lesion
)

SELECT
    bad.site_id,
    bad.patient_id,
    imaging_day.day,
    bad.lesion_label
FROM bad
INNER JOIN clinical_step.imaging_day AS imaging_day
    ON
        bad.site_id = imaging_day.site_id
        AND bad.patient_id = imaging_day.patient_id
        AND bad.imaged_on = imaging_day.imaged_on
