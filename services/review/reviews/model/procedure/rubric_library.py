"""The library of rubrics: published versions that never change; a procedure copies one in, so nothing reaches back."""

from pydantic import ConfigDict

from infra.kernel.aggregate import Aggregate, Decision
from infra.kernel.errors import NotFound
from services.review.shared.scoring.rubric import Rubric


class PublishedRubric(Aggregate):
    """A rubric with all its versions."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    versions: tuple[Rubric, ...] = ()

    @property
    def newest(self) -> Rubric:
        """The version to copy."""
        return self.versions[-1]

    def numbered(self, number: int) -> Rubric:
        """One version; raises ``NotFound``."""
        if not 1 <= number <= len(self.versions):
            raise NotFound("rubric.no_version", zh=f"没有第 {number} 版。", en=f"There is no version {number}.")
        return self.versions[number - 1]

    def answer(self) -> dict[str, object]:
        """The number of the version just published."""
        return {"number": self.newest.number}


def publish(before: PublishedRubric | None, rubric: Rubric) -> Decision[PublishedRubric]:
    """Add a version, numbered after the newest."""
    versions = before.versions if before else ()
    numbered = rubric.becomes(number=len(versions) + 1)
    return (before or PublishedRubric(id=rubric.id)).becomes(versions=(*versions, numbered)), []
