"""Marking written answers: one question at a time, several people at once, alike ones together."""
