"""What a course is: its settings, its assignments, their handouts, seeds and the student kit."""
