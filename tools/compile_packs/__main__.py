"""`python -m tools.compile_packs`: write every compiled table, one line of output each."""

from __future__ import annotations

from tools.compile_packs.rows import write_factors
from tools.compile_packs.tables import factor_tables
from tools.compile_packs.zones import write_zones


def main() -> None:
    """Write the factors of every pack and the zones."""
    for pack, rows in factor_tables().items():
        write_factors(pack, rows)
        print(f"factors/{pack}: {len(rows)} rows")
    print(f"places/high_tech_zones: {write_zones()} rows")


if __name__ == "__main__":
    main()
