-- What ends has begun. An end known to the month may lie on its last day.
select
    period.*,
    period.end_first_day as found,
    period.start_first_day as expected
from period
where period.end_last_day < period.start_first_day
