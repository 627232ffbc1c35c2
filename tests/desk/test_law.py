"""The law of submissions: which step may follow which, who may take it, and what counts when."""

from __future__ import annotations

import itertools
import struct
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from greenpark.catalog import Packs, load_messages
from greenpark.desk.books import chain, comments, events, history, sign_off
from greenpark.desk.errors import DeskError
from greenpark.desk.law import NEXT, move, same_person
from greenpark.desk.review import accept_submission, lock_submission, read_comment, return_submission
from greenpark.engine.errors import StoreError
from greenpark.engine.originals import kept_original
from greenpark.engine.provenance import hash_file
from greenpark.engine.register.handed_in import findings_of, sign_offs
from greenpark.engine.signed_rows import check_signed_rows
from greenpark.engine.store import Store
from greenpark.model.submission import CellComment
from tests.collect.conftest import code
from tests.desk.made_books import book, coal, handed_in, moment

STATES = tuple(NEXT)


def brought_to(store: Store, batch: str, state: str) -> None:
    """Take a submitted batch to a state by lawful steps."""
    steps = {"submitted": (), "returned": ("returned",), "accepted": ("accepted",), "locked": ("accepted", "locked")}
    for step in steps[state]:
        move(store.register, batch, step, "赵六", moment())


def said_in_both_languages(error: DeskError) -> bool:
    messages = load_messages()
    return all(
        messages.say(name, language, **error.values)
        for name in (error.message, f"{error.message}.fix")
        for language in ("zh", "en")
    )


@pytest.mark.parametrize(("state", "to"), list(itertools.product(STATES, STATES[1:])))
def test_only_lawful_steps_are_taken_and_each_refusal_says_what_to_do(
    tmp_path: Path, store: Store, packs: Packs, state: str, to: str
) -> None:
    file = book(tmp_path / "a.xlsx", [coal(1, 100)])
    batch = handed_in(store, packs, file, draft=state == "draft").sign_off.batch
    if state != "draft":
        brought_to(store, batch, state)
    if to in NEXT[state]:  # type: ignore[index]
        move(store.register, batch, to, "赵六", moment())  # type: ignore[arg-type]
        assert sign_off(store.register, batch).state == to
    else:
        with pytest.raises(DeskError) as refused:
            move(store.register, batch, to, "赵六", moment())  # type: ignore[arg-type]
        assert said_in_both_languages(refused.value)
        assert sign_off(store.register, batch).state == state


def test_a_submission_carries_names_date_file_form_and_counts_once_accepted(
    tmp_path: Path, store: Store, packs: Packs
) -> None:
    file = book(tmp_path / "三月.xlsx", [coal(1, 100)])
    receipt = handed_in(store, packs, file)
    signed = receipt.sign_off
    assert (signed.filled_by, signed.checked_by, signed.responsible) == ("张三", "李四", "王五")
    assert (signed.entity, signed.entity_name, signed.period, signed.state) == (
        code(1),
        "1号厂",
        "2025-03",
        "submitted",
    )
    assert signed.file_sha256 == hash_file(file)
    assert (signed.form, signed.form_version) == ("park_annual", packs.forms["park_annual"].head.version)
    assert signed.legal_basis == packs.forms["park_annual"].legal_basis
    assert store.accepted() == ()
    accept_submission(store, signed.batch, "赵六", moment())
    assert [batch.id for batch in store.accepted()] == [signed.batch]
    assert store.accepted(moment(-1)) == ()
    assert sign_off(store.register, signed.batch).accepted_by == "赵六"


def test_the_file_as_handed_in_is_kept_byte_by_byte(tmp_path: Path, store: Store, packs: Packs) -> None:
    file = book(tmp_path / "a.xlsx", [coal(1, 100)])
    content = file.read_bytes()
    signed = handed_in(store, packs, file).sign_off
    file.write_bytes(b"overwritten")
    assert kept_original(store.workspace, signed.file, signed.file_sha256).read_bytes() == content


