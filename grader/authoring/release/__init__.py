"""The student kit: made, its notebooks, the package in it, nothing of the solutions in it."""
