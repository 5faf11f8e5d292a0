"""What is asked of standings."""

from infra.storage.mongo import ASCENDING, IndexModel, Mongo
from infra.storage.store import Store
from services.review.standings.model.standing import Standing


class Standings(Store[Standing]):
    """The standings, one for each brand that was ever approved."""

    def __init__(self, mongo: Mongo) -> None:
        fields = {"owner": ["owner"], "committee": ["committee", "state"], "level": ["level"], "due": ["due_at"]}
        indexes = [IndexModel([(one, ASCENDING) for one in keys], name=name) for name, keys in fields.items()]
        super().__init__(mongo, "standings", Standing, indexes)
