-- The study's options of the rules of response, one row, each with its type; from reference.study_option.
-- @baseline_window_days: The baseline is what was imaged in so many days up to the index date; 0: the last day alone.
-- @assessment_window_days: Scans within so many days from the first one of a visit belong to it.
-- @target_lesions_from: Targets by the hospital's own choice where it gives one (hospital), or by the rule (derived).
-- @target_lesions_per_organ: Targets per organ at most.
-- @target_lesions_in_all: Targets in all at most.
-- @liver_target_from_mm: Viable diameter from which on a liver lesion is measurable.
-- @extrahepatic_target_from_mm: Whole diameter from which on a lesion outside the liver is measurable.
-- @node_target_from_mm: Short axis from which on a lymph node is measurable.
-- @porta_hepatis_node_mm: Short axis from which on a node at the porta hepatis is malignant, target or not.
-- @porta_hepatis_node_rise_mm: Rise that one which is no target also needs to be progression.
-- @new_node_mm: Short axis from which on a new node elsewhere is malignant.
-- @node_normal_below_mm: Short axis below which a lymph node is normal.
-- @faint_enhancement_mm: Length that stands for a lesion too faint to measure.
-- @new_nodule_from_mm: Size from which on a new liver nodule of typical pattern is progression.
-- @atypical_growth_mm: Growth from which on another new liver nodule is progression.
-- @date_back: Which progression is dated back to the first sight of the lesion: every_proof, growth_only or none.
-- @new_lesion_by: Whose word stands where the reader reports a new lesion and none described counts.
-- @treated_target: Whether a target treated after the baseline stays evaluable.
-- @response_fall_percent: Fall of the sum from the baseline that is partial response.
-- @progression_rise_percent: Rise of the sum from the nadir that is progression.
-- @min_abs_increase_mm: Rise in millimetres that progression also needs.
-- @nadir_zero_rise_mm: Sum that progression needs where the nadir is 0, unless the response had been complete.
-- @pr_kept_until_pd: Partial response is kept until progression.
-- @simplified_growth_reference: What growth is measured against in the simplified rule: nadir or baseline.
-- @response_confirmation: Best overall response is unconfirmed or confirmed.
-- @confirmation_days: Days from a response to the one that confirms it, at least.
-- @confirmation_max_ne: Visits not evaluable allowed between the two.
-- @confirmation_max_sd: Visits with stable disease allowed between a partial response and its confirmation.
-- @minimum_sd_days: Days from the start of treatment from which on stable disease counts.
-- @disease_after_cr: Disease after a complete response, where confirmation is wanted: progression or as_read.
-- @ttp_censored_at: Where time to progression is censored: last_evaluable_scan or last_scan.
-- @progression_after_new_therapy: censored or counted.
-- @progression_after_missed_scans: event or censored.
-- @missed_scan_days: Days without an evaluable scan before progression from which on two or more were missed.
-- @death_in_response: Death within a response: censored or event.
-- @exact_interval_percent: Coverage of exact binomial intervals.
SELECT
    CAST(MAX(value) FILTER (WHERE name = 'baseline_window_days') AS INTEGER) AS baseline_window_days,
    CAST(MAX(value) FILTER (WHERE name = 'assessment_window_days') AS INTEGER) AS assessment_window_days,
    MAX(value) FILTER (WHERE name = 'target_lesions_from') AS target_lesions_from,
    CAST(MAX(value) FILTER (WHERE name = 'target_lesions_per_organ') AS INTEGER) AS target_lesions_per_organ,
    CAST(MAX(value) FILTER (WHERE name = 'target_lesions_in_all') AS INTEGER) AS target_lesions_in_all,
    CAST(MAX(value) FILTER (WHERE name = 'liver_target_from_mm') AS DECIMAL(9, 3)) AS liver_target_from_mm,
    CAST(MAX(value) FILTER (WHERE name = 'extrahepatic_target_from_mm') AS DECIMAL(9, 3))
        AS extrahepatic_target_from_mm,
    CAST(MAX(value) FILTER (WHERE name = 'node_target_from_mm') AS DECIMAL(9, 3)) AS node_target_from_mm,
    CAST(MAX(value) FILTER (WHERE name = 'porta_hepatis_node_mm') AS DECIMAL(9, 3)) AS porta_hepatis_node_mm,
    CAST(MAX(value) FILTER (WHERE name = 'porta_hepatis_node_rise_mm') AS DECIMAL(9, 3)) AS porta_hepatis_node_rise_mm,
    CAST(MAX(value) FILTER (WHERE name = 'new_node_mm') AS DECIMAL(9, 3)) AS new_node_mm,
    CAST(MAX(value) FILTER (WHERE name = 'node_normal_below_mm') AS DECIMAL(9, 3)) AS node_normal_below_mm,
    CAST(MAX(value) FILTER (WHERE name = 'faint_enhancement_mm') AS DECIMAL(9, 3)) AS faint_enhancement_mm,
    CAST(MAX(value) FILTER (WHERE name = 'new_nodule_from_mm') AS DECIMAL(9, 3)) AS new_nodule_from_mm,
    CAST(MAX(value) FILTER (WHERE name = 'atypical_growth_mm') AS DECIMAL(9, 3)) AS atypical_growth_mm,
    MAX(value) FILTER (WHERE name = 'date_back') AS date_back,
    MAX(value) FILTER (WHERE name = 'new_lesion_by') AS new_lesion_by,
    MAX(value) FILTER (WHERE name = 'treated_target') AS treated_target,
    -- Percentages have few digits on purpose: a sum of DECIMAL(12, 6) times one still fits 64 bits, exactly and fast.
    CAST(MAX(value) FILTER (WHERE name = 'response_fall_percent') AS DECIMAL(6, 3)) AS response_fall_percent,
    CAST(MAX(value) FILTER (WHERE name = 'progression_rise_percent') AS DECIMAL(6, 3)) AS progression_rise_percent,
    CAST(MAX(value) FILTER (WHERE name = 'min_abs_increase_mm') AS DECIMAL(12, 6)) AS min_abs_increase_mm,
    CAST(MAX(value) FILTER (WHERE name = 'nadir_zero_rise_mm') AS DECIMAL(12, 6)) AS nadir_zero_rise_mm,
    CAST(MAX(value) FILTER (WHERE name = 'pr_kept_until_pd') AS BOOLEAN) AS pr_kept_until_pd,
    MAX(value) FILTER (WHERE name = 'simplified_growth_reference') AS simplified_growth_reference,
    MAX(value) FILTER (WHERE name = 'response_confirmation') AS response_confirmation,
    CAST(MAX(value) FILTER (WHERE name = 'confirmation_days') AS INTEGER) AS confirmation_days,
    CAST(MAX(value) FILTER (WHERE name = 'confirmation_max_ne') AS INTEGER) AS confirmation_max_ne,
    CAST(MAX(value) FILTER (WHERE name = 'confirmation_max_sd') AS INTEGER) AS confirmation_max_sd,
    CAST(MAX(value) FILTER (WHERE name = 'minimum_sd_days') AS INTEGER) AS minimum_sd_days,
    MAX(value) FILTER (WHERE name = 'disease_after_cr') AS disease_after_cr,
    MAX(value) FILTER (WHERE name = 'ttp_censored_at') AS ttp_censored_at,
    MAX(value) FILTER (WHERE name = 'progression_after_new_therapy') AS progression_after_new_therapy,
    MAX(value) FILTER (WHERE name = 'progression_after_missed_scans') AS progression_after_missed_scans,
    CAST(MAX(value) FILTER (WHERE name = 'missed_scan_days') AS INTEGER) AS missed_scan_days,
    MAX(value) FILTER (WHERE name = 'death_in_response') AS death_in_response,
    CAST(MAX(value) FILTER (WHERE name = 'exact_interval_percent') AS DECIMAL(6, 3)) AS exact_interval_percent
FROM reference.study_option
