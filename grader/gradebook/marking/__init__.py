"""Marking written answers: what an answer, a mark and a table of marks are, and which are alike."""
