"""Benchmarks: each module `bench_*.py` offers `targets()`, a list with one dictionary per speed target."""
