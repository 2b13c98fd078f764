-- Performance status of every patient at baseline: ECOG as reported, or else from Karnofsky.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @ecog: ECOG, 0 to 5; empty when neither is known.
-- @ecog_on: Date of the finding that it is from.
-- @ecog_from: ecog or karnofsky.
-- @reported_ecog: ECOG as the hospital reports it.
-- @karnofsky: Karnofsky status as the hospital reports it.
-- @karnofsky_on: Its date.
-- @reason: Why there is no ECOG; empty when there is.
WITH finding AS (
    SELECT
        site_id,
        patient_id,
        MAX(value_number) FILTER (WHERE observation_code = 'ecog') AS reported_ecog,
        MAX(observed_on) FILTER (WHERE observation_code = 'ecog') AS reported_ecog_on,
        MAX(value_number) FILTER (WHERE observation_code = 'karnofsky') AS karnofsky,
        MAX(observed_on) FILTER (WHERE observation_code = 'karnofsky') AS karnofsky_on
    FROM clinical.baseline_observation
    WHERE observation_code IN ('ecog', 'karnofsky')
    GROUP BY site_id, patient_id
),

doubt AS (
    SELECT DISTINCT
        site_id,
        patient_id
    FROM clinical_step.possible_baseline
    WHERE table_name = 'observation' AND COALESCE(code = 'ecog', TRUE)
),

read_status AS (
    SELECT
        index_date.site_id,
        index_date.patient_id,
        index_date.index_date,
        finding.reported_ecog,
        finding.reported_ecog_on,
        finding.karnofsky,
        finding.karnofsky_on,
        -- "ECOG 0-5 integers; 5 dead."
        CASE WHEN finding.reported_ecog IN (0, 1, 2, 3, 4, 5) THEN CAST(finding.reported_ecog AS SMALLINT) END
            AS ecog_as_reported,
        -- An ECOG that was set aside is not missing: Karnofsky does not stand for it.
        doubt.patient_id IS NOT NULL AS is_set_aside,
        -- "Karnofsky to ECOG: 100: 0; 90, 80: 1; 70, 60: 2; 50, 40: 3; 30 to 10: 4"; a Karnofsky status of 0 is dead.
        CASE
            WHEN doubt.patient_id IS NOT NULL THEN NULL
            WHEN finding.karnofsky = 100 THEN 0
            -- Study option karnofsky_90_ecog: 1; "option 90: 0"
            WHEN finding.karnofsky = 90 THEN score_option.karnofsky_90_ecog
            WHEN finding.karnofsky = 80 THEN 1
            WHEN finding.karnofsky IN (70, 60) THEN 2
            WHEN finding.karnofsky IN (50, 40) THEN 3
            WHEN finding.karnofsky IN (30, 20, 10) THEN 4
            WHEN finding.karnofsky = 0 THEN 5
        END AS ecog_of_karnofsky
    FROM clinical.index_date AS index_date
    CROSS JOIN clinical_step.score_option AS score_option
    LEFT JOIN finding
        ON
            index_date.site_id = finding.site_id
            AND index_date.patient_id = finding.patient_id
    LEFT JOIN doubt
        ON
            index_date.site_id = doubt.site_id
            AND index_date.patient_id = doubt.patient_id
)

SELECT
    read_status.site_id,
    read_status.patient_id,
    CAST(COALESCE(read_status.ecog_as_reported, read_status.ecog_of_karnofsky) AS SMALLINT) AS ecog,
    CASE
        WHEN read_status.ecog_as_reported IS NOT NULL THEN read_status.reported_ecog_on
        WHEN read_status.ecog_of_karnofsky IS NOT NULL THEN read_status.karnofsky_on
    END AS ecog_on,
    CASE
        WHEN read_status.ecog_as_reported IS NOT NULL THEN 'ecog'
        WHEN read_status.ecog_of_karnofsky IS NOT NULL THEN 'karnofsky'
    END AS ecog_from,
    read_status.reported_ecog,
    read_status.karnofsky,
    read_status.karnofsky_on,
    CASE
        WHEN COALESCE(read_status.ecog_as_reported, read_status.ecog_of_karnofsky) IS NOT NULL THEN NULL
        WHEN read_status.index_date IS NULL THEN 'no index date'
        WHEN read_status.is_set_aside THEN 'a finding was set aside that may be it'
        WHEN read_status.reported_ecog_on IS NOT NULL THEN 'not an ECOG of 0 to 5'
        WHEN read_status.karnofsky_on IS NOT NULL THEN 'not a Karnofsky status of 0, 10, 20 ... 100'
        ELSE 'none in the ' || study_number.baseline_days_before || ' days up to the index date'
    END AS reason
FROM read_status
CROSS JOIN clinical_step.study_number AS study_number
