"""A company lives through a year of HR's changes; the Party's side is right at every month's end.

``make test`` has a small company; the one of five thousand people, killed twenty times on the way, is a soak test.
"""

from pathlib import Path

import pytest

from tests.conftest import Ground
from tests.support.hr.company import company
from tests.support.hr.deaths import Deaths
from tests.support.hr.registry import Registry
from tests.support.hr.whole import tell_all
from tests.support.hr.year import Year

SEED = 20250101


@pytest.mark.timeout(400)
async def test_a_company_lives_through_a_year_and_the_party_side_is_right_at_every_months_end(
    ground: Ground, tmp_path: Path
) -> None:
    script = tell_all(company(SEED, 300), SEED, copies=2)
    async with Registry(ground, tmp_path).running() as registry:
        year = Year(script, registry)
        await year.founded()
        await year.lived()


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_five_thousand_people_live_through_the_same_year_though_the_sync_is_killed_twenty_times(
    ground: Ground, tmp_path: Path
) -> None:
    script = tell_all(company(SEED, 5000), SEED, copies=60)
    async with Registry(ground, tmp_path).running() as registry:
        year = Year(script, registry)
        year.deaths = Deaths(SEED, 20, year.days)
        await year.founded()
        await year.lived()
        assert len(year.deaths.died) == 20
