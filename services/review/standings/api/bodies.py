"""What every decision's body says: why, from which day, by which resolution."""

from datetime import date
from typing import Annotated

from fastapi import Path
from pydantic import Field

from services.review.reviews.api.bodies import Said
from services.review.shared.text_types import Key, Line, Words
from services.review.standings.model.justification import Justification

BrandKey = Annotated[str, Path(description="品牌编号 / The brand's id", examples=["b-sanxin"])]


class Decided(Said):
    """A decision of people, with its ground."""

    reason: Words = Field(description="理由 / Why")
    on: date = Field(description="生效日期；决议为会议日期 / The day it counts from; of a resolution, the meeting's")
    resolution: Line | None = Field(default=None, description="党委会决议文号 / Number of the committee's resolution")

    def justification(self, direct: Key | None = None) -> Justification:
        """What the decision rests on."""
        return Justification(reason=self.reason, on=self.on, resolution=self.resolution, direct=direct)
