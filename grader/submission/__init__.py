"""From the files that a student handed in to a program that a worker can load."""
