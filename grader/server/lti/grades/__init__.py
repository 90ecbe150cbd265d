"""Grades to a platform: which to send, which not, and what was sent."""
