-- Nothing happens to a patient before the patient is born.
select
    dated_value.*,
    dated_value.first_day as found,
    patient.birth_date as expected
from dated_value
inner join core.patient as patient
    on dated_value.patient_id = patient.patient_id and patient.load_id = $load_id
where
    dated_value.last_day < patient.birth_date
    and dated_value.column_name <> 'birth_date'
