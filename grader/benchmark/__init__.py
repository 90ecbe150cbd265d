"""What grading costs, measured in one run so that the figures can be divided by each other.

One submission (grading.py), what a student waits for (waiting.py), a class graded by the real
command (whole_class.py), a gradebook (gradebook.py).
"""
