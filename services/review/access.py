"""Which roles count here, and for which organisations a caller holds them."""

from infra.web.auth import Principal

OFFICE = "party_work_department"


def scopes(user: Principal, *roles: str) -> set[str]:
    """The organisations that a caller holds one of these roles for; ``*`` stands for all."""
    held = (name.partition("@") for name in user.roles)
    return {scope for role, _, scope in held if role in roles and scope}
