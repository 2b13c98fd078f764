-- Eligibility by imaging: contrast CT or MRI of the abdomen before treatment, and again after its start.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @criterion: imaging_before or imaging_after.
-- @verdict: met, not_met or unknown.
-- @evidence: What shows it, with its date.
WITH scan AS (
    SELECT
        imaging.site_id,
        imaging.patient_id,
        imaging.imaged_on,
        UPPER(imaging.modality_code) AS modality,
        imaging.imaged_on > index_date.index_date AS is_after,
        index_date.index_date - imaging.imaged_on AS days_before,
        -- "Contrast CT or MRI of the abdomen", three-valued: what is not said is not known.
        imaging.modality_code IN ('ct', 'mri')
        AND imaging.region_code IN ('abdomen', 'whole_body')
        AND imaging.has_contrast AS is_contrast_scan
    FROM current.imaging_visit AS imaging
    INNER JOIN clinical.index_date AS index_date
        ON
            imaging.site_id = index_date.site_id
            AND imaging.patient_id = index_date.patient_id
    CROSS JOIN clinical_step.study_number AS study_number
    -- "Nothing after the data cut-off is counted."
    WHERE imaging.imaged_on <= study_number.data_cut_off
),

counted AS (
    SELECT
        scan.site_id,
        scan.patient_id,
        -- "In the 61 days up to and including the index date": a plain difference of at most 61 days.
        MAX(scan.imaged_on) FILTER (
            WHERE scan.is_contrast_scan AND scan.days_before BETWEEN 0 AND eligibility_option.imaging_days
        ) AS last_before_on,
        ARG_MAX(scan.modality, scan.imaged_on) FILTER (
            WHERE scan.is_contrast_scan AND scan.days_before BETWEEN 0 AND eligibility_option.imaging_days
        ) AS modality_before,
        MAX(scan.imaged_on) FILTER (
            WHERE scan.is_contrast_scan IS NULL AND scan.days_before BETWEEN 0 AND eligibility_option.imaging_days
        ) AS doubtful_before_on,
        MAX(scan.imaged_on) FILTER (WHERE scan.is_contrast_scan AND scan.days_before >= 0) AS nearest_before_on,
        -- Several scans of a day are one visit.
        COUNT(DISTINCT scan.imaged_on) FILTER (WHERE scan.is_contrast_scan AND scan.is_after) AS visits_after,
        COUNT(DISTINCT scan.imaged_on) FILTER (WHERE scan.is_contrast_scan IS NOT FALSE AND scan.is_after)
            AS possible_visits_after,
        MIN(scan.imaged_on) FILTER (WHERE scan.is_contrast_scan AND scan.is_after) AS first_after_on
    FROM scan
    CROSS JOIN clinical_step.eligibility_option AS eligibility_option
    GROUP BY scan.site_id, scan.patient_id
),

-- A scan that was set aside, on a day that could not be read or that is one of those asked for.
doubt AS (
    SELECT
        apart.site_id,
        apart.patient_id,
        BOOL_OR(
            COALESCE(
                index_date.index_date - apart.first_day BETWEEN 0 AND eligibility_option.imaging_days, TRUE
            )
        ) AS is_before_open,
        COUNT(*) FILTER (
            WHERE
            COALESCE(
                apart.first_day > index_date.index_date AND apart.first_day <= study_number.data_cut_off, TRUE
            )
        ) AS possible_after
    FROM clinical_step.set_aside AS apart
    INNER JOIN clinical.index_date AS index_date
        ON
            apart.site_id = index_date.site_id
            AND apart.patient_id = index_date.patient_id
    CROSS JOIN clinical_step.study_number AS study_number
    CROSS JOIN clinical_step.eligibility_option AS eligibility_option
    WHERE apart.table_name = 'imaging_visit' AND apart.is_row
    GROUP BY apart.site_id, apart.patient_id
),

known AS (
    SELECT
        index_date.site_id,
        index_date.patient_id,
        index_date.index_date,
        counted.last_before_on,
        counted.modality_before,
        counted.doubtful_before_on,
        counted.nearest_before_on,
        counted.visits_after,
        counted.possible_visits_after,
        counted.first_after_on,
        COALESCE(doubt.is_before_open, FALSE) AS is_before_open,
        COALESCE(doubt.possible_after, 0) AS possible_after,
        eligibility_option.imaging_days,
        eligibility_option.followup_imaging_minimum
    FROM clinical.index_date AS index_date
    CROSS JOIN clinical_step.eligibility_option AS eligibility_option
    LEFT JOIN counted
        ON
            index_date.site_id = counted.site_id
            AND index_date.patient_id = counted.patient_id
    LEFT JOIN doubt
        ON
            index_date.site_id = doubt.site_id
            AND index_date.patient_id = doubt.patient_id
)

SELECT
    site_id,
    patient_id,
    'imaging_before' AS criterion,
    CASE
        WHEN index_date IS NULL THEN 'unknown'
        WHEN last_before_on IS NOT NULL THEN 'met'
        WHEN doubtful_before_on IS NOT NULL OR is_before_open THEN 'unknown'
        ELSE 'not_met'
    END AS verdict,
    CASE
        WHEN index_date IS NULL THEN 'no index date'
        WHEN last_before_on IS NOT NULL
            THEN
                modality_before || ' with contrast on ' || last_before_on || ', ' || (index_date - last_before_on)
                || ' days before'
        WHEN doubtful_before_on IS NOT NULL
            THEN 'imaging on ' || doubtful_before_on || ': modality, region or contrast not recorded'
        WHEN is_before_open THEN 'an imaging visit was set aside that may be one'
        ELSE
            'no contrast CT or MRI of the abdomen in the ' || imaging_days || ' days up to ' || index_date
            || COALESCE('; the last one on ' || nearest_before_on, '')
    END AS evidence
FROM known
UNION ALL
SELECT
    site_id,
    patient_id,
    'imaging_after' AS criterion,
    -- "At least one contrast CT or MRI after it"
    CASE
        WHEN index_date IS NULL THEN 'unknown'
        WHEN COALESCE(visits_after, 0) >= followup_imaging_minimum THEN 'met'
        WHEN COALESCE(possible_visits_after, 0) + possible_after >= followup_imaging_minimum THEN 'unknown'
        ELSE 'not_met'
    END AS verdict,
    CASE
        WHEN index_date IS NULL THEN 'no index date'
        ELSE
            COALESCE(visits_after, 0) || ' visits with contrast CT or MRI of the abdomen after ' || index_date
            || COALESCE(', the first on ' || first_after_on, '')
            || CASE
                WHEN possible_visits_after > visits_after
                    THEN '; modality, region or contrast not recorded at ' || (possible_visits_after - visits_after)
                ELSE ''
            END
            || CASE WHEN possible_after > 0 THEN '; set aside: ' || possible_after ELSE '' END
    END AS evidence
FROM known
