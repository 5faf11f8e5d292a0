"""What is said of a public notice, of whatever it is about: a review or a campaign."""

from datetime import date

from pydantic import Field

from infra.web.http import Body
from services.review.shared.public_notice.notice import Question
from services.review.shared.text_types import Line, Words


class Examination(Body):
    """The answer to one question of the review."""

    question: Question = Field(description="保密审查、必要性、准确性 / Which of the three questions")
    passed: bool = Field(description="是否通过 / Whether nothing stands against publishing")
    comment: Words | None = Field(default=None, description="说明；不通过必填 / Why; needed for a no")


class Approval(Body):
    """The approval of the publication."""

    comment: Words | None = Field(default=None, description="审批意见，可省略 / A comment, optional")


class Publication(Body):
    """Where and when it was put up."""

    where: Line = Field(description="公示地点、渠道 / Where", examples=["公司公告栏、内网党建专栏"])
    published_on: date | None = Field(default=None, description="公示日期，默认今天 / The day, today if not given")


class Objection(Body):
    """What somebody said against it, taken down by the work department."""

    text: Words = Field(description="异议内容 / The objection")
    raised_by: Line | None = Field(
        default=None,
        description="提出人及联系方式；省略为匿名 / Who raised it and how to reach them, if not anonymous",
    )
    received_on: date | None = Field(default=None, description="收到日期，默认今天 / Received on, today if not given")


class Finding(Body):
    """What was decided on an objection."""

    upheld: bool = Field(description="异议是否成立 / Whether it is upheld")
    reason: Words = Field(description="理由 / Why")
    reply: Words | None = Field(default=None, description="对提出人的答复；实名必填 / The answer; needed if named")
