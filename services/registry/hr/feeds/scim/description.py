"""What this SCIM server says of itself: only the attributes that HR's records need, and how much it tolerates.

Telephone numbers, addresses, pictures and passwords are neither announced nor kept; a client that sends them all the
same is not refused, for most identity systems do so by default and cannot leave them out.
"""

from functools import cache
from typing import Final

from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    ETag,
    External,
    Filter,
    Patch,
    Reference,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
)
from scim2_server.utils import load_default_resource_types, load_default_schemas

USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
ATTRIBUTES: Final = {
    "userName", "name", "displayName", "nickName", "title", "userType", "preferredLanguage", "locale", "timezone",
    "active", "emails",
}  # fmt: skip
MOST_BYTES: Final = 900_000
"""Of a bulk request; below what any request may have here."""

CONFIG: Final = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=True, max_operations=500, max_payload_size=MOST_BYTES),
    filter=Filter(supported=True, max_results=1000),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="bearer_token",
            description="OAuth 2.0 bearer token with the role hr_system@* or administrator@*",
            spec_uri=Reference[External]("https://datatracker.ietf.org/doc/html/rfc6750"),
            primary=True,
        )
    ],
)

POLICY: Final = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""The departures from the RFC that widely used identity systems are known for."""


@cache
def provider() -> ScimProvider:
    """Users with the enterprise extension, and groups; its models are made once, for making them is slow."""
    schemas = load_default_schemas()
    user = schemas[USER]
    user.attributes = [one for one in user.attributes or () if one.name in ATTRIBUTES]
    return ScimProvider.from_discovery(
        schemas.values(), load_default_resource_types().values(), config=CONFIG, policy=POLICY
    )
