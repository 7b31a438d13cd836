"""What WeasyPrint 70 leaves undone in the tags of a PDF, done before the file is written.

Running heads and footers become artifacts (it tags them, but outside the tree, so that readers meet content that
belongs to nothing), and header cells say whether they head a row or a column.
"""

from typing import Any

ARTIFACT = "/Artifact"


def _elements(objects: dict[bytes, Any]) -> dict[bytes, Any]:
    """Structure elements by their reference."""
    return {
        reference: item
        for reference, item in objects.items()
        if isinstance(item, dict) and item.get("Type") == "/StructElem"
    }


def _set_scopes(elements: dict[bytes, Any]) -> None:
    for element in elements.values():
        if element["S"] == "/TH":
            group = elements[elements[element["P"]]["P"]]
            element["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"


def _reachable(elements: dict[bytes, Any], start: bytes) -> set[bytes]:
    found, waiting = set(), [start]
    while waiting:
        reference = waiting.pop()
        if reference in elements and reference not in found:
            found.add(reference)
            waiting.extend(kid for kid in elements[reference].get("K", []) if isinstance(kid, bytes))
    return found


def _make_artifacts(stream: list[Any], marks: set[int]) -> None:
    """Turn `/P <</MCID n>> BDC` into `/Artifact BMC` for these marks of a page's content."""
    for place in range(len(stream) - 1, 0, -1):
        item = stream[place]
        if isinstance(item, dict) and item.get("MCID") in marks:
            stream[place - 1 : place + 2] = [ARTIFACT, b"BMC"]


def mend_tags(document: Any, pdf: Any) -> None:
    """Finish the tags of a document; to be passed to `write_pdf` as its finisher."""
    del document
    objects = {item.reference: item for item in pdf.objects}
    elements = _elements(objects)
    _set_scopes(elements)
    root = objects[pdf.catalog["StructTreeRoot"]]
    attached = _reachable(elements, root["K"][0])
    marks: dict[bytes, set[int]] = {}
    for reference, element in elements.items():
        if reference not in attached:
            marks.setdefault(element["Pg"], set()).update(kid for kid in element["K"] if isinstance(kid, int))
    for page, of_page in marks.items():
        _make_artifacts(objects[objects[page]["Contents"]].stream, of_page)
    parents = objects[root["ParentTree"]]["Nums"]
    for place in range(1, len(parents), 2):
        if isinstance(parents[place], list):
            parents[place][:] = [b"null" if kid not in attached else kid for kid in parents[place]]
