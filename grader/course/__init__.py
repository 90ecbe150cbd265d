"""A course: its settings, its assignments, their handouts, the seeds and the student kit."""
