"""The pages of course staff: marking, corrections, releases, people and tables."""
