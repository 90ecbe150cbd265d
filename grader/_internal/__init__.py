"""Helpers that the whole package shares, for internal use only: files, text, time, zips, log."""
