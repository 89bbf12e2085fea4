"""The command line: arguments in, report out, exit code 0 (clean), 1 (findings) or 2 (failed).

What a command needs is imported where it runs: no command waits for the libraries of another.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from venuekit import __version__
from venuekit.emit.files import OutputError
from venuekit.emit.lock.namer import Renames
from venuekit.finding import Finding, FindingsError, Severity
from venuekit.report import Format, Report, render

if TYPE_CHECKING:
    from venuekit.contract.signing import SignedWire

app = typer.Typer(
    name="venuekit",
    help="The contract toolchain for trading APIs.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

sign = typer.Typer(help="Sign, explain and check requests by a contract's scheme.")
app.add_typer(sign, name="sign")

Documents = Annotated[
    list[Path] | None,
    typer.Argument(help="OpenAPI or AsyncAPI documents, or a manifest; default ./venuekit.yaml"),
]
Overlays = Annotated[
    list[Path] | None,
    typer.Option("--overlay", help="OpenAPI Overlay 1.0 (a file, or a shipped one's name)"),
]
FormatOption = Annotated[Format, typer.Option("--format", help="text for people, json for tools")]
FailOn = Annotated[
    Severity, typer.Option("--fail-on", help="the least severity that makes the exit code 1")
]

LockFile = Annotated[Path | None, typer.Option(help="the name lock; default: beside the manifest")]
AcceptRenames = Annotated[
    bool,
    typer.Option("--accept-renames", help="take new names, and leave the old ones as aliases"),
]
KeepNames = Annotated[
    bool, typer.Option("--keep-names", help="keep the names that the documents changed")
]
AllowMissing = Annotated[
    list[str] | None,
    typer.Option(metavar="RULE,...", help="what these rules find may be missing, counted"),
]
CachePath = Annotated[
    Path | None, typer.Option(help="where to keep what was made; default: the user's cache")
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="make everything anew, and keep nothing")]


@app.command()
def check(
    documents: Documents = None,
    overlay: Overlays = None,
    rule: Annotated[list[str] | None, typer.Option(help="ask these rules alone")] = None,
    form: FormatOption = Format.TEXT,
    fail_on: FailOn = Severity.ERROR,
) -> None:
    """Check a contract: validity first, then the lint rules."""
    from venuekit import commands

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
    from venuekit import commands

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
            metavar="[python|typescript|docs|server] [DOCUMENTS]...",
            help="default: every target of ./venuekit.yaml",
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="the folder to own")] = None,
    package: Annotated[str | None, typer.Option(help="the package's name")] = None,
    overlay: Overlays = None,
    is_check: Annotated[
        bool, typer.Option("--check", help="write nothing; fail when the output is stale")
    ] = False,
    lock: LockFile = None,
    is_renaming: AcceptRenames = False,
    is_keeping: KeepNames = False,
    allow_missing: AllowMissing = None,
    cache: CachePath = None,
    is_uncached: NoCache = False,
    form: FormatOption = Format.TEXT,
) -> None:
    """Emit SDKs, docs and server bindings from a contract."""
    from venuekit import commands
    from venuekit.rebuild import CacheFolder, default_folder

    folder = CacheFolder(cache or default_folder()) if not is_uncached else None
    target, documents = commands.split_target(what or ())
    if is_renaming and is_keeping:
        raise typer.BadParameter("--accept-renames and --keep-names exclude each other")
    renames = Renames.ACCEPT if is_renaming else Renames.KEEP if is_keeping else Renames.REFUSE
    allowed = commands.Allowed(lock=lock, renames=renames, missing=_words(allow_missing or ()))
    _run(
        "generate",
        form,
        Severity.ERROR,
        lambda: commands.generate(
            commands.inputs(documents, overlay or ()),
            target,
            output,
            package,
            is_check,
            allowed,
            folder,
        ),
    )


def _words(options: list[str] | tuple[()]) -> tuple[str, ...]:
    """Return the words of an option that may be repeated, or hold several with commas."""
    return tuple(word.strip() for option in options for word in option.split(",") if word.strip())


@app.command()
def explain(
    rule: Annotated[str | None, typer.Argument(help="a rule's id; default: list the ids")] = None,
) -> None:
    """Print the page of a rule: why it matters, what is flagged, what is accepted."""
    from venuekit import commands

    try:
        text = commands.explain(rule) if rule else "\n".join(commands.rule_ids()) + "\n"
    except FindingsError as error:
        _fail("explain", Format.TEXT, error.findings)
    sys.stdout.write(text)


Request = Annotated[Path, typer.Argument(help="YAML or JSON that describes the request")]
SchemeName = Annotated[
    str, typer.Option("--scheme", help="a scheme of the catalogue, or FILE#NAME of a contract")
]
WireOption = Annotated[
    str, typer.Option(help="what the request travels on: rest, websocket, fix or webhook")
]


@sign.command("vectors")
def sign_vectors(
    file: Annotated[Path, typer.Argument(help="a file of signing vectors")],
    scheme: Annotated[
        str | None, typer.Option(help="a scheme of the catalogue, or FILE#NAME of a contract")
    ] = None,
    language: Annotated[
        str, typer.Option(help="interpreter, python, typescript, verifier or all")
    ] = "all",
    form: FormatOption = Format.TEXT,
) -> None:
    """Run signing vectors in every engine, and count what passed and failed."""
    from venuekit import sign_commands
    from venuekit.vectors.result import Engine

    if language != "all" and language not in list(Engine):
        raise typer.BadParameter(f"expected all or one of {', '.join(Engine)}, found {language}")
    engine = None if language == "all" else Engine(language)
    _run(
        "sign vectors",
        form,
        Severity.ERROR,
        lambda: sign_commands.vectors(file, scheme, engine),
    )


@sign.command("explain")
def sign_explain(
    request: Request,
    scheme: SchemeName,
    wire: WireOption = "rest",
    form: FormatOption = Format.TEXT,
) -> None:
    """Sign one request and show every intermediate value, never the secret."""
    from venuekit import sign_commands

    _run(
        "sign explain",
        form,
        Severity.ERROR,
        lambda: sign_commands.explain(request, scheme, _wire(wire)),
    )


@sign.command("check")
def sign_check(
    request: Request,
    scheme: SchemeName,
    wire: WireOption = "rest",
    form: FormatOption = Format.TEXT,
) -> None:
    """Say whether a signed request would be taken, and if not, what is wrong with it."""
    from venuekit import sign_commands

    _run(
        "sign check",
        form,
        Severity.ERROR,
        lambda: sign_commands.check(request, scheme, _wire(wire)),
    )


def _wire(word: str) -> SignedWire:
    from venuekit.contract.signing import SignedWire

    if word not in list(SignedWire):
        raise typer.BadParameter(f"expected one of {', '.join(SignedWire)}, found {word}")
    return SignedWire(word)


@app.command()
def mock(
    documents: Documents = None,
    overlay: Overlays = None,
    host: Annotated[str, typer.Option(help="the address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one")] = 0,
    seed: Annotated[int, typer.Option(help="another seed, other made data")] = 0,
    record: Annotated[Path | None, typer.Option(help="append every request, as JSON lines")] = None,
    ready_file: Annotated[Path | None, typer.Option(help="gets the URL when it listens")] = None,
) -> None:
    """Serve a contract: examples or made data for what fits, 400 and the reason for the rest."""
    from venuekit import commands
    from venuekit import mock as mocking
    from venuekit.load import load

    settings = mocking.Settings(
        host=host, port=port, seed=seed, record=record, ready_file=ready_file
    )

    def say(ready: mocking.Ready) -> None:
        facts = {"url": ready.url, "serves": f"{ready.operations} operations"}
        if ready.webhooks:
            facts["leaves out"] = f"{ready.webhooks} webhooks, which the venue calls"
        report = Report(command="mock", findings=ready.findings, facts=facts)
        sys.stdout.write(render(report, Format.TEXT, is_coloured=_is_coloured()))
        sys.stdout.flush()

    try:
        given = commands.inputs(documents or (), overlay or ())
        mocking.serve(load(given.documents, given.overlays), settings, say)
    except FindingsError as error:
        _fail("mock", Format.TEXT, error.findings)
    except OSError as error:
        _fail("mock", Format.TEXT, (_system(error),))


overlays = typer.Typer(help="Complete documents that one does not own.", no_args_is_help=True)
app.add_typer(overlays, name="overlay")


@overlays.command("suggest")
def overlay_suggest(
    document: Annotated[Path, typer.Argument(help="an OpenAPI or AsyncAPI document")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="a new file; default: standard output")
    ] = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Write a first overlay: cures, decimals, units of time, effects and dedup keys."""
    from venuekit import overlay_commands

    if output is not None:
        _run(
            "overlay suggest",
            form,
            Severity.ERROR,
            lambda: overlay_commands.suggest_first(document, output)[1],
        )
        return
    try:
        text, report = overlay_commands.suggest_first(document, None)
    except FindingsError as error:
        _fail("overlay suggest", form, error.findings)
    sys.stdout.write(text)
    sys.stderr.write(render(report, form, is_coloured=False))