def test_the_same_file_again_is_the_same_batch(tmp_path: Path, store: Store, packs: Packs) -> None:
    file = book(tmp_path / "a.xlsx", [coal(1, 100)])
    first, second = handed_in(store, packs, file), handed_in(store, packs, file)
    assert (first.known, second.known) == (False, True)
    assert first.sign_off == second.sign_off
    assert len(events(store.register, first.sign_off.batch)) == 1


def test_names_that_must_sign_are_asked_for_unless_it_is_a_draft(tmp_path: Path, store: Store, packs: Packs) -> None:
    file = book(tmp_path / "a.xlsx", [coal(1, 100)])
    with pytest.raises(DeskError) as refused:
        handed_in(store, packs, file, checked_by=" ", responsible="")
    assert refused.value.message == "desk.names_missing"
    assert "--checked-by, --responsible" in str(refused.value.values["names"])
    draft = handed_in(store, packs, file, checked_by="", responsible="", draft=True).sign_off
    assert draft.state == "draft"
    signed = handed_in(store, packs, file).sign_off
    assert (signed.batch, signed.state, signed.responsible) == (draft.batch, "submitted", "王五")
    assert [each.state for each in events(store.register, signed.batch)] == ["draft", "submitted"]


def test_another_file_replaces_a_draft_without_a_reason(tmp_path: Path, store: Store, packs: Packs) -> None:
    draft = handed_in(store, packs, book(tmp_path / "a.xlsx", [coal(1, 100)]), draft=True).sign_off
    signed = handed_in(store, packs, book(tmp_path / "b.xlsx", [coal(1, 110)])).sign_off
    assert (signed.supersedes, signed.reason, signed.number) == (draft.batch, "desk.replaces_draft", 2)


def test_errors_are_refused_and_kept_with_the_reason_when_they_must_go_in(
    tmp_path: Path, store: Store, packs: Packs
) -> None:
    file = book(tmp_path / "a.xlsx", [coal(1, 100), (code(1), "2025-03", "电力", "斤两", 5, 5)])
    with pytest.raises(DeskError) as refused:
        handed_in(store, packs, file)
    assert refused.value.message == "desk.errors_stand"
    assert sign_offs(store.register) == ()
    assert not store.workspace.originals.exists()
    receipt = handed_in(store, packs, file, exception="电表已拆，无法补报")
    assert receipt.sign_off.exception == "电表已拆，无法补报"
    kept = findings_of(store.register, [receipt.sign_off.batch])
    assert [finding for _, finding, rejected in kept if not rejected] == list(receipt.read.findings)
    assert sum(rejected for _, _, rejected in kept) == receipt.read.collected.cells.rejected == 2


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ([coal(1, 5), coal(2, 7)], "other_entity"),
        ([coal(1, 5), coal(1, 7, "2025-04")], "other_period"),
    ],
)
def test_rows_of_another_entity_or_period_are_errors_at_their_cells(
    tmp_path: Path, store: Store, packs: Packs, rows: list[tuple[object, ...]], rule: str
) -> None:
    file = book(tmp_path / "a.xlsx", rows, units=(1, 2))
    receipt = handed_in(store, packs, file, exception="x")
    found = [finding for finding in receipt.read.findings if finding.rule == rule]
    assert {finding.place.cell for finding in found} == {"E3", "F3"}
    assert {finding.severity for finding in found} == {"error"}


def test_a_park_hands_in_for_the_units_that_it_registers(tmp_path: Path, store: Store, packs: Packs) -> None:
    file = book(tmp_path / "a.xlsx", [coal(1, 5), coal(2, 7)], units=(1, 2))
    receipt = handed_in(store, packs, file, entity="PARK")
    assert receipt.sign_off.entity_name == "示范园区"
    assert receipt.read.errors == 0


