-- Bounds of the bedside findings, wide enough for every adult patient.
WITH bounds (observation_code, plausible_from, plausible_to, unit) AS (
    VALUES
    ('ecog', 0, 5, ''),
    ('karnofsky', 0, 100, ''),
    ('weight', 25, 250, 'kg'),
    ('height', 100, 230, 'cm'),
    ('systolic', 40, 280, 'mm Hg'),
    ('diastolic', 20, 180, 'mm Hg'),
    ('temperature', 30, 44, '°C'),
    ('stools_per_day', 0, 60, ''),
    ('body_surface', 0, 100, '%')
)

SELECT
    'observation' AS table_name,
    'value_number' AS column_name,
    observation.source_id,
    observation.source_record,
    observation.source_ordinal,
    RTRIM(RTRIM(observation.value_number::VARCHAR, '0'), '.') || ' ' || COALESCE(observation.unit, '') AS found,
    bounds.plausible_from || ' to ' || bounds.plausible_to || ' ' || bounds.unit || ' for '
    || bounds.observation_code AS expected
FROM core.observation AS observation
INNER JOIN bounds ON observation.observation_code = bounds.observation_code
WHERE
    observation.load_id = GETVARIABLE('load_id')
    AND (observation.value_number < bounds.plausible_from OR observation.value_number > bounds.plausible_to)
