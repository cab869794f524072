"""Label Studio's JSON_MIN: tasks with what was said of them beside their data, under the controls' names."""

import re
from collections.abc import Mapping
from typing import Any

NO_PARTS = "JSON_MIN holds no relations: stances came without holder and target; export JSON to have them"
_WORK = ("annotator", "annotation_id", "created_at", "updated_at", "lead_time", "id")  # not of the data
_FIELDS = re.compile(rb'"(?:annotation_id|labels)"\s*:')
_KNOWN = re.compile(rb'"(?:annotation_id|annotator|lead_time)"\s*:')


def looks_so(begins: bytes) -> bool:
    """Whether a file that begins so may be in that shape."""
    return begins.startswith(b"[") and bool(_FIELDS.search(begins) and _KNOWN.search(begins))


def is_one(value: object) -> bool:
    """Whether an item of a list is a task in that shape."""
    return isinstance(value, dict) and "data" not in value and any(name in value for name in _WORK[:2])


def as_task(value: Mapping[str, Any]) -> dict[str, Any]:
    """The task as whole exports have it: its data, and the regions as those of one annotation."""
    controls = {name: found for name, found in value.items() if _is_control(found)}
    result = [
        {"id": f"{name}[{n}]", "from_name": name, "type": "labels", "value": region}
        for name, regions in controls.items()
        for n, region in enumerate(regions)
    ]
    annotation = {"id": value.get("annotation_id"), "completed_by": value.get("annotator"), "result": result}
    annotation["lead_time"] = value.get("lead_time")
    data = {name: fact for name, fact in value.items() if name not in controls and name not in _WORK}
    return {"id": value.get("id"), "data": data, "annotations": [annotation]}


def _is_control(value: object) -> bool:
    """Whether a field holds the regions of a control that gives labels."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(region, dict) and "labels" in region for region in value)
    )
