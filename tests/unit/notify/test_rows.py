"""A row says what should stand in an office system and what does; nothing old wins, nobody keeps what is not theirs."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.kernel.errors import Refused
from services.notify.events.consumed import State
from services.notify.inbox.store import TodoRow
from services.notify.office.channels.oa_vendors.feishu import FeishuSettings
from services.notify.office.model import delivery as moves
from services.notify.office.model.delivery import ChannelDelivery, Step, differences

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def todo(version: int, state: State = "open", title: str = "审核") -> TodoRow:
    return TodoRow(
        id="r1:check:1:1001", version=version, person="1001", state=state, review="r1", brand="b", owner="o",
        name="三心", step="check", round=1, title=title, title_en="Check", since=NOW, due=None,
    )  # fmt: skip


def published(row: ChannelDelivery | None, version: int, state: State = "open", title: str = "审核") -> ChannelDelivery:
    return moves.want(row, "weaver", todo(version, state, title), version, NOW)[0]


def sent(row: ChannelDelivery, receiver: str = "1001") -> ChannelDelivery:
    taken, _ = moves.reserve(row, receiver, NOW)
    return moves.pushed(taken, taken, receiver, NOW)[0]


def test_what_is_told_again_without_a_visible_change_is_not_sent_again() -> None:
    row = sent(published(None, 1))
    assert published(row, 2).settled
    assert not published(row, 2, title="另一标题").settled
    assert published(published(row, 3, "done"), 2) == published(row, 3, "done")


def test_a_refusal_of_what_nobody_wants_any_more_is_forgotten() -> None:
    first, _ = moves.reserve(published(None, 1), "1001", NOW)
    later = published(first, 2, "done")
    assert moves.refused(first, first, "unknown", NOW)[0].failed
    again, _ = moves.refused(later, first, "unknown", NOW)
    assert (again.failed, again.next_at) == (False, NOW)


def test_numbers_only_grow_and_nothing_is_reserved_for_what_is_settled() -> None:
    row = published(None, 1)
    numbers = []
    for clock in (NOW, NOW, NOW - timedelta(hours=1), NOW + timedelta(seconds=1)):
        row, _ = moves.reserve(row, "1001", clock)
        numbers.append(row.seq)
    assert numbers == sorted(set(numbers))
    with pytest.raises(Refused):
        moves.reserve(sent(published(None, 1)), "1001", NOW)


@pytest.mark.parametrize(
    ("wanted", "holders", "expected"),
    [
        ("open", (), [Step(operation="upsert", receiver="new")]),
        ("open", ("new",), [Step(operation="upsert", receiver="new")]),
        ("open", ("old", "new"), [Step(operation="reassign", receiver="old", to="new")]),
        (
            "open",
            ("a", "old"),
            [Step(operation="withdraw", receiver="a"), Step(operation="reassign", receiver="old", to="new")],
        ),
        ("done", (), [Step(operation="complete", receiver="new")]),
        ("done", ("old",), [Step(operation="complete", receiver="old")]),
        (
            "done",
            ("old", "new"),
            [Step(operation="withdraw", receiver="old"), Step(operation="complete", receiver="new")],
        ),
        ("withdrawn", ("old",), [Step(operation="withdraw", receiver="old")]),
    ],
)
def test_the_steps_leave_the_to_do_with_its_receiver_and_nobody_else(
    wanted: State, holders: tuple[str, ...], expected: list[Step]
) -> None:
    assert moves.steps(published(None, 1, wanted).becomes(holders=holders), "new") == expected


def test_a_lost_answer_is_not_a_forgotten_receiver() -> None:
    first, _ = moves.reserve(published(None, 1), "old", NOW)
    second, _ = moves.reserve(first, "new", NOW)
    assert second.holders == ("old", "new")


def test_a_comparison_leaves_alone_what_moved_meanwhile() -> None:
    row = sent(published(None, 1))
    before, after = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)
    assert differences({row.todo: row}, [], str, after).missing == [row]
    assert differences({row.todo: row}, [], str, before).missing == []
    assert differences({row.todo: published(row, 2, "done")}, [(row.todo, "1001")], str, after).surplus == []
    assert differences({row.todo: row}, [(row.todo, "1001"), ("x", "2")], str, after).surplus == [("x", "2")]


def test_the_documented_limits_of_feishu_are_kept_with_a_fifth_to_spare() -> None:
    settings = FeishuSettings(name="f", base_url="http://x", kind="feishu_approval", app_id="a")
    assert settings.rate == pytest.approx(0.8 * 1000 / 60)
