"""What is planted into Severance's delivery."""

from etl.synthetic.defects.kinds import DefectPlan

PLAN = DefectPlan((), (), (), patient_column="등록번호", follow_up="추적", death_column="사망일")
