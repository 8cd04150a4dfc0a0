"""csource -- the C files of the tree, as the checks read them."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent

_NOT_CODE = re.compile(
    r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def files(*folders, suffixes=(".c", ".h")):
    """Paths relative to the top, sorted."""
    return sorted(
        path.relative_to(ROOT)
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes)


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def code(source):
    """The source with comments and literals blanked; lines keep their place."""
    def blank(match):
        found = match.group(0)
        if found[0] in "\"'":
            return found[0] + " " * (len(found) - 2) + found[0]
        return re.sub(r"[^\n]", " ", found)
    return _NOT_CODE.sub(blank, source)


def room_of(path):
    """Room of a file: src/<room>/..., include/<room>.h, include/base/...,
    tests/unit/<room>/...; src/main.c is "main"."""
    parts = path.parts
    if parts[0] == "include":
        return parts[1] if len(parts) > 2 else path.stem
    if parts[0] == "src":
        return parts[1] if len(parts) > 2 else path.stem
    return parts[2] if parts[:2] == ("tests", "unit") and len(parts) > 3 else ""
