"""What stands above a command that ends with 1, and moments as people read them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from greenpark.cli.commands import build
from greenpark.cli.ending import decline
from greenpark.model.job import Job
from greenpark.model.text import Text
from greenpark.model.time import local_text

AT = datetime(2026, 2, 28, 20, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("message", "heading"),
    [
        ("cli.peers.none", "There is no answer:"),
        ("cli.explain.not_released", "Not given out (confidential):"),
        ("cli.peers.whose", "The command needs more:"),
        ("cli.busy", "The input or a pack was refused:"),
    ],
)
def test_an_answer_that_does_not_exist_or_is_confidential_is_no_refusal_of_the_input(
    message: str, heading: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        decline(message, "en", least=3, reference="R-1", path="x")
    assert ended.value.code == 1
    assert capsys.readouterr().err.splitlines()[0] == heading


def test_a_pack_that_is_wrong_is_still_refused_as_such(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text("id: x\ntitle: nothing\n", encoding="utf-8")
    done = CliRunner().invoke(build("zh"), ["run", str(tmp_path / "job.yaml"), "--workspace", str(tmp_path / "w")])
    assert done.exit_code == 1
    assert "输入或知识包被拒绝" in done.stderr


def test_moments_are_those_of_the_clock_of_the_job_with_their_offset() -> None:
    # 20:30 UTC on the last of February is 04:30 in Beijing on the first of March; Newfoundland is 3.5 hours behind UTC: 17:00.
    assert local_text(AT, 8) == "2026-03-01 04:30 +08:00"
    assert local_text(AT, -3.5, seconds=True) == "2026-02-28 17:00:05 -03:30"
    assert Job(id="x", title=Text(zh="x", en="x"), inputs=()).utc_offset_hours == 8
