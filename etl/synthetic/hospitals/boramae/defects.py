"""What is planted into Boramae's delivery."""

PLAN = None
