"""Read one document with one parser; prints the seconds it took as JSON, imports left out.

usage: parse.py PARSER FILE
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Parse = Callable[[Path], Any]


def venuekit_parser() -> Parse:
    """Our source layer: exact values that can say where they stand."""
    from venuekit.source import load_document

    return lambda path: load_document(path).value


def venuekit_with_places() -> Parse:
    """Our source layer, and the first place asked for, which finds all of them."""
    from venuekit.source import load_document

    def parse(path: Path) -> Any:
        document = load_document(path)
        document.place(("paths",))
        return document.value

    return parse


def json_parser() -> Parse:
    """The standard library's JSON: no places."""
    return lambda path: json.loads(path.read_bytes())


def pyyaml_c() -> Parse:
    """PyYAML over libyaml: no places."""
    import yaml

    return lambda path: yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


def pyyaml_pure() -> Parse:
    """PyYAML in Python: no places."""
    import yaml

    return lambda path: yaml.load(path.read_bytes(), Loader=yaml.SafeLoader)


def ruamel_safe() -> Parse:
    """ruamel.yaml's safe loader: no places."""
    from ruamel.yaml import YAML

    return lambda path: YAML(typ="safe", pure=True).load(path.read_bytes())


def ruamel_round_trip() -> Parse:
    """ruamel.yaml's round-trip loader: values with line and column."""
    from ruamel.yaml import YAML

    return lambda path: YAML(typ="rt").load(path.read_bytes())


def rapidyaml_tree() -> Parse:
    """rapidyaml's tree: no Python values yet, and text for every scalar."""
    import ryml

    def parse(path: Path) -> Any:
        tree = ryml.parse_in_arena(path.read_bytes())
        return {"paths": tree.num_children(tree.root_id())}

    return parse


PARSERS: dict[str, Callable[[], Parse]] = {
    "venuekit": venuekit_parser,
    "venuekit with places": venuekit_with_places,
    "json": json_parser,
    "PyYAML libyaml": pyyaml_c,
    "PyYAML": pyyaml_pure,
    "ruamel.yaml safe": ruamel_safe,
    "ruamel.yaml round-trip": ruamel_round_trip,
    "rapidyaml tree": rapidyaml_tree,
}


def main(name: str, file: str) -> None:
    """Parse once and say how long it took."""
    parse = PARSERS[name]()
    path = Path(file)
    began, cpu = time.perf_counter(), time.process_time()
    value = parse(path)
    facts = {
        "wall_s": time.perf_counter() - began,
        "cpu_s": time.process_time() - cpu,
        "paths": value["paths"] if isinstance(value["paths"], int) else len(value["paths"]),
    }
    print(json.dumps(facts))


if __name__ == "__main__":
    main(*sys.argv[1:])
