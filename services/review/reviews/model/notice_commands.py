"""Moves of the step of a public notice, by which it goes from state to state and objections are dealt with."""

from datetime import date
from typing import Literal

from services.review.shared.public_notice.notice import Question
from services.review.shared.text_types import Action, Line, Words


class ExamineNotice(Action):
    """One question of the notice's review is answered: whether it may be published as far as this goes."""

    kind: Literal["examine_notice"] = "examine_notice"
    question: Question
    passed: bool
    comment: Words | None = None


class ApproveNotice(Action):
    """Somebody who did not review the notice approves its publication."""

    kind: Literal["approve_notice"] = "approve_notice"
    comment: Words | None = None


class PublishNotice(Action):
    """It was put up; the period begins the day after. ``published_on`` None = today."""

    kind: Literal["publish_notice"] = "publish_notice"
    where: Line
    published_on: date | None = None


class RaiseObjection(Action):
    """An objection was received; ``raised_by`` None = anonymous, ``received_on`` None = today."""

    kind: Literal["raise_objection"] = "raise_objection"
    text: Words
    raised_by: Line | None = None
    received_on: date | None = None


class DecideObjection(Action):
    """An objection is upheld or not; ``reply`` is what whoever raised it was told."""

    kind: Literal["decide_objection"] = "decide_objection"
    objection: int
    upheld: bool
    reason: Words
    reply: Words | None = None
