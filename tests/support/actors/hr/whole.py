"""The whole script of a company: what happens to departments, and every story of people several times."""

from tests.support.actors.hr.company import Company
from tests.support.actors.hr.script import Script
from tests.support.actors.hr.stories import OF_MEMBERS, Storyteller, hired, secretary_leaves
from tests.support.actors.hr.upheavals import tell_departments


def tell_all(company: Company, seed: int, copies: int, months: int = 12) -> Script:
    """Every story several times, at any time of the year."""
    script = Script(company)
    tell = Storyteller(script, seed)
    tell_departments(tell, months)
    for _ in range(copies):
        for story in OF_MEMBERS:
            if one := tell.member():
                story(tell, one, tell.chance.randrange(1, months))
        if one := tell.other():
            hired(tell, one, tell.chance.randrange(1, months + 1))
        if tell.chance.random() < 0.4 and (one := tell.secretary()):
            secretary_leaves(tell, one, tell.chance.randrange(1, months + 1))
    return script
