"""What every page needs, in one value: the stores, the settings, templates, limits and counters."""
