-- What each study's statistics were computed from, and whether that is what the warehouse shows now.
-- @study_id: The study.
-- @loads: The current loads, e.g. hill=4, north=7.
-- @options_md5: MD5 of the study options, one name=value a line.
-- @computed_at: When the statistics were computed (UTC); empty when they never were.
-- @is_current: They were computed from these loads, these options and this study file.
WITH shown AS (
    SELECT
        (
            SELECT COALESCE(STRING_AGG(site_id || '=' || current_load_id, ', ' ORDER BY site_id), '')
            FROM audit.site
            WHERE current_load_id IS NOT NULL
        ) AS loads,
        (
            SELECT MD5(STRING_AGG(name || '=' || value, CHR(10) ORDER BY name))
            FROM reference.study_option
        ) AS options_md5
)

SELECT
    study.study_id,
    shown.loads,
    shown.options_md5,
    run.computed_at,
    COALESCE(
        shown.loads = run.loads
        AND shown.options_md5 = run.options_md5
        AND study.definition_sha256 = run.definition_sha256,
        FALSE
    ) AS is_current
FROM reference.study AS study
CROSS JOIN shown
LEFT JOIN study.run AS run
    ON study.study_id = run.study_id