# ---------------------------------------------------------------- corrections
def test_a_second_file_for_the_same_is_a_correction_with_a_reason_and_its_differences(
    tmp_path: Path, store: Store, packs: Packs
) -> None:
    first = handed_in(store, packs, book(tmp_path / "a.xlsx", [coal(1, 100)])).sign_off
    second = book(tmp_path / "b.xlsx", [coal(1, 110)])
    for message, more in (
        ("desk.handed_in_already", {}),
        ("desk.reason_missing", {"corrects": first.batch, "reason": " "}),
        ("desk.corrects_other", {"corrects": "0" * 16, "reason": "x"}),
    ):
        with pytest.raises(DeskError) as refused:
            handed_in(store, packs, second, **more)
        assert refused.value.message == message
        assert said_in_both_languages(refused.value)
    receipt = handed_in(store, packs, second, corrects=first.batch, reason="按发票更正")
    assert [(each.old, each.new, each.difference) for each in receipt.changes] == [(100.0, 110.0, 10.0)] * 2
    assert {str(each.new_place) for each in receipt.changes} == {"b.xlsx!能源!E2", "b.xlsx!能源!F2"}


def test_a_returned_batch_in_between_does_not_make_the_first_count_beside_the_last(
    tmp_path: Path, store: Store, packs: Packs
) -> None:
    batches: list[str] = []
    for number, amount in enumerate((100, 110, 120)):
        more = {"corrects": batches[-1], "reason": "更正"} if batches else {}
        file = book(tmp_path / f"{number}.xlsx", [coal(1, amount)])
        batches.append(handed_in(store, packs, file, **more).sign_off.batch)
        if number == 1:
            return_submission(store, batches[-1], "赵六", [CellComment(text="不对")], moment(number))
        else:
            accept_submission(store, batches[-1], "赵六", moment(number))
    assert [batch.id for batch in store.accepted()] == [batches[2]]
    assert [batch.id for batch in store.accepted(moment(1.5))] == [batches[0]]
    assert [signed.number for signed, _, _ in history(store.register, batches[0])] == [1, 2, 3]


def test_a_locked_batch_is_corrected_only_for_a_reason_that_names_the_lock(
    tmp_path: Path, store: Store, packs: Packs
) -> None:
    first = handed_in(store, packs, book(tmp_path / "a.xlsx", [coal(1, 100)])).sign_off.batch
    accept_submission(store, first, "赵六", moment())
    lock_submission(store, first, "赵六", moment(1))
    second = book(tmp_path / "b.xlsx", [coal(1, 110)])
    with pytest.raises(DeskError) as refused:
        handed_in(store, packs, second, corrects=first, reason="审计调整")
    assert refused.value.message == "desk.locked"
    receipt = handed_in(store, packs, second, corrects=first, reason="审计调整", although_locked=True)
    accept_submission(store, receipt.sign_off.batch, "赵六", moment(2))
    assert [batch.id for batch in store.accepted()] == [receipt.sign_off.batch]
    assert store.engine.to_arrow(store.read("observations", [first])).column("value").to_pylist() == [100.0, 100.0]


def test_what_was_corrected_is_no_longer_reviewed(tmp_path: Path, store: Store, packs: Packs) -> None:
    first = handed_in(store, packs, book(tmp_path / "a.xlsx", [coal(1, 100)])).sign_off.batch
    second = handed_in(store, packs, book(tmp_path / "b.xlsx", [coal(1, 110)]), corrects=first, reason="更正")
    with pytest.raises(DeskError) as refused:
        accept_submission(store, first, "赵六", moment())
    assert refused.value.values["by"] == second.sign_off.batch


# ---------------------------------------------------------------- the park's estimates
def test_an_estimate_of_the_park_is_marked_and_gives_way_to_the_enterprise(
    tmp_path: Path, store: Store, packs: Packs
) -> None:
    guess = book(tmp_path / "guess.xlsx", [coal(1, 90)])
    park = {"origin": "park", "filled_by": "园区 钱七", "checked_by": "", "responsible": ""}
    with pytest.raises(DeskError):
        handed_in(store, packs, guess, **park)
    estimate = handed_in(store, packs, guess, method="上年同月", **park).sign_off
    assert (estimate.origin, estimate.responsible, estimate.method) == ("park", "", "上年同月")
    rows = store.engine.to_arrow(store.read("observations", [estimate.batch]))
    assert set(rows.column("status").to_pylist()) == {"estimated"}
    accept_submission(store, estimate.batch, "赵六", moment())
    own = handed_in(store, packs, book(tmp_path / "own.xlsx", [coal(1, 100)])).sign_off
    assert (own.supersedes, own.reason) == (estimate.batch, "desk.replaces_estimate")
    accept_submission(store, own.batch, "赵六", moment(1))
    assert [batch.id for batch in store.accepted()] == [own.batch]
    with pytest.raises(DeskError) as refused:
        handed_in(store, packs, book(tmp_path / "g2.xlsx", [coal(1, 95)]), method="x", **park)
    assert refused.value.message == "desk.enterprise_reported"


