"""Homework of other graders, brought into the course: one module reads each system."""
