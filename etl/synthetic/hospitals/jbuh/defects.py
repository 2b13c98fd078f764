"""What is planted into JBUH's delivery."""

from etl.synthetic.defects.kinds import DefectPlan

PLAN = DefectPlan((), (), (), patient_column="환자번호", follow_up="추적", death_column="사망일", header_lines=None)
