"""Claims are read by data: where the employee number stands, what gives which role, and what is a machine."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.kernel.errors import Forbidden
from infra.kernel.settings import Misconfigured, Settings
from infra.web.auth import Sides

KEYCLOAK = """
person:
  number: employee_number
  roles:
    - claim: realm_access.roles
      values: {bm-admin: "administrator@*", bm-audit: "auditor@*"}
    - claim: groups
      patterns:
        '/bm/secretariat/(?P<org>[a-z0-9-]+)': 'party_work_department@{org}'
machine:
  client: client_id
  roles:
    - claim: resource_access."brand-matrix".roles
      values: {feed: "hr_system@*"}
"""
ENTRA = r"""
person:
  number: extension_0a1b_employeeNumber
  pattern: 'CN-(\d+)'
  roles:
    - claim: roles
      patterns: {'(?P<role>auditor|administrator)': '{role}@*'}
machine:
  client: idtyp == 'app' && azp
  roles:
    - {claim: roles, values: {Hr.Feed: "hr_system@*"}}
"""
URLS = """
person:
  number: '"https://sso.example/claims/employee"'
  roles: [{claim: '"https://sso.example/claims/bm"', values: {audit: "auditor@*"}}]
machine: {client: "gty == 'client-credentials' && azp"}
"""


def sides(text: str = "") -> Sides:
    return Sides.of(Settings.of("review", {"BRANDMATRIX_AUTH_CLAIMS": text}))


PEOPLE = [
    ("", {"employee_number": "10001"}, "10001", set()),
    ("", {"employee_number": "10001", "roles": ["auditor@*", "x", 5]}, "10001", {"auditor@*"}),
    ("", {"employee_number": "10001", "roles": "auditor@*"}, "10001", {"auditor@*"}),
    ("", {"employee_number": "10001", "roles": {"auditor@*": 1}}, "10001", set()),
    ("", {"employee_number": "10001", "scope": "hr.feed openid"}, "10001", set()),  # an app's scope is no authority
    ("", {"employee_number": "10001", "azp": "portal", "client_id": "portal"}, "10001", set()),
    (
        KEYCLOAK,
        {
            "employee_number": "E7",
            "realm_access": {"roles": ["bm-admin", "offline_access", "bm-administrators"]},
            "groups": ["/bm/secretariat/committee-2", "/bm/secretariat/", "/x/bm/secretariat/c", "/bm/secretariat/*"],
        },
        "E7",
        {"administrator@*", "party_work_department@committee-2"},
    ),
    (ENTRA, {"extension_0a1b_employeeNumber": "CN-204", "roles": ["auditor"]}, "204", {"auditor@*"}),
    (URLS, {"https://sso.example/claims/employee": "9", "https://sso.example/claims/bm": "audit"}, "9", {"auditor@*"}),
]


@pytest.mark.parametrize(("text", "claims", "number", "roles"), PEOPLE)
def test_a_person_has_their_number_and_the_roles_that_their_claims_give(
    text: str, claims: dict[str, Any], number: str, roles: set[str]
) -> None:
    assert sides(text).subject({"sub": "s-1", **claims}) == (number, frozenset(roles))


MACHINES = [
    ("", {"sub": "hr", "client_id": "hr", "scope": "hr.feed"}, "client:hr", {"hr_system@*"}),
    ("", {"sub": "oa", "azp": "oa", "scope": "audit.read openid"}, "client:oa", {"auditor@*"}),
    ("", {"sub": "hr", "client_id": "hr", "roles": ["administrator@*"]}, "client:hr", set()),
    ("", {"sub": "hr", "client_id": "hr", "employee_number": "10001"}, "client:hr", set()),
    ("", {"sub": "10001", "client_id": "10001", "employee_number": "10001"}, "client:10001", set()),
    (
        KEYCLOAK,
        {"client_id": "hr", "employee_number": "E7", "resource_access": {"brand-matrix": {"roles": ["feed"]}}},
        "client:hr",
        {"hr_system@*"},
    ),
    (ENTRA, {"idtyp": "app", "azp": "a-1", "roles": ["Hr.Feed", "administrator"]}, "client:a-1", {"hr_system@*"}),
    (URLS, {"gty": "client-credentials", "azp": "x"}, "client:x", set()),
]


@pytest.mark.security
@pytest.mark.parametrize(("text", "claims", "who", "roles"), MACHINES)
def test_a_machine_stays_one_whatever_else_its_token_says(
    text: str, claims: dict[str, Any], who: str, roles: set[str]
) -> None:
    assert sides(text).subject({"sub": "s-1", **claims}) == (who, frozenset(roles))


@pytest.mark.security
@pytest.mark.parametrize("number", [None, "", 10001, True, ["10001"], "client:hr", "王芳", "E 1", "x" * 41, "1\n"])
def test_who_bears_no_employee_number_is_nobody_here(number: Any) -> None:  # noqa: ANN401 - any claim
    claims = {"sub": "10001", "preferred_username": "10001", "name": "10001", "employee_number": number}
    with pytest.raises(Forbidden) as refused:
        sides().subject(claims)
    assert refused.value.code == "subject.not_bound"
    assert "信息部门" in refused.value.zh
    assert "IT department" in refused.value.en


def test_a_number_that_does_not_fit_the_pattern_is_no_number() -> None:
    with pytest.raises(Forbidden, match=r"subject\.not_bound"):
        sides(ENTRA).subject({"extension_0a1b_employeeNumber": "204"})


def changed(**person: Any) -> str:  # noqa: ANN401 - any data
    shipped: dict[str, Any] = {"person": {"number": "employee_number"}, "machine": {"client": "client_id"}}
    return json.dumps({**shipped, "person": {**shipped["person"], **person}})


WRONG = [
    *((changed(number=claim), "person.number") for claim in (
        "name", "preferred_username", "nickname", "given_name", "family_name", "unique_name", "email", "upn",
        "client_id", "azp", "appid", "clientId", "user.name", '"https://sso.example/claims/name"', "phone_number",
        "employee_number || sub", "*", "values(@)[0]", "", "a..b",
    )),
    (changed(pattern="("), "person.pattern"),
    (changed(roles=[{"claim": "a[", "values": {}}]), "person.roles.0.claim"),
    (changed(roles=[{"claim": "a", "values": {"x": "administrator"}}]), "person.roles.0.values.x"),
    (changed(roles=[{"claim": "a", "values": {"x": "Administrator@*"}}]), "person.roles.0.values.x"),
    (changed(roles=[{"claim": "a", "patterns": {"(": "auditor@*"}}]), "person.roles.0.patterns"),
    (changed(roles=[{"claim": "a", "patterns": {"b:(?P<org>.+)": "auditor@{ogr}"}}]), "person.roles.0.patterns"),
    (changed(roles=[{"claim": "a", "patterns": {"b:(?P<org>.+)": "auditor@{org.x}"}}]), "person.roles.0.patterns"),
    (changed(roles=[{"claim": "a", "patterns": {"b:(.+)": "auditor@{0}"}}]), "person.roles.0.patterns"),
    (changed(rolls=[]), "person.rolls"),
    ("{", ""),
    ("[]", ""),
    ("machine: {client: azp}", "person"),
    ("person: {number: employee_number}", "machine"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place"), WRONG)
def test_a_wrong_mapping_is_refused_with_its_place_before_anybody_asks(text: str, place: str) -> None:
    with pytest.raises(Misconfigured, match=f"^BRANDMATRIX_AUTH_CLAIMS: {place}"):
        sides(text)


def test_the_mapping_is_read_from_the_file_that_the_setting_names(tmp_path: Any) -> None:  # noqa: ANN401 - of pytest
    (tmp_path / "claims.yaml").write_text(ENTRA, encoding="utf-8")
    environ = {"BRANDMATRIX_AUTH_CLAIMS_FILE": str(tmp_path / "claims.yaml")}
    assert Sides.of(Settings.of("review", environ)) == sides(ENTRA)
    assert yaml.safe_load(ENTRA)["person"]["number"] == sides(ENTRA).person.number


MANUAL = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8").partition("## Sign-on")[2]
WORKED: list[tuple[dict[str, Any], dict[str, Any], tuple[str, set[str]]]] = [
    (
        {
            "employee_number": "E7",
            "realm_access": {"roles": ["bm-auditor"]},
            "groups": ["/brand-matrix/secretariat/c-2"],
        },
        {"client_id": "hr", "scope": "profile hr.feed"},
        ("E7", {"auditor@*", "party_work_department@c-2"}),
    ),
    (
        {"extension_5f2c0a_employeeNumber": "CN-0042", "azp": "portal", "roles": ["Auditor", "WorkDepartment.c-2"]},
        {"idtyp": "app", "azp": "hr", "roles": ["Hr.Feed", "Administrator"]},
        ("0042", {"auditor@*", "party_work_department@c-2"}),
    ),
    (
        {"employee_number": "7", "client_id": "portal", "https://sso.example/claims/roles": ["bm:auditor:*"]},
        {"sub": "hr", "client_id": "hr", "scope": "hr.feed"},
        ("7", {"auditor@*"}),
    ),
]


@pytest.mark.parametrize(("number", "name"), list(enumerate(["Keycloak", "Entra", "plain"])))
def test_the_worked_mappings_of_the_manual_do_what_it_says(number: int, name: str) -> None:
    mapping = re.findall(r"```yaml\n(.*?)```", MANUAL, re.DOTALL)[number]
    person, machine, (who, roles) = WORKED[number]
    assert sides(mapping).subject({"sub": "s-1", **person}) == (who, frozenset(roles)), name
    assert sides(mapping).subject({"sub": "s-2", **machine}) == ("client:hr", frozenset({"hr_system@*"})), name
