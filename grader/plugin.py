"""The pytest plugin's old path, kept for one version: it now is `grader.engine.plugin`.

An installation from before the move still names this module as its entry point.
"""

pytest_plugins = ("grader.engine.plugin",)
