"""What is planted into JBUH's delivery."""

PLAN = None
