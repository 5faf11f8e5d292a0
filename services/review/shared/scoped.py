"""From roles with a scope to the people that they mean around one organisation on one day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from services.review.shared.role_holders import people
from services.review.shared.roster import Organisation, OrganisationContext, Person, belonging, below, holding
from services.review.shared.scope import Scope


def reach(
    organisations: Iterable[Organisation], place: OrganisationContext, scopes: Iterable[Scope], day: date
) -> dict[Scope, tuple[str, ...]]:
    """The organisations that each scope takes in; members are always counted with what is below."""
    tree = {organisation.id: organisation for organisation in organisations}
    named = {"owner": place.owner, "superior": place.superior, "committee": place.committee}
    found = {}
    for scope in scopes:
        root = named.get(scope.at, scope.at)
        wide = scope.below or bool(scope.members)
        known = root is not None and root in tree
        found[scope] = (below(tree, root, day) if wide else (root,)) if root is not None and known else ()
    return found


def bodies(
    reaches: Mapping[Scope, tuple[str, ...]], persons: Sequence[Person], day: date
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Who is meant by each scope, by its label; ordered, so that equal bodies are equal."""
    found = {}
    for scope, places in reaches.items():
        root = places if scope.below else places[:1]
        found[scope.label] = people(
            (*holding(persons, root, scope.posts, day), *belonging(persons, places, scope.members, day))
        )
    return tuple(sorted(found.items()))
