"""The programme's settings: data that an enterprise changes without a programmer."""

from pydantic import Field

from infra.kernel.errors import Invalid
from infra.kernel.events import Aggregate, Decision
from infra.kernel.json_tree import require_storable
from infra.kernel.values import Closed
from services.registry.examples import example
from services.registry.party.model.organisation import Kind

KEY = "programme"


class Choice(Closed):
    """One entry of a list that people choose from."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    title: str = Field(min_length=1, description="中文名称 / Chinese")
    title_en: str = Field(min_length=1, description="英文名称 / English")


class Rules(Closed):
    """How many brands an organisation may have, who owns and who counts, emphases, levels, the name hint."""

    model_config = example("Rules")

    brands_per_organisation: int = Field(ge=1, le=20, description="每个党组织品牌数上限 / Brands per organisation")
    owner_kinds: tuple[Kind, ...] = Field(min_length=1, description="可申报品牌的党组织类别 / Kinds that own brands")
    general_branches_count: bool = Field(description="覆盖率是否单独统计党总支 / General branches count for coverage")
    focuses: tuple[Choice, ...] = Field(min_length=1, description="着力点 / Emphases")
    levels: tuple[Choice, ...] = Field(min_length=1, description="级别，由低到高 / Levels, lowest first")
    name_shortest: int = Field(ge=1, description="名称建议最少字数 / Shortest suggested name")
    name_longest: int = Field(ge=1, le=100, description="名称建议最多字数 / Longest suggested name")

    def counts(self, kind: str) -> bool:
        """Whether an organisation of this kind is eligible for coverage (覆盖率)."""
        return kind in self.owner_kinds and (kind != "general_branch" or self.general_branches_count)


class Programme(Aggregate):
    """The one programme of an enterprise, with its settings."""

    rules: Rules


def settle(current: Programme | None, rules: Rules) -> Decision[Programme]:
    """Make the settings be as wanted; brands that exist already stay as they are. Raises ``Invalid``."""
    require_storable(rules.model_dump(), "")
    for name in ("focuses", "levels"):
        ids = [choice.id for choice in getattr(rules, name)]
        if len(set(ids)) < len(ids):
            raise Invalid("programme.twice", zh="编号重复。", en="An id stands there twice.", field=f"/{name}")
    if rules.name_longest < rules.name_shortest:
        zh, en = "最多字数小于最少字数。", "The longest is shorter than the shortest."
        raise Invalid("programme.name_length", zh, en, field="/name_longest")
    return (Programme(id=KEY, rules=rules) if current is None else current.becomes(rules=rules)), []
