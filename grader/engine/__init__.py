"""Grades one submission: the pytest session over its checks, and what a check sees of it."""
