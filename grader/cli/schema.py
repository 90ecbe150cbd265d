"""The command `schema`: the JSON Schema of the report."""

from __future__ import annotations


def command() -> None:
    """Print the JSON Schema of the report."""
    import json

    from grader.reports.schema import Report

    print(json.dumps(Report.model_json_schema(mode="serialization"), indent=2))