@sign.command("proxy")
def sign_proxy(
    to: Annotated[str, typer.Option(help="the venue, such as https://api.example.com")],
    scheme: SchemeName,
    credentials: Annotated[Path, typer.Option(help="YAML or JSON with the key and the secret")],
    host: Annotated[str, typer.Option(help="a loopback address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one")] = 0,
) -> None:
    """Sign whatever passes, so that curl or any other tool can talk to a signed API."""
    from venuekit import sign_commands

    try:
        server = sign_commands.proxy(to, scheme, credentials, host, port)
    except FindingsError as error:
        _fail("sign proxy", Format.TEXT, error.findings)
    except OSError as error:
        _fail("sign proxy", Format.TEXT, (_system(error),))
    sys.stdout.write(f"{server.url} signs for {to}; stop it with Ctrl-C\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


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
        _fail(command, form, (_system(error),))
    sys.stdout.write(render(report, form, is_coloured=_is_coloured()))
    if not report.is_complete:
        raise typer.Exit(2)
    if any(finding.severity.rank <= fail_on.rank for finding in report.findings):
        raise typer.Exit(1)


def _system(error: Exception) -> Finding:
    return Finding(
        rule="can-not-write" if isinstance(error, OutputError) else "system",
        severity=Severity.ERROR,
        message=str(error),
        help="mend this and run the command again",
    )


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
