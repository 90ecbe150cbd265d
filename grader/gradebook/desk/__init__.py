"""Marking with the book open: several people at once, alike answers together, who marks what."""
