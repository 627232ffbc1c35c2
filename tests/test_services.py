"""The services that tests rely on are real ones."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import sqlalchemy

from tests.browser import Chromium
from tests.services import start_postgres
from tools.ensure_postgres import find_postgres
from tools.java import SUPPORTED, find_java_home, version_of


def test_postgres_answers_and_keeps_what_it_is_told(postgres_url: str) -> None:
    engine = sqlalchemy.create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("create temp table parks (name text)"))
        connection.execute(sqlalchemy.text("insert into parks values ('张江高新区')"))
        assert connection.execute(sqlalchemy.text("select name from parks")).scalar_one() == "张江高新区"
        assert connection.execute(sqlalchemy.text("show server_encoding")).scalar_one() == "UTF8"
    engine.dispose()


def test_postgres_leaves_no_process_behind() -> None:
    service = start_postgres()
    port = service.url.rsplit(":", 1)[1].split("/")[0]
    service.stop()
    engine = sqlalchemy.create_engine(service.url)
    try:
        engine.connect()
    except sqlalchemy.exc.OperationalError:
        return
    raise AssertionError(f"something still listens on port {port}")


def test_spark_is_a_cluster_of_processes_that_computes(spark_master: str) -> None:
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master(spark_master).appName("services").getOrCreate()
    try:
        assert session.sparkContext.master.startswith("spark://")
        executors = session.sparkContext.parallelize(range(4), 4).map(lambda _: os.getpid()).distinct().collect()
        assert os.getpid() not in executors
        assert session.range(1_000_000).selectExpr("sum(id)").first()[0] == 499_999_500_000
    finally:
        session.stop()  # the next test makes its own


def test_spark_finds_a_java_that_it_supports() -> None:
    assert version_of(find_java_home() / "bin" / "java") in SUPPORTED


def test_postgres_programs_are_found_and_run() -> None:
    programs = find_postgres()
    assert programs is not None
    told = subprocess.run([programs / "postgres", "--version"], capture_output=True, encoding="utf-8", check=True)
    assert "PostgreSQL" in told.stdout


def test_the_browser_runs_the_scripts_of_a_page(chromium: Chromium, tmp_path: Path) -> None:
    page = tmp_path / "页.html"
    page.write_text("<p id=a></p><script>a.textContent = 6 * 7 + ' 吨'</script>", encoding="utf-8")
    assert '<p id="a">42 吨</p>' in chromium.document(page.as_uri())
    assert chromium.picture(page.as_uri(), tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
