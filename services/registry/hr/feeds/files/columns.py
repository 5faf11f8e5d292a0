"""Which header stands for which field: data (``columns.json``), to which a source adds its own names."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.kernel.errors import Invalid
from infra.kernel.values import Closed

SHIPPED = Path(__file__).parents[3] / "data" / "columns.json"
FIELD = "query:/columns"
PARTS = ("employees", "departments", "status")


class Columns(Closed):
    """Which header stands for which field, which word for which status, what means yes and no."""

    employees: dict[str, tuple[str, ...]]
    departments: dict[str, tuple[str, ...]]
    status: dict[str, tuple[str, ...]]
    yes: tuple[str, ...]
    no: tuple[str, ...]

    @classmethod
    def shipped(cls) -> "Columns":
        """The names that come with the product."""
        return cls.model_validate_json(SHIPPED.read_text(encoding="utf-8"))

    def with_own(self, own: Mapping[str, Mapping[str, Sequence[str] | str]]) -> "Columns":
        """These and a source's own names: ``{"employees": {"name": "员工"}, "status": {"left": ["已离", "调离"]}}``.

        Own names come first, and a name given to another field is that field's. Raises ``Invalid`` for an unknown one.
        """
        if unknown := set(own) - set(PARTS):
            raise _unknown(min(unknown), PARTS)
        known = self.model_dump()
        for part, fields in own.items():
            for field, names in fields.items():
                if field not in known[part]:
                    raise _unknown(f"{part}/{field}", sorted(known[part]))
                mine = (names,) if isinstance(names, str) else tuple(names)
                folded = {fold(name) for name in mine}
                for other in known[part]:
                    known[part][other] = tuple(name for name in known[part][other] if fold(name) not in folded)
                known[part][field] = (*mine, *known[part][field])
        return Columns.model_validate(known)

    def said(self, text: str | None) -> "Columns":
        """``with_own`` of a JSON text; raises ``Invalid`` for one that is none, or has another form."""
        if not text:
            return self
        try:
            own = json.loads(text)
            return self.with_own(own)
        except (ValueError, TypeError, AttributeError) as error:
            raise Invalid(
                "columns.unreadable",
                zh="列映射应为 JSON：{部分: {字段: 列名或列名数组}}。",
                en="The column map must be JSON: {part: {field: a name or a list of names}}.",
                field=FIELD,
            ) from error


def fold(text: str) -> str:
    """A header or a word as it is compared: width, case, space and the star of a required field do not matter."""
    return unicodedata.normalize("NFKC", text).strip().strip("*").casefold().replace(" ", "")


def _unknown(name: str, known: Sequence[str]) -> Invalid:
    names = ", ".join(known)
    return Invalid(
        "columns.unknown_field",
        zh=f"列映射中的“{name}”未知；可用：{names}。",
        en=f"The column map's “{name}” is unknown; known: {names}.",
        field=FIELD,
    )
