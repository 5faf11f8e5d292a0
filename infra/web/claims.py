"""Which claims say who asks and with which roles: data of the installation, checked when they are read.

Shipped in ``claims.json``; ``BRANDMATRIX_AUTH_CLAIMS_FILE`` names another (docs/operations.md). Claims are found by
JMESPath, so ``realm_access.roles`` and ``"https://sso.example/roles"`` are both places.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Annotated, Any

import jmespath
from pydantic import AfterValidator, StringConstraints, ValidationError, field_validator

from infra.kernel.errors import Forbidden, first_fault
from infra.kernel.settings import Misconfigured, Settings
from infra.kernel.values import Closed

MACHINE = "client:"
NUMBER = re.compile("[A-Za-z0-9_-]{1,40}")
ONE_CLAIM = re.compile(r'("[^"\\]+"|\w+)(\.("[^"\\]+"|\w+))*')
NO_NUMBER = re.compile(r"(?i)name|mail|phone|client|\b(upn|azp|appid|cid)\b")
"""What people call themselves, what they may change or share, and what names a machine: never an employee number."""
Claims = Mapping[str, Any]


def _number(text: str) -> str:
    if not ONE_CLAIM.fullmatch(text) or NO_NUMBER.search(text):
        raise ValueError("the employee number is one claim, and never a name, an address or a client")
    return text


Place = Annotated[str, AfterValidator(lambda text: jmespath.compile(text) and text)]
Role = Annotated[str, StringConstraints(pattern=r"^[a-z_]+@\S+$|^\{\w+\}@\S+$")]


class Rule(Closed):
    """Values of a claim (a text or a list) that give a role; a pattern must fit the whole value, its groups fill in."""

    claim: Place
    values: dict[str, Role] = {}  # noqa: RUF012 - pydantic copies it
    patterns: dict[re.Pattern[str], Role] = {}  # noqa: RUF012 - pydantic copies it

    @field_validator("patterns")
    @classmethod
    def _filled(cls, patterns: dict[re.Pattern[str], str]) -> dict[re.Pattern[str], str]:
        for pattern, gives in patterns.items():
            if not {name for _, name, *_ in Formatter().parse(gives) if name is not None} <= set(pattern.groupindex):
                raise ValueError(f"{gives} names a group that {pattern.pattern} does not have")
        return patterns

    def roles(self, claims: Claims) -> set[str]:
        """The roles that these claims give; ``scope`` is a text of words, as OAuth writes it."""
        found = jmespath.search(self.claim, claims)
        if isinstance(found, str):
            found = found.split() if self.claim in {"scope", "scp"} else [found]
        said = [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
        fits = [(gives, pattern.fullmatch(one)) for one in said for pattern, gives in self.patterns.items()]
        filled = {gives.format(**fit.groupdict("")) for gives, fit in fits if fit}
        return filled | {self.values[one] for one in said if one in self.values}


class _Side(Closed):
    roles: tuple[Rule, ...] = ()

    def given(self, claims: Claims) -> frozenset[str]:
        return frozenset().union(*(rule.roles(claims) for rule in self.roles))


class _Person(_Side):
    number: Annotated[str, AfterValidator(_number)]
    pattern: re.Pattern[str] = NUMBER


class _Machine(_Side):
    client: Place


class Sides(Closed):
    """How people and machines are told apart, and what each of them may become."""

    person: _Person
    machine: _Machine

    @classmethod
    def of(cls, settings: Settings) -> "Sides":
        """What the installation says, else what is shipped; raises ``Misconfigured`` with the place."""
        if not settings.auth_claims:
            return cls.model_validate_json(Path(__file__).with_suffix(".json").read_bytes())
        import yaml  # noqa: PLC0415 - most installations need it not

        try:
            return cls.model_validate(yaml.safe_load(settings.auth_claims))
        except (ValidationError, yaml.YAMLError) as error:
            fault = first_fault(error) if isinstance(error, ValidationError) else error
            raise Misconfigured(f"BRANDMATRIX_AUTH_CLAIMS: {fault}") from error

    def subject(self, claims: Claims) -> tuple[str, frozenset[str]]:
        """Who asks and their roles; raises ``Forbidden`` for a person without an employee number.

        What is a machine stays one, whatever else its token says.
        """
        client = jmespath.search(self.machine.client, claims)
        if client and isinstance(client, str):
            return f"{MACHINE}{client}", self.machine.given(claims)
        said = jmespath.search(self.person.number, claims)
        found = self.person.pattern.fullmatch(said) if isinstance(said, str) else None
        number = found[found.lastindex or 0] if found else None
        if not number or not NUMBER.fullmatch(number):
            zh = "您的账号没有工号，系统无法识别您是谁。请联系信息部门，在统一身份认证中为账号登记工号。"
            en = "Your account bears no employee number. Ask your IT department to enter it at the sign-in service."
            raise Forbidden("subject.not_bound", zh=zh, en=en)
        return number, self.person.given(claims)
