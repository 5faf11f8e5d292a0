"""The brand matrix over HTTP."""

from fastapi import APIRouter

from infra.kernel.clock import today
from infra.web.http import Reader
from services.registry.brands.model.matrix import Matrix, Sources, matrix
from services.registry.requests import PROBLEMS, On
from services.registry.stores import Stores


def routes(stores: Stores) -> APIRouter:
    """The route of the matrix."""
    api = APIRouter(tags=["品牌矩阵 matrix"], responses=PROBLEMS)

    @api.get("/matrix", summary="品牌矩阵与覆盖率 The brand matrix and its coverage as of a day")
    async def read(_: Reader, on: On = None) -> Matrix:
        """覆盖率＝已有审定或授牌品牌的党组织 ÷ 应建党组织（不含临时党支部和已终止组织）。 Covered ÷ eligible."""
        day = on or today()
        sources = Sources(
            organisations=await stores.organisations.all(),
            brands=await stores.brands.all(),
            by_brand=await stores.activities.counted("brand", day),
            by_organisation=await stores.activities.counted("organisation", day),
        )
        return matrix(day, sources, await stores.rules())

    return api
