"""The pages that list others: the front page, one index for each kind, servers and limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from venuekit.contract import FixSession, LimitBucket, Operation, Server, Wire
from venuekit.emit.docs.channels import SERVERS_PAGE
from venuekit.emit.docs.draw import bullets, draw, grid, tags
from venuekit.emit.docs.messages import tag_rows
from venuekit.emit.docs.operations import LIMITS_PAGE, RETRY_WORDS, budget
from venuekit.emit.docs.pages import FOLDERS, anchor, link, link_to
from venuekit.emit.docs.site import WIRE_WORDS, Site
from venuekit.emit.docs.text import cell, code, inline, prose, value_code
from venuekit.emit.docs.views import Section, SectionsPage

UNTAGGED = "Without a tag"


def index_pages(site: Site) -> dict[str, str]:
    """Return every page that lists others, by path; what the contract lacks has no page."""
    found = {"index.md": _front(site)}
    for wire, folder in FOLDERS.items():
        if any(operation.wire is wire for operation in site.contract.operations):
            found[f"{folder}/index.md"] = _operations(site, wire, f"{folder}/index.md")
    for folder, title, heading, rows in _kinds(site):
        if rows:
            text = draw("sections", _page(title, "", [_section("", grid(heading, rows))]))
            found[f"{folder}/index.md"] = text
    if site.contract.servers:
        found[SERVERS_PAGE] = _servers(site.contract.servers)
    if site.contract.limits:
        found[LIMITS_PAGE] = _limits(site)
    return found


def _page(title: str, text: str, sections: Iterable[Section]) -> SectionsPage:
    return SectionsPage(title=title, text=text, sections=tuple(sections))


def _section(heading: str, body: str, text: str = "") -> Section:
    return Section(heading=heading, text=text, body=body)


def _front(site: Site) -> str:
    contract = site.contract
    counts = contract.counts
    rows = [
        (WIRE_WORDS[wire], link("index.md", f"{folder}/index.md", f"{count} operations"))
        for wire, folder in FOLDERS.items()
        if (count := sum(o.wire is wire for o in contract.operations))
    ]
    for folder, title, count in (
        ("channels", "Channels", counts.channels),
        ("messages", "Messages", counts.messages),
        ("schemas", "Schemas", counts.schemas),
        ("errors", "Errors", len(contract.errors)),
        ("security", "Security", len(contract.security_schemes)),
    ):
        if count:
            rows.append((title, link("index.md", f"{folder}/index.md", str(count))))
    if contract.servers:
        rows.append(("Servers", link("index.md", SERVERS_PAGE, str(len(contract.servers)))))
    if contract.limits:
        rows.append(("Limits", link("index.md", LIMITS_PAGE, str(len(contract.limits)))))
    documents = (
        f"{inline(d.title)} {inline(d.version)} ({d.kind} {inline(d.format_version)}). "
        f"{cell(d.description)}"
        for d in contract.documents
    )
    sections = [
        _section("", grid(("What", "How many"), rows)),
        _section("Documents", bullets(documents)),
    ]
    title = f"{inline(contract.title)} {inline(contract.version)}"
    return draw("sections", _page(title, "", sections))


def _operations(site: Site, wire: Wire, page: str) -> str:
    groups: dict[str, list[Operation]] = {tag: [] for tag in site.contract.tags}
    for operation in site.contract.operations:
        if operation.wire is wire:
            tag = operation.tags[0] if operation.tags else UNTAGGED
            groups.setdefault(tag, []).append(operation)
    sections = [
        _section(
            inline(tag), _operation_table(site, page, found), prose(site.contract.tags.get(tag))
        )
        for tag, found in groups.items()
        if found
    ]
    return draw("sections", _page(f"{WIRE_WORDS[wire]} operations", "", sections))


def _operation_table(site: Site, page: str, operations: Iterable[Operation]) -> str:
    rows = [
        (
            link_to(page, site.pages.operation(operation), operation.name),
            code(operation.effect.value) if operation.effect is not None else "",
            cell(operation.summary or operation.description),
        )
        for operation in operations
    ]
    return grid(("Operation", "Effect", "Meaning"), rows)


Rows = list[tuple[str, ...]]


def _kinds(site: Site) -> Iterator[tuple[str, str, tuple[str, ...], Rows]]:
    """Yield folder, title, heading and rows of each index that is one table."""
    yield "channels", "Channels", ("Channel", "Address", "Meaning"), _channel_rows(site)
    yield "messages", "Messages", ("Message", "MsgType", "Meaning"), _message_rows(site)
    yield "schemas", "Schemas", ("Schema", "Type", "Meaning"), _schema_rows(site)
    yield "errors", "Errors", ("Code", "Status", "Cause", "Again?"), _error_rows(site)
    yield "security", "Security schemes", ("Scheme", "Meaning"), _security_rows(site)


def _channel_rows(site: Site) -> Rows:
    return [
        (
            link_to("channels/index.md", site.pages.channels[key], channel.name),
            code(channel.address) if channel.address else "",
            cell(channel.summary or channel.title or channel.description),
        )
        for key, channel in site.contract.channels.items()
    ]


def _message_rows(site: Site) -> Rows:
    return [
        (
            site.message_link("messages/index.md", key),
            code(message.fix.msg_type) if message.fix is not None else "",
            cell(message.summary or message.title),
        )
        for key, message in site.contract.messages.items()
    ]


def _schema_rows(site: Site) -> Rows:
    shapes = site.shapes("schemas/index.md")
    return [
        (
            link_to("schemas/index.md", site.pages.schemas[name], name),
            shapes.type_words(named.schema),
            cell(named.schema.notes.description),
        )
        for name, named in site.contract.schemas.items()
    ]


def _error_rows(site: Site) -> Rows:
    return [
        (
            link_to("errors/index.md", site.pages.errors[name], name),
            str(error.http_status or ""),
            cell(error.cause),
            RETRY_WORDS[error.retry],
        )
        for name, error in site.contract.errors.items()
    ]


def _security_rows(site: Site) -> Rows:
    return [
        (
            link_to("security/index.md", site.pages.security[name], name),
            cell(scheme.description),
        )
        for name, scheme in site.contract.security_schemes.items()
    ]


def _limits(site: Site) -> str:
    sections = []
    for bucket in site.contract.limits.values():
        draws = [
            f"{site.operation_link(LIMITS_PAGE, operation)}: {cost.weight}"
            for operation in site.contract.operations
            for cost in operation.limits
            if cost.bucket == bucket.name
        ]
        rows = grid(("Fact", "Value"), _limit_facts(bucket))
        title = f"{inline(bucket.name)} {{ #{anchor(bucket.name)} }}"
        body = f"{rows}\n\n{bullets(draws)}"
        sections.append(_section(title, body, prose(bucket.description)))
    return draw("sections", _page("Limits", "", sections))


def _limit_facts(bucket: LimitBucket) -> Iterator[tuple[str, str]]:
    capacity, scope = budget(bucket)
    yield "Budget", capacity
    yield "Counted for", scope
    for word, header in (
        ("The server tells the budget in", bucket.limit_header),
        ("and what is left in", bucket.remaining_header),
        ("and how long to wait in", bucket.retry_after_header),
    ):
        if header is not None:
            yield word, code(header)


def _servers(servers: Iterable[Server]) -> str:
    sections = [_server(server) for server in servers]
    return draw("sections", _page("Servers", "", sections))


def _server(server: Server) -> Section:
    rows = [("Address", code(server.url)), ("Protocol", code(server.protocol))]
    rows += [(f"{code(name)} is by default", code(v)) for name, v in server.variables.items()]
    body = grid(("Fact", "Value"), rows)
    if server.fix is not None:
        body += f"\n\n{_session(server.fix)}"
    title = inline(server.title or server.url)
    return _section(title, body, prose(server.description))


def _session(session: FixSession) -> str:
    rows = [("BeginString (8)", code(session.begin_string))]
    rows += [(code(name), _setting(value)) for name, value in session.settings.items()]
    return "\n\n".join(
        (
            grid(("Fact", "Value"), rows),
            f"### Header\n\n{tags(tag_rows(session.header)) or 'Not stated.'}",
            f"### Trailer\n\n{tags(tag_rows(session.trailer)) or 'Not stated.'}",
        )
    )


def _setting(value: object) -> str:
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value_code(value)
    return code(str(value))
