"""Cut the industrial plants of three states out of the agency's file: `python -m tools.compile_examples.us_plants SOURCE`.

SOURCE is "Annual emissions by plant" of the US Energy Information Administration for 2017, saved as CSV.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[2] / "examples" / "us_plants_2017" / "plants.csv"
STATES = ("GA", "LA", "MI")
SECTOR = "INDUSTRIAL"
COLUMNS = (
    "Plant Code",
    "Plant Name",
    "State",
    "Sector Group",
    "Prime Mover",
    "Fuel Code",
    "Total Fuel Consumption (MMBtu)",
    "Quantity of Fuel Consumed",
    "Fuel Units",
    "Metric Tonnes of CO2 Emissions",
)


def compile_plants(source: Path, target: Path) -> int:
    """Write the rows of the three states with the columns of the mapping; the number of rows comes back."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Sector Group"] == SECTOR and row["State"] in STATES]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


if __name__ == "__main__":
    print(compile_plants(Path(sys.argv[1]), TARGET))