# ---------------------------------------------------------------- people
def test_whoever_filled_it_in_cannot_accept_it(tmp_path: Path, store: Store, packs: Packs) -> None:
    batch = handed_in(store, packs, book(tmp_path / "a.xlsx", [coal(1, 100)]), filled_by="Ａnn Li").sign_off.batch
    with pytest.raises(DeskError) as refused:
        accept_submission(store, batch, " ann  LI", moment())
    assert refused.value.message == "desk.same_person"
    accept_submission(store, batch, "赵六", moment())
    assert not same_person("", "")


@pytest.mark.parametrize("where", ["store", "shared_store"])
def test_of_two_reviewers_at_once_one_wins_and_the_other_is_told(
    tmp_path: Path, packs: Packs, where: str, request: pytest.FixtureRequest
) -> None:
    opened: Store = request.getfixturevalue(where)
    for number in range(4):
        batch = handed_in(
            opened, packs, book(tmp_path / f"{number}.xlsx", [coal(number, 1)], [number]), entity=code(number)
        ).sign_off.batch
        start, won, told = threading.Barrier(4), [], []

        def review(name: str, to: str, batch: str = batch, start: threading.Barrier = start) -> None:
            start.wait()
            try:
                move(opened.register, batch, to, name, moment())  # type: ignore[arg-type]
                won.append(to)  # noqa: B023 - joined before the next round
            except DeskError as error:
                told.append(error)  # noqa: B023

        people = [("赵六", "accepted"), ("钱七", "returned"), ("孙八", "accepted"), ("周九", "returned")]
        threads = [threading.Thread(target=review, args=each) for each in people]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert len(won) == 1
        assert sign_off(opened.register, batch).state == won[0]
        assert [event.state for event in events(opened.register, batch)] == ["submitted", won[0]]
        assert all(said_in_both_languages(each) for each in told)


# ---------------------------------------------------------------- comments
@pytest.mark.parametrize(
    ("text", "sheet", "cell", "said"),
    [
        ("能源!E2: 与发票不符", "能源", "E2", "与发票不符"),
        ("'能源 Energy'!e12：偏大", "能源 Energy", "E12", "偏大"),
        ("C3: too large", "", "C3", "too large"),
        ("全表请补二月", "", "", "全表请补二月"),
    ],
)
def test_comments_are_read_with_their_cells(text: str, sheet: str, cell: str, said: str) -> None:
    read = read_comment(text)
    assert (read.sheet, read.cell, read.text) == (sheet, cell, said)


@pytest.mark.parametrize("text", ["", "  ", "能源!第二行: 与发票不符"])
def test_a_comment_whose_place_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(DeskError):
        read_comment(text)


def test_the_enterprise_gets_its_own_file_back_with_the_comments_at_the_cells(
    tmp_path: Path, store: Store, packs: Packs
) -> None:
    import openpyxl

    file = book(tmp_path / "a.xlsx", [coal(1, 100)])
    batch = handed_in(store, packs, file).sign_off.batch
    with pytest.raises(DeskError) as refused:
        return_submission(store, batch, "赵六", [CellComment(sheet="无此表", cell="E2", text="x")], moment())
    assert refused.value.message == "desk.comment_nowhere"
    assert sign_off(store.register, batch).state == "submitted"
    said = [CellComment(sheet="能源", cell="E2", text="与发票不符"), CellComment(text="请补天然气")]
    return_submission(store, batch, "赵六", said, moment(), tmp_path / "back.xlsx")
    back, sent = openpyxl.load_workbook(tmp_path / "back.xlsx"), openpyxl.load_workbook(file)
    assert "与发票不符" in back["能源"]["E2"].comment.text
    assert "请补天然气" in back.worksheets[0]["A1"].comment.text
    for sheet in sent.sheetnames:
        assert list(back[sheet].values) == list(sent[sheet].values)
    assert [(each.cell, each.by) for each in comments(store.register, batch)] == [("E2", "赵六"), ("", "赵六")]
    assert len(chain(store.register, code(1), "park_annual", "2025-03")) == 1


