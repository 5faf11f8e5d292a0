"""A company lives through a year of HR's changes; the Party's side is right at every month's end.

``make slow`` has a small company, ``make heavy`` one of five thousand people, killed twenty times on the way.
"""

from pathlib import Path

import pytest

from tests.support.actors.hr.company import company
from tests.support.actors.hr.deaths import Deaths
from tests.support.actors.hr.registry import Registry
from tests.support.actors.hr.whole import tell_all
from tests.support.actors.hr.year import Year
from tests.support.harness.environment import Environment

SEED = 20250101


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_a_company_lives_through_a_year_and_the_party_side_is_right_at_every_months_end(
    environment: Environment, tmp_path: Path
) -> None:
    script = tell_all(company(SEED, 300), SEED, copies=2)
    async with Registry(environment, tmp_path).running() as registry:
        year = Year(script, registry)
        await year.founded()
        await year.lived()


@pytest.mark.heavy
@pytest.mark.timeout(3600)
async def test_five_thousand_people_live_through_the_same_year_though_the_sync_is_killed_twenty_times(
    environment: Environment, tmp_path: Path
) -> None:
    script = tell_all(company(SEED, 5000), SEED, copies=60)
    async with Registry(environment, tmp_path).running() as registry:
        year = Year(script, registry)
        year.deaths = Deaths(SEED, 20, year.days)
        await year.founded()
        await year.lived()
        assert len(year.deaths.died) == 20
