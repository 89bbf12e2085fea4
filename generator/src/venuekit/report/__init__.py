"""Wording of what the judges found: one module for each output format."""

from __future__ import annotations

from venuekit.report.form import Format, Report
from venuekit.report.json_report import render_json
from venuekit.report.text_report import render_text

__all__ = ["Format", "Report", "render", "render_json", "render_text"]


def render(report: Report, form: Format, *, is_coloured: bool = False) -> str:
    """Return the report in the format asked for, ending in a newline."""
    match form:
        case Format.TEXT:
            return render_text(report, is_coloured=is_coloured)
        case Format.JSON:
            return render_json(report)
