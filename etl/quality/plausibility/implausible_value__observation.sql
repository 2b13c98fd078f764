-- Bounds of the bedside findings, wide enough for every adult patient, and the units in which such a finding comes: an
-- ECOG in kilograms is another finding's value, whatever its number.
WITH bounds (observation_code, plausible_from, plausible_to, unit, unit_codes) AS (
    VALUES
    ('ecog', 0, 5, '', ['1']),
    ('karnofsky', 0, 100, '', ['1', '%']),
    ('weight', 25, 250, 'kg', ['kg']),
    ('height', 100, 230, 'cm', ['cm']),
    ('systolic', 40, 280, 'mm Hg', ['mm[Hg]']),
    ('diastolic', 20, 180, 'mm Hg', ['mm[Hg]']),
    ('temperature', 30, 44, '°C', ['Cel']),
    ('stools_per_day', 0, 60, '', ['1', '/d']),
    ('body_surface', 0, 100, '%', ['%'])
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
    AND (
        observation.value_number < bounds.plausible_from
        OR observation.value_number > bounds.plausible_to
        OR (observation.value_number IS NOT NULL AND NOT LIST_CONTAINS(bounds.unit_codes, observation.unit))
    )
