"""Measures what grading costs, in one run, so that the figures can be compared with each other.

One submission (submission.py), how long a student waits (waiting.py), a class graded by the real
command (whole_class.py), a gradebook (gradebook.py).
"""
