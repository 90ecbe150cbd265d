"""Alembic's migrations of the gradebook: a module in versions/ for each version of the schema.

`grader.gradebook.migrate` runs them. env.py is what Alembic runs around them.
"""
