"""Turns the files that a student handed in into a program that a worker can load."""
