"""What is planted into Boramae's delivery."""

from etl.synthetic.defects.kinds import DefectPlan

PLAN = DefectPlan(
    (), (), (), patient_column="연구번호", follow_up="환자별", death_column="추적 / 사망일", header_lines=None
)
