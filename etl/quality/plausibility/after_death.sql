-- Nothing is recorded of a patient after death. A death known to the month may lie on its last day.
with death as (
    select
        patient_id,
        max(first_day) as first_day,
        max(last_day) as last_day
    from dated_value
    where table_name = 'follow_up' and column_name = 'died_on'
    group by patient_id
)

select
    dated_value.*,
    dated_value.first_day as found,
    death.first_day as expected
from dated_value
inner join death on dated_value.patient_id = death.patient_id
where
    dated_value.first_day > death.last_day
    and dated_value.column_name <> 'died_on'
