"""The canonical tables, parents before children."""

from schemas.canonical_table import CanonicalTable
from schemas.tables.adverse_event import AdverseEvent
from schemas.tables.exposure import Exposure
from schemas.tables.follow_up import FollowUp
from schemas.tables.imaging_visit import ImagingVisit
from schemas.tables.lab_result import LabResult
from schemas.tables.lesion import Lesion
from schemas.tables.medical_history import MedicalHistory
from schemas.tables.medication import Medication
from schemas.tables.observation import Observation
from schemas.tables.patient import Patient
from schemas.tables.procedure import Procedure
from schemas.tables.reference_range import ReferenceRange
from schemas.tables.treatment_course import TreatmentCourse
from schemas.tables.tumour_baseline import TumourBaseline

TABLES: dict[str, type[CanonicalTable]] = {
    "patient": Patient,
    "observation": Observation,
    "medical_history": MedicalHistory,
    "tumour_baseline": TumourBaseline,
    "treatment_course": TreatmentCourse,
    "exposure": Exposure,
    "procedure": Procedure,
    "medication": Medication,
    "lab_result": LabResult,
    "reference_range": ReferenceRange,
    "imaging_visit": ImagingVisit,
    "lesion": Lesion,
    "adverse_event": AdverseEvent,
    "follow_up": FollowUp,
}
