"""Submissions out of learning-management systems, and grades back into them: a module for each."""
