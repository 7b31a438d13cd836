"""What every part of a document has: keys of its own, and words that describe without changing anything."""

from rubrics.scoring.faults import show
from rubrics.scoring.node import Node

DESCRIPTIVE = ("title", "guidance", "anchors", "questions", "basis", "note")


def unique_name(node: Node, seen: set[str]) -> str:
    """Read a name that must not be among those seen, and add it to them; empty when it is no name."""
    name = node.name()
    if name is None:
        return ""
    if name in seen:
        node.fault(f"{show(name)} is used more than once")
    seen.add(name)
    return name


def unique_key(node: Node, seen: set[str]) -> str:
    """Read the key of an object, which must not be among those seen."""
    return unique_name(node.child("key"), seen)
