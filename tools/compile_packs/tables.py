"""Which compiled factor pack comes from where."""

from __future__ import annotations

from tools.compile_packs import fuels_cn, fuels_ipcc, fuels_us, gwp, power_cn, process, standard_coal
from tools.compile_packs.rows import FactorRow


def factor_tables() -> dict[str, list[FactorRow]]:
    """The rows of every factor pack, by pack id."""
    return {
        **standard_coal.tables(),
        **fuels_cn.tables(),
        **fuels_ipcc.tables(),
        **fuels_us.tables(),
        **power_cn.tables(),
        **process.tables(),
        **gwp.tables(),
    }
