"""Where student code runs: the wire, the worker, and what keeps the worker away from the rest."""
