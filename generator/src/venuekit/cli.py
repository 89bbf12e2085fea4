"""The command line: arguments in, report out, exit code 0 (clean), 1 (findings) or 2 (failed)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from venuekit import __version__, commands
from venuekit.emit.files import OutputError
from venuekit.finding import Finding, FindingsError, Severity
from venuekit.report import Format, Report, render

app = typer.Typer(
    name="venuekit",
    help="The contract toolchain for trading APIs.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


Documents = Annotated[
    list[Path] | None,
    typer.Argument(help="OpenAPI or AsyncAPI documents, or a manifest; default ./venuekit.yaml"),
]
Overlays = Annotated[
    list[Path] | None, typer.Option("--overlay", help="OpenAPI Overlay 1.0 to apply; repeatable")
]
FormatOption = Annotated[Format, typer.Option("--format", help="text for people, json for tools")]
FailOn = Annotated[
    Severity, typer.Option("--fail-on", help="the least severity that makes the exit code 1")
]


@app.command()
def check(
    documents: Documents = None,
    overlay: Overlays = None,
    rule: Annotated[list[str] | None, typer.Option(help="ask these rules alone")] = None,
    form: FormatOption = Format.TEXT,
    fail_on: FailOn = Severity.ERROR,
) -> None:
    """Check a contract: validity first, then the lint rules."""
    _run(
        "check",
        form,
        fail_on,
        lambda: commands.check(commands.inputs(documents or (), overlay or ()), rule or ()),
    )


@app.command()
def changes(
    documents: Documents = None,
    against: Annotated[
        str | None,
        typer.Option(help="a document, a folder or a git revision; default: the baseline"),
    ] = None,
    overlay: Overlays = None,
    form: FormatOption = Format.TEXT,
    fail_on: FailOn = Severity.ERROR,
) -> None:
    """Compare a contract with an earlier one: what breaks, for whom, and where."""
    _run(
        "changes",
        form,
        fail_on,
        lambda: commands.compare(commands.inputs(documents or (), overlay or ()), against),
    )


@app.command()
def generate(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[python|typescript|docs] [DOCUMENTS]...",
            help="default: every target of ./venuekit.yaml",
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="the folder to own")] = None,
    package: Annotated[str | None, typer.Option(help="the package's name")] = None,
    overlay: Overlays = None,
    is_check: Annotated[
        bool, typer.Option("--check", help="write nothing; fail when the output is stale")
    ] = False,
    form: FormatOption = Format.TEXT,
) -> None:
    """Emit SDKs and docs from a contract."""
    target, documents = commands.split_target(what or ())
    _run(
        "generate",
        form,
        Severity.ERROR,
        lambda: commands.generate(
            commands.inputs(documents, overlay or ()), target, output, package, is_check
        ),
    )


@app.command()
def explain(
    rule: Annotated[str | None, typer.Argument(help="a rule's id; default: list the ids")] = None,
) -> None:
    """Print the page of a rule: why it matters, what is flagged, what is accepted."""
    try:
        text = commands.explain(rule) if rule else "\n".join(commands.rule_ids()) + "\n"
    except FindingsError as error:
        _fail("explain", Format.TEXT, error.findings)
    sys.stdout.write(text)


@app.command()
def version() -> None:
    """Print the version of venuekit."""
    sys.stdout.write(f"venuekit {__version__}\n")


def _run(command: str, form: Format, fail_on: Severity, work: Callable[[], Report]) -> None:
    """Do the work, print its report, and exit with the code that the findings give."""
    try:
        report = work()
    except FindingsError as error:
        _fail(command, form, error.findings)
    except (OutputError, OSError) as error:
        finding = Finding(
            rule="can-not-write" if isinstance(error, OutputError) else "system",
            severity=Severity.ERROR,
            message=str(error),
            help="mend this and run the command again",
        )
        _fail(command, form, (finding,))
    sys.stdout.write(render(report, form, is_coloured=_is_coloured()))
    if not report.is_complete:
        raise typer.Exit(2)
    if any(finding.severity.rank <= fail_on.rank for finding in report.findings):
        raise typer.Exit(1)


def _fail(command: str, form: Format, findings: tuple[Finding, ...]) -> NoReturn:
    report = Report(command=command, findings=findings, is_complete=False)
    stream = sys.stdout if form is Format.JSON else sys.stderr
    stream.write(render(report, form, is_coloured=_is_coloured()))
    raise typer.Exit(2)


def _is_coloured() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def main() -> None:
    """Run the command line."""
    app()
