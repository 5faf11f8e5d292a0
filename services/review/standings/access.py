"""Who looks at a standing, and what they may do about it."""

from dataclasses import dataclass

from infra.web.auth import Principal
from services.review.access import OFFICE
from services.review.shared.role_holders import RoleHolders
from services.review.standings.model.standing import Standing


@dataclass(frozen=True)
class Viewer:
    """Who looks at, or decides about, a standing, and what they hold around it."""

    user: Principal
    standing: Standing
    holders: RoleHolders

    @property
    def office(self) -> bool:
        """Whether they are of the Party work department, by role or by post."""
        return self.user.has(OFFICE, self.standing.committee) or self.user.id in self.holders.work_department

    @property
    def inside(self) -> bool:
        """Whether they may see the particulars: offices, auditors, and who belongs to the branch or holds a post."""
        overseeing = any(self.user.has(role, self.standing.committee) for role in ("administrator", "auditor"))
        return self.office or overseeing or self.holders.holds_any(self.user.id)

    @property
    def branch(self) -> bool:
        """Whether they hold a post at the owner."""
        holders = self.holders
        return self.user.id in {*holders.secretaries, *holders.deputies, *holders.branch_committee}
