"""The two engines behind one door: DuckDB inside the process, or a Spark cluster."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from ibis import util

from greenpark.engine.schema import Expr, arrow_schema, conform_expr
from greenpark.model.tables import Table

Backend = Any  # Ibis ships no types
COMPRESSION = "zstd"
# Results are written once and read seldom: what takes less time to write is better there.
QUICK = "lz4"
# Distinct values of a row group up to which DuckDB looks for a dictionary: amounts have none, and looking costs time.
DICTIONARY = 2000
# What DuckDB holds in memory before it puts things on disk.
MEMORY = "2GB"
# What the program that drives a cluster may hold: who belongs to whom in a whole nation takes over 1 GB, Spark's own limit.
DRIVING = "4g"
_SPARK = "spark://"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def connect(
    engine: str = "duckdb", threads: int | None = None, memory_limit: str | None = None, temp: Path | None = None
) -> Backend:
    """An Ibis backend.

    Parameters
    ----------
    engine
        ``duckdb``, or ``spark://host:port`` of a running cluster (needs the extra ``greenpark[spark]``).
    threads
        Threads of DuckDB, cores of the cluster; None for all.
    memory_limit
        Like ``4GB``: of DuckDB, or of each executor of the cluster.
    temp
        Folder for what does not fit in memory; None for the system's.

    Raises
    ------
    ValueError
        When the engine is neither.
    """
    # Both engines merge nested selects themselves; that Ibis does it first takes a fifteenth of a small run.
    ibis.options.sql.fuse_selects = False
    if engine == "duckdb":
        return _connect_duckdb(threads, memory_limit, temp)
    if engine.startswith(_SPARK):
        return _connect_spark(engine, threads, memory_limit, temp)
    raise ValueError(f"unknown engine {engine!r}: duckdb or spark://host:port")


def _connect_duckdb(threads: int | None, memory_limit: str | None, temp: Path | None) -> Backend:
    settings: dict[str, Any] = {
        "threads": threads,
        "memory_limit": memory_limit or MEMORY,
        # Nothing may hang on the order of rows that nobody ordered.
        "preserve_insertion_order": False,
        "temp_directory": str(temp or Path(tempfile.gettempdir()) / "greenpark-duckdb"),
        # The same program must do the same on every machine: nothing is fetched, and no Python name is a table.
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }
    backend = ibis.duckdb.connect(**{name: value for name, value in settings.items() if value is not None})
    # What is under way is said by the command line, in the language of its user.
    backend.raw_sql("SET enable_progress_bar = false")
    return backend


def _connect_spark(master: str, threads: int | None, memory_limit: str | None, temp: Path | None) -> Backend:
    # Else the workers take the system's Python, which knows none of the libraries.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    host = urlsplit(master).hostname or ""
    if host in _LOOPBACK:
        os.environ.setdefault("SPARK_LOCAL_IP", host)
    from pyspark.sql import SparkSession

    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.warehouse.dir": str(Path(tempfile.mkdtemp(prefix="greenpark-spark-", dir=temp)) / "warehouse"),
        "spark.cores.max": None if threads is None else str(threads),
        "spark.executor.memory": memory_limit,
        "spark.driver.memory": DRIVING,
        **({"spark.driver.host": host, "spark.driver.bindAddress": host} if host in _LOOPBACK else {}),
    }
    builder = SparkSession.builder.appName("greenpark").master(master)
    for name, value in settings.items():
        builder = builder.config(name, value) if value is not None else builder
    return ibis.pyspark.connect(builder.getOrCreate())


class Engine:
    """One connection and the few things that Ibis leaves different between DuckDB and Spark.

    Parameters
    ----------
    name
        As for `connect`, with its other arguments.
    """

    def __init__(
        self,
        name: str = "duckdb",
        threads: int | None = None,
        memory_limit: str | None = None,
        temp: Path | None = None,
    ) -> None:
        self.name = name
        self.backend = connect(name, threads, memory_limit, temp)
        self._views: list[str] = []

    @property
    def is_spark(self) -> bool:
        """Whether this is a Spark cluster."""
        return self.name.startswith(_SPARK)

    def read_parquet(self, paths: Sequence[Path], table: Table) -> Expr:
        """The rows of these files as one table expression; no file at all is a table without rows.

        Columns that may be empty and that the files do not have yet, because they are older, are empty.

        Raises
        ------
        SchemaError
            When the files hold other columns or types than the table.
        """
        if not paths:
            return self.from_arrow(arrow_schema(table).empty_table())
        if self.is_spark:
            frame = self._session.read.parquet(*(_escaped_for_spark(path) for path in paths))
            return conform_expr(self._view_of_frame(frame), table)
        # The folder names look like Hive partitions, but the columns are in the files.
        read = self.backend.read_parquet([_escaped_for_duckdb(path) for path in paths], hive_partitioning=False)
        return conform_expr(read, table)

    def from_arrow(self, data: pa.Table) -> Expr:
        """An Arrow table as a table expression of this engine."""
        if self.is_spark:  # Ibis would go through pandas, where an empty whole number becomes a NaN
            return self._view_of_frame(self._session.createDataFrame(data))
        name = util.gen_name("arrow")
        self.backend.con.register(name, data)
        return self.backend.table(name)

    def to_arrow(self, expr: Expr) -> pa.Table:
        """The rows of a table expression, with the Arrow types of its schema."""
        if not self.is_spark:
            return self.backend.to_pyarrow(expr)
        rows = self._session.sql(self._sql(expr)).toArrow()
        return rows.cast(expr.schema().to_pyarrow())

    def write_parquet(self, expr: Expr, folder: Path) -> None:
        """Write the rows of a table expression as Parquet files into a folder that does not exist yet."""
        if self.is_spark:
            self._frame(expr).write.option("compression", COMPRESSION).parquet(str(folder))
            return
        folder.mkdir(parents=True)
        target = (folder / "part-0.parquet").as_posix().replace("'", "''")
        query = f"SELECT {_exact_types(expr)} FROM ({self._sql(expr)})"
        options = f"FORMAT parquet, COMPRESSION {QUICK}, DICTIONARY_SIZE_LIMIT {DICTIONARY}"
        self.backend.raw_sql(f"COPY ({query}) TO '{target}' ({options})")

    def cache(self, expr: Expr) -> Expr:
        """The table expression with its rows computed once and kept until the engine is closed."""
        name = util.gen_name("kept")
        if not self.is_spark:
            return self.backend.create_table(name, expr, temp=True)
        return self._view_of_frame(self._frame(expr).cache())

    def close(self) -> None:
        """Let go of everything that this engine holds; its expressions are of no use afterwards."""
        if not self.is_spark:
            self.backend.disconnect()
            return
        # The session belongs to the process: another engine may be using it.
        for view in self._views:
            self._session.catalog.uncacheTable(view)
            self._session.catalog.dropTempView(view)
        self._views.clear()

    @property
    def _session(self) -> Any:
        return self.backend._session

    def _frame(self, expr: Expr) -> Any:
        """The rows of a table expression as a frame of Spark with the types of its schema.

        Ibis holds a date plus an interval to be a date; for Spark it may be a timestamp, and would be kept as one.
        """
        from ibis.backends.pyspark.datatypes import PySparkType

        frame = self._session.sql(self._sql(expr))
        kinds = {name: PySparkType.from_ibis(kind) for name, kind in expr.schema().items()}
        return frame.select(*(frame[name].cast(kind).alias(name) for name, kind in kinds.items()))

    def _view_of_frame(self, frame: Any) -> Expr:
        name = util.gen_name("view")
        frame.createOrReplaceTempView(name)
        self._views.append(name)
        return self.backend.table(name)

    def _sql(self, expr: Expr) -> str:
        """The query of an expression, with the tables held in Python made known to the engine."""
        self.backend._run_pre_execute_hooks(expr)
        return str(self.backend.compile(expr))


def write_arrow(data: pa.Table, folder: Path) -> None:
    """Write an Arrow table as one Parquet file into a folder that does not exist yet."""
    folder.mkdir(parents=True)
    pq.write_table(data, folder / "part-0.parquet", compression=COMPRESSION)


def _exact_types(expr: Expr) -> str:
    """The columns cast to the types that the expression states.

    DuckDB sums whole numbers in 128 bits, which Ibis calls int64 and Parquet would keep as a double.
    """
    names = {name: '"' + name.replace('"', '""') + '"' for name in expr.columns}
    whole = {name for name, kind in expr.schema().items() if kind.is_int64()}
    return ", ".join(f"CAST({text} AS BIGINT) AS {text}" if name in whole else text for name, text in names.items())


def _escaped_for_duckdb(path: Path) -> str:
    """The path with what DuckDB reads as a pattern put in brackets: a workspace may be called `zone [1]`."""
    return "".join(f"[{sign}]" if sign in "[*?" else sign for sign in path.resolve().as_posix())


def _escaped_for_spark(path: Path) -> str:
    """The path with what Hadoop reads as a pattern escaped."""
    return "".join(f"\\{sign}" if sign in "{}[]*?\\" else sign for sign in path.resolve().as_posix())
