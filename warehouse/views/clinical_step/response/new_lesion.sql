-- Every new lesion on every day of imaging, and whether it proves progression at its visit.
-- New is what the reader calls new, or what has no role and was not there at the baseline; "a lesion measured before
-- treatment is never new". Two more kinds prove progression as a new lesion does: a node at the porta hepatis that
-- grows across its limit, and a treated lesion without a viable part that enhances again.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @day: The visit, named by its first day of imaging, counted from the index date.
-- @seen_day: Days from the index date to the imaging.
-- @lesion_label: The lesion's name, the same at every visit.
-- @is_counted: The row that counts for the lesion at its visit.
-- @size_mm: Its size; of a liver nodule the viable part where one is measured, or else the whole.
-- @proves_progression: The lesion is progression at this visit; empty when that is not known.
-- @cannot_count: By rule such a lesion is no progression, whatever a reader says of new lesions.
-- @reason: Why it is, or why it is only watched.
WITH with_baseline AS (
    SELECT
        site_id,
        patient_id,
        BOOL_OR(STARTS_WITH(lesion_label, '(not readable)')) AS has_unnamed
    FROM clinical.baseline_lesion
    GROUP BY site_id, patient_id
),

-- With a window of 0 the baseline is the last day alone, as if nothing had been imaged before it.
known_before AS (
    SELECT DISTINCT
        lesion.site_id,
        lesion.patient_id,
        lesion.lesion_label
    FROM clinical_step.measured_lesion AS lesion
    CROSS JOIN clinical_step.response_option AS response_option
    WHERE lesion.day <= 0 AND response_option.baseline_window_days > 0
    UNION
    SELECT
        site_id,
        patient_id,
        lesion_label
    FROM clinical.baseline_lesion
),

