"""Reads submissions from learning-management systems and fills in grades: a module for each."""
