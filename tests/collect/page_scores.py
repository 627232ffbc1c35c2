"""How completely and correctly the reader reads pages that a person has annotated: counted, and written into the guide.

``python -m tests.collect.page_scores`` measures again and writes the table of ``docs/guides/read_page.md``.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from greenpark.collect.pages import page_text, read_page
from greenpark.model.pages import PageFigure
from tests.collect.page_vocabulary import vocabulary

REPO = Path(__file__).resolve().parents[2]
GUIDE = REPO / "docs" / "guides" / "read_page.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
ASPECTS = ("quantity", "period", "scope", "kind")
PRESS = "press_2023_12_15_as_found"


@dataclass(frozen=True)
class Annotated:
    """A figure as a careful reader annotated it; a period that the page does not state is null."""

    quantity: str
    value: float
    unit: str
    period: str | None
    scope: str
    kind: str


@dataclass(frozen=True)
class Score:
    """Figures annotated, read and matched (same value and unit) on one page, and matched ones that agree by aspect."""

    page: str
    annotated: int
    read: int
    matched: int
    agree: dict[str, int]
    missed: tuple[Annotated, ...]
    extra: tuple[PageFigure, ...]

    @property
    def recall(self) -> float:
        return self.matched / self.annotated

    @property
    def precision(self) -> float:
        return self.matched / self.read


def annotations(folder: Path) -> dict[str, list[Annotated]]:
    """The annotated figures by page."""
    pages: dict[str, list[Annotated]] = {}
    with (folder / "annotations.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            # "to 2023" names the date up to which a stock was counted by the annotator, not a period on the page.
            period = None if row["period"] in {"not stated", "to 2023"} else row["period"].removeprefix("to ")
            pages.setdefault(row["page"], []).append(
                Annotated(
                    row["quantity"], float(row["value"]), row["unit_as_on_page"], period, row["scope"], row["kind"]
                )
            )
    press = [
        *pages["s1_miit_2023"],
        Annotated("eco_industrial_parks", 14, "家", None, "national high-tech zones", "count"),
    ]
    return pages | {PRESS: press}


def score(folder: Path, page: str) -> Score:
    """The score of one page."""
    left = list(annotations(folder)[page])
    total = len(left)
    figures = read_page(page_text(folder / f"{page}.txt"), vocabulary())
    agree: Counter[str] = Counter()
    extra = []
    for figure in figures:
        fitting = [one for one in left if (one.value, one.unit) == (figure.value, figure.unit)]
        if not fitting:
            extra.append(figure)
            continue
        best = max(fitting, key=lambda one: sum(getattr(one, aspect) == getattr(figure, aspect) for aspect in ASPECTS))
        left.remove(best)
        agree.update(aspect for aspect in ASPECTS if getattr(best, aspect) == getattr(figure, aspect))
    matched = len(figures) - len(extra)
    return Score(
        page, total, len(figures), matched, {aspect: agree[aspect] for aspect in ASPECTS}, tuple(left), tuple(extra)
    )


def scores(folder: Path) -> list[Score]:
    """The scores of all annotated pages."""
    return [score(folder, page) for page in sorted(annotations(folder))]


def table(measured: list[Score]) -> str:
    """The table of the guide."""
    lines = [
        "| 页面 page | 标注 annotated | 读出 read | 相符 matched | 召回率 recall | 精确率 precision "
        "| 指标 quantity | 时期 period | 范围 scope | 类别 kind |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for one in measured:
        agreed = " | ".join(f"{one.agree[aspect]}/{one.matched}" for aspect in ASPECTS)
        lines.append(
            f"| {one.page} | {one.annotated} | {one.read} | {one.matched} | {one.recall:.1%} | {one.precision:.1%} | {agreed} |"
        )
    return "\n".join(lines)


def written_table() -> str:
    """The table as it stands in the guide."""
    return GUIDE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip()


def write_table(measured: list[Score]) -> None:
    """Put the measured table into the guide."""
    before, _, rest = GUIDE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    GUIDE.write_text(f"{before}{BEGIN}\n\n{table(measured)}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    found = scores(REPO.parent / "shared" / "data" / "published_pages")
    write_table(found)
    print(table(found))
    for each in found:
        for annotated in each.missed:
            print("missed", each.page, annotated)
        for read in each.extra:
            print("extra", each.page, read.as_json())