followed AS (
    SELECT
        lesion.*,
        CASE lesion.pattern_code
            WHEN 'atypical' THEN 'atypical nodule'
            WHEN 'infiltrative' THEN 'infiltrative lesion'
            WHEN 'necrotic' THEN 'necrotic nodule'
            ELSE 'nodule without a known pattern'
        END AS nodule_name,
        MIN(lesion.size_mm) FILTER (WHERE lesion.is_counted) OVER earlier AS smallest_before_mm,
        -- Growth is looked for in all visits before this one. Two scans are compared by one length: by the viable part
        -- where the earlier shows one and the later reports it, or else by the whole lesion.
        CASE
            WHEN lesion.viable_mm IS NOT NULL
                THEN GREATEST(
                    lesion.viable_mm
                    - MIN(lesion.viable_mm) FILTER (WHERE lesion.is_counted AND lesion.viable_mm > 0) OVER earlier,
                    lesion.whole_mm
                    - MIN(lesion.whole_mm) FILTER (
                        WHERE lesion.is_counted AND COALESCE(lesion.viable_mm, 0) = 0
                    ) OVER earlier
                )
            ELSE lesion.whole_mm - MIN(lesion.whole_mm) FILTER (WHERE lesion.is_counted) OVER earlier
        END AS growth_mm
    FROM clinical_step.lesion_size AS lesion
    WINDOW earlier AS (
        PARTITION BY lesion.site_id, lesion.patient_id, lesion.lesion_label
        ORDER BY lesion.day
        RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),

candidate AS (
    SELECT
        followed.*,
        known_before.lesion_label IS NOT NULL AS is_known_before,
        COALESCE(
            followed.size_mm >= response_option.porta_hepatis_node_mm
            AND followed.smallest_before_mm < response_option.porta_hepatis_node_mm
            AND followed.size_mm - followed.smallest_before_mm < response_option.porta_hepatis_node_rise_mm, FALSE
        ) AS has_hardly_risen,
        -- "A node at the porta hepatis that is no target: growth across the limit proves PD only with a rise of 5 mm".
        COALESCE(
            followed.is_node
            AND followed.organ_code = 'porta_hepatis'
            AND NOT baseline_lesion.is_target
            AND followed.size_mm >= response_option.porta_hepatis_node_mm
            AND followed.smallest_before_mm < response_option.porta_hepatis_node_mm
            AND followed.size_mm - followed.smallest_before_mm >= response_option.porta_hepatis_node_rise_mm, FALSE
        ) AS is_grown_node,
        -- "A treated lesion without a viable part at baseline that enhances again, typically and by 10 mm or more".
        COALESCE(
            followed.organ_code = 'liver'
            AND baseline_lesion.is_treated_before
            AND baseline_lesion.viable_mm = 0
            AND followed.pattern_code = 'typical'
            AND followed.viable_mm >= response_option.new_nodule_from_mm
            AND NOT followed.lacks_arterial_phase, FALSE
        ) AS is_enhancing_again
    FROM followed
    CROSS JOIN clinical_step.response_option AS response_option
    LEFT JOIN known_before
        ON
            followed.site_id = known_before.site_id
            AND followed.patient_id = known_before.patient_id
            AND followed.lesion_label = known_before.lesion_label
    LEFT JOIN clinical.baseline_lesion AS baseline_lesion
        ON
            followed.site_id = baseline_lesion.site_id
            AND followed.patient_id = baseline_lesion.patient_id
            AND followed.lesion_label = baseline_lesion.lesion_label
    WHERE NOT followed.is_baseline
),

new AS (
    SELECT
        candidate.*,
        CASE WHEN candidate.is_node THEN candidate.size_mm ELSE candidate.new_size_mm END AS shown_mm,
        CASE
            WHEN candidate.is_enhancing_again THEN 'treated lesion that enhances again'
            -- It may be new and it may be none; and what looks new may be a lesion of the baseline that was set aside.
            WHEN
                (candidate.is_set_aside AND NOT candidate.is_known_before)
                OR (candidate.role_code IS NULL AND with_baseline.has_unnamed)
                THEN 'set aside'
            WHEN candidate.is_known_before AND candidate.is_grown_node THEN 'node at the porta hepatis that has grown'
            WHEN candidate.is_known_before THEN 'measured before treatment'
            -- "New or larger effusion or ascites: PD only with malignant cytology."
            WHEN candidate.pattern_code = 'effusion' AND candidate.has_malignant_cells
                THEN 'effusion with malignant cells'
            WHEN candidate.pattern_code = 'effusion' THEN 'effusion without malignant cytology'
            -- "Thrombus that does not enhance: bland when new, on a scan with an arterial phase."
            WHEN candidate.is_thrombus AND candidate.enhancement_code = 'none' AND candidate.lacks_arterial_phase
                THEN 'thrombus seen without an arterial phase'
            WHEN candidate.is_thrombus AND candidate.enhancement_code = 'none' THEN 'bland thrombus'
            -- "New malignant vascular invasion: PD."
            WHEN candidate.is_thrombus THEN 'vascular invasion'
            WHEN candidate.is_node AND candidate.organ_code = 'porta_hepatis' AND candidate.size_mm IS NOT NULL
                THEN
                    CASE
                        WHEN candidate.size_mm < response_option.porta_hepatis_node_mm
                            THEN 'node at the porta hepatis, below its limit'
                        WHEN candidate.has_hardly_risen THEN 'node at the porta hepatis, hardly grown'
                        ELSE 'malignant node'
                    END
            -- "Other new node: malignant from 15 mm (10 to below 15: seen, followed, asked about)."
            WHEN candidate.is_node AND candidate.size_mm < response_option.node_normal_below_mm
                THEN 'node of normal size'
            WHEN candidate.is_node AND candidate.size_mm < response_option.new_node_mm THEN 'node, watched'
            WHEN candidate.is_node AND candidate.size_mm IS NOT NULL THEN 'malignant node'
            -- "New extrahepatic lesion: PD if unequivocal"; a reader who calls it new has no doubt.
            WHEN COALESCE(candidate.organ_code, 'other') <> 'liver' THEN 'outside the liver'
            -- "New liver nodule: PD if >= 10 mm with typical pattern ..."
            WHEN candidate.pattern_code = 'typical' AND candidate.new_size_mm >= response_option.new_nodule_from_mm
                THEN 'typical nodule'
            WHEN candidate.pattern_code = 'typical' THEN 'typical, but small'
            -- "... or >= 10 mm growth over later scans if atypical."
            WHEN candidate.growth_mm >= response_option.atypical_growth_mm
                THEN candidate.nodule_name || ' that has grown'
            ELSE candidate.nodule_name || ', watched'
        END AS reason,
        response_option.date_back
    FROM candidate
    CROSS JOIN clinical_step.response_option AS response_option
    LEFT JOIN with_baseline
        ON
            candidate.site_id = with_baseline.site_id
            AND candidate.patient_id = with_baseline.patient_id
    WHERE
        candidate.is_enhancing_again
        OR (candidate.is_known_before AND candidate.is_grown_node)
        OR candidate.role_code = 'new'
        OR (
            candidate.role_code IS NULL
            AND NOT candidate.is_known_before
            AND (with_baseline.patient_id IS NOT NULL OR candidate.is_set_aside)
        )
),

judged AS (
    SELECT
        *,
        reason LIKE '%, watched'
        OR reason IN ('typical, but small', 'thrombus seen without an arterial phase') AS is_equivocal,
        reason IN (
            'measured before treatment', 'effusion without malignant cytology', 'bland thrombus',
            'node at the porta hepatis, below its limit', 'node of normal size', 'node, watched'
        ) AS cannot_count,
        CASE reason
            WHEN 'thrombus seen without an arterial phase' THEN NULL
            WHEN 'set aside' THEN NULL
            ELSE
                reason NOT IN (
                    'measured before treatment', 'effusion without malignant cytology', 'bland thrombus',
                    'node at the porta hepatis, below its limit', 'node at the porta hepatis, hardly grown',
                    'node of normal size', 'typical, but small'
                )
                AND reason NOT LIKE '%, watched'
        END AS is_proof
    FROM new
),

-- "Any progression by an equivocal nodule that later proves itself goes back to its first sighting."
dated AS (
    SELECT
        *,
        is_equivocal
        AND day = MIN(day) FILTER (WHERE is_equivocal AND is_counted) OVER (
            PARTITION BY site_id, patient_id, lesion_label
        ) AS is_first_sight,
        COALESCE(
            BOOL_OR(is_proof AND (date_back = 'every_proof' OR reason LIKE '% that has grown')) FILTER (
                WHERE is_counted
            ) OVER (
                PARTITION BY site_id, patient_id, lesion_label
                ORDER BY day
                RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
            ), FALSE
        ) AND date_back <> 'none' AS is_proven_later,
        BOOL_OR(is_proof AND reason LIKE '% that has grown') FILTER (WHERE is_counted) OVER (
            PARTITION BY site_id, patient_id, lesion_label
            ORDER BY day
            RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS is_growing_later
    FROM judged
),

proven AS (
    SELECT
        *,
        CASE WHEN is_first_sight AND is_proven_later THEN TRUE ELSE is_proof END AS proves_progression
    FROM dated
)

SELECT
    site_id,
    patient_id,
    day,
    seen_day,
    lesion_label,
    is_counted,
    shown_mm AS size_mm,
    -- What counts at the visit decides; a day before it proves nothing else.
    CASE
        WHEN is_counted THEN proves_progression
        ELSE
            proves_progression
            AND BOOL_OR(proves_progression AND is_counted) OVER (PARTITION BY site_id, patient_id, day, lesion_label)
    END AS proves_progression,
    cannot_count AND proves_progression IS FALSE AS cannot_count,
    CASE
        WHEN NOT is_first_sight OR NOT is_proven_later THEN reason
        ELSE
            REPLACE(reason, ', watched', '')
            || CASE WHEN is_growing_later THEN ' that grows later' ELSE ' that proves itself later' END
    END AS reason
FROM proven
