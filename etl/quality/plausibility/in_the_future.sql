-- A delivery cannot know what comes after the day on which it was read.
select
    dated_value.*,
    dated_value.first_day as found,
    load.started_at::date as expected
from dated_value
cross join audit.load as load
where
    load.load_id = $load_id
    and dated_value.first_day > load.started_at::date
