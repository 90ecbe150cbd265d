"""An auto-grader for machine-learning homework."""

__version__ = "0.1.0"
