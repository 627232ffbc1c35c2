"""Compiles the tables of factors and zones in `src/greenpark/packs` from the reference tables in `../shared/reference`.

Run by hand, `python -m tools.compile_packs`; the results are committed. What people write (pack.yaml, sources.yaml,
carriers.csv, areas.csv, methods.yaml) is not touched.
"""
