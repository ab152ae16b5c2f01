"""Layers of a PDF that it hides: what stands on them is in the file and is not shown."""

from typing import Any

from audit_utils.documents.pdf.objects import Objects, Ref


def hidden_layers(root: dict[str, Any], objects: Objects) -> frozenset[int]:
    """The numbers of the layers that are hidden when the file is opened."""
    layers = objects.entries(root.get("OCProperties"))
    usual = objects.entries(layers.get("D"))
    all_of_them = _numbers(layers.get("OCGs"), objects)
    off = _numbers(usual.get("OFF"), objects)
    if usual.get("BaseState") == "OFF":
        off |= all_of_them - _numbers(usual.get("ON"), objects)
    return off


def _numbers(value: Any, objects: Objects) -> frozenset[int]:
    return frozenset(one.number for one in objects.items(value) if isinstance(one, Ref))


def is_hidden(layer: Any, hidden: frozenset[int], objects: Objects) -> bool:
    """Whether a layer is hidden; a choice of several that names a hidden one counts as such."""
    if not hidden or layer is None:
        return False
    if isinstance(layer, Ref) and layer.number in hidden:
        return True
    several = objects.entries(layer).get("OCGs")
    return several is not None and bool(
        hidden & (_numbers(several, objects) | _numbers([several], objects))
    )
