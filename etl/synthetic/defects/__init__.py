"""Deliveries with planted defects, and the answer key that says what each defect must come to."""
