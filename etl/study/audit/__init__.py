"""The audit of a table of published counts: does what is printed follow from what else is printed?"""
