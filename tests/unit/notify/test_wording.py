"""The wording is data, and wording that could fail when it is needed is not loaded."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from services.notify.app import TEMPLATES
from services.notify.inbox.model.wording import Wording

DATA: dict[str, Any] = json.loads(TEMPLATES.read_text(encoding="utf-8"))


def broken(change: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(DATA))
    data["templates"].update(change)
    return data


def words(text: str) -> dict[str, Any]:
    return {"title": {"zh": text, "en": "x"}, "body": {"zh": "x", "en": "x"}}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (broken({"plaque.awarded": words("{nmae}")}), r"plaque\.awarded: nothing fills \{nmae\}"),
        (broken({"plaque.awarded": words("{name.__class__}")}), "nothing fills"),
        (broken({"plaque.awarded": words("{name!r}")}), "nothing fills"),
        (broken({"plaque.awarded": words("{name:>9999}")}), "nothing fills"),
        (broken({"plaque.lost": words("x")}), r"unknown template 'plaque\.lost'"),
        ({**DATA, "templates": {}}, r"no template 'activity\.filed'"),
        ({**DATA, "unknown": {}}, "no word for an unknown 'name'"),
    ],
)
def test_wording_that_could_fail_later_is_not_loaded(data: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Wording.model_validate(data)