def test_a_newer_vintage_takes_the_place_of_an_older_one_without_being_a_correction(
    tmp_path: Path, store: Store, packs: Packs
) -> None:
    flash = handed_in(store, packs, book(tmp_path / "flash.xlsx", [coal(1, 90)]), vintage="flash").sign_off
    accept_submission(store, flash.batch, "赵六", moment())
    lock_submission(store, flash.batch, "赵六", moment(1))
    annual = handed_in(store, packs, book(tmp_path / "annual.xlsx", [coal(1, 95)]), vintage="annual").sign_off
    assert (annual.supersedes, annual.reason, annual.vintage) == (flash.batch, "desk.newer_vintage", "annual")
    with pytest.raises(DeskError) as refused:  # and never the other way round
        handed_in(store, packs, book(tmp_path / "late.xlsx", [coal(1, 91)]), vintage="flash")
    assert refused.value.message == "desk.handed_in_already"


def test_a_draft_signed_under_another_legal_basis_never_keeps_the_old_one(
    tmp_path: Path, store: Store, packs: Packs
) -> None:
    file = book(tmp_path / "a.xlsx", [coal(1, 100)])
    draft = handed_in(store, packs, file, draft=True).sign_off
    signed = handed_in(store, packs, file, basis="statistical_survey").sign_off
    assert (draft.legal_basis, signed.legal_basis) == ("voluntary", "statistical_survey")
    assert (signed.supersedes, signed.reason, signed.state) == (draft.batch, "desk.replaces_draft", "submitted")
    with pytest.raises(DeskError) as refused:  # of what is submitted the basis changes by a correction alone
        handed_in(store, packs, file, basis="voluntary")
    assert refused.value.message == "desk.handed_in_already"
    corrected = handed_in(store, packs, file, basis="voluntary", corrects=signed.batch, reason="不是统计调查").sign_off
    assert (corrected.legal_basis, corrected.number) == ("voluntary", 3)


def test_the_same_file_as_a_newer_vintage_is_a_revision_that_changes_nothing(
    tmp_path: Path, store: Store, packs: Packs
) -> None:
    file = book(tmp_path / "a.xlsx", [coal(1, 100)])
    flash = handed_in(store, packs, file, vintage="flash").sign_off
    final = handed_in(store, packs, file, vintage="final")
    assert not final.known
    assert (final.sign_off.supersedes, final.sign_off.vintage) == (flash.batch, "final")
    assert handed_in(store, packs, file).known  # what is not said contradicts nothing


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        ({"signed_on": date(2999, 1, 1)}, {"signed_later"}),
        ({"signed_on": date(2025, 3, 30)}, {"signed_before_end"}),
        ({"signed_on": date(2025, 3, 31)}, set()),
        ({"checked_by": "张 三"}, {"checked_by_oneself"}),
    ],
)
def test_odd_signatures_are_warned_of(
    tmp_path: Path, store: Store, packs: Packs, said: dict[str, Any], rules: set[str]
) -> None:
    read = handed_in(store, packs, book(tmp_path / "a.xlsx", [coal(1, 100)]), **said).read
    found = {each.rule for each in read.findings if each.stage == "desk" and each.severity == "warning"}
    assert found == rules


def test_rows_that_were_altered_after_they_were_signed_are_not_accounted(
    tmp_path: Path, store: Store, packs: Packs
) -> None:
    signed = handed_in(store, packs, book(tmp_path / "a.xlsx", [coal(1, 100)])).sign_off
    check_signed_rows(store, [signed.batch])
    (file,) = store.workspace.folder.glob("observations/*/*.parquet")
    was, size = struct.pack("<d", 100.0), file.stat().st_size
    assert was in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(was, struct.pack("<d", 10.0)))
    assert file.stat().st_size == size
    with pytest.raises(StoreError) as refused:
        check_signed_rows(store, [signed.batch])
    assert refused.value.message == "store.file_altered"
