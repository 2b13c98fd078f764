-- Bounds of the bedside findings, wide enough for every adult patient.
with bounds(observation_code, plausible_from, plausible_to, unit) as (
    values
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

select
    'observation' as table_name,
    'value_number' as column_name,
    observation.source_id,
    observation.source_record,
    observation.source_ordinal,
    rtrim(rtrim(observation.value_number::varchar, '0'), '.') || ' ' || coalesce(observation.unit, '') as found,
    bounds.plausible_from || ' to ' || bounds.plausible_to || ' ' || bounds.unit || ' for '
    || bounds.observation_code as expected
from core.observation as observation
inner join bounds on observation.observation_code = bounds.observation_code
where
    observation.load_id = $load_id
    and (observation.value_number < bounds.plausible_from or observation.value_number > bounds.plausible_to)
