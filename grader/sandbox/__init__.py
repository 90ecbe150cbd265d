"""Where student code runs: the protocol, the worker, and the isolation of the worker."""
