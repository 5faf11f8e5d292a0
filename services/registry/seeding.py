"""What comes with the product: settings and block types, put in place where there are none; people's changes stay."""

import json
from functools import partial
from pathlib import Path
from typing import Self

from pydantic import BaseModel

from infra.kernel import clock
from services.registry.hr.model.run import Limits
from services.registry.programme.model import block_type, calendar, programme
from services.registry.programme.model.block_type import Shape
from services.registry.programme.model.calendar import Official
from services.registry.programme.model.programme import KEY, Rules
from services.registry.stores import Stores

SHIPPED_BY = "shipped"


class Shipped(BaseModel):
    """The data files beside this module."""

    rules: Rules
    block_types: dict[str, Shape]
    limits: Limits
    calendars: dict[int, Official]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the files; raises ``ValueError`` that says what is wrong in them."""
        shapes = json.loads((folder / "block_types.json").read_text(encoding="utf-8"))
        rules = Rules.model_validate_json((folder / "programme.json").read_text(encoding="utf-8"))
        limits = Limits.model_validate_json((folder / "hr_limits.json").read_text(encoding="utf-8"))
        calendars = json.loads((folder / "calendars.json").read_text(encoding="utf-8"))
        block_types = {shape.pop("id"): Shape.model_validate(shape) for shape in shapes}
        return cls(rules=rules, block_types=block_types, limits=limits, calendars=calendars)

    async def put(self, stores: Stores) -> None:
        """Put in place what is missing; doing it again changes nothing."""
        await stores.programme.seed(KEY, partial(programme.settle, None, self.rules))
        for key, shape in self.block_types.items():
            make = partial(block_type.record, None, key, shape, SHIPPED_BY, clock.now())
            await stores.block_types.seed(key, make)
        for year, official in self.calendars.items():
            await stores.calendars.seed(str(year), partial(calendar.arrange, None, year, official))
