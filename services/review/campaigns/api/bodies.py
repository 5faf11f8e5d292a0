"""What commands about a campaign have in common."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

from infra.web.http import Body
from services.review.shared.text_types import Reason

CampaignKey = Annotated[str, Path(description="批次编号 / The campaign's id", examples=["batch-2026-1"])]
BrandPart = Annotated[str, Path(description="品牌编号 / The brand's id", examples=["b-sanxin"])]


class Reasoned(Body):
    """Why."""

    reason: Reason = Field(description="理由 / Why")


class Chosen(Reasoned):
    """Which brand, and why."""

    brand: str = Field(description="品牌编号 / The brand's id")


class TieDecided(Reasoned):
    """Who of those tied is in, and why."""

    picked: tuple[str, ...] = Field(min_length=1, max_length=1000, description="入选品牌 / The brands that are in")
