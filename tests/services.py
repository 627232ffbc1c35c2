"""Real services for tests, on loopback and on free ports, stopped by process at the end.

`start_postgres` and `start_spark` each return a `Service`; whoever starts one stops it.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tools.ensure_postgres import MODULE, find_postgres
from tools.java import java_home_for_spark
from tools.machine import is_root

LOOPBACK = "127.0.0.1"
PATIENCE = 60.0  # seconds until a service that does not come up is a failure
WORKERS = 2


@dataclass(frozen=True)
class Service:
    """A running service: its address, the environment its clients need, and how to stop it."""

    url: str
    stop: Callable[[], None]
    environment: dict[str, str] = field(default_factory=dict)


# ---------------------------------------------------------------- PostgreSQL
def start_postgres() -> Service:
    """A PostgreSQL server with an empty data folder; its url is one of SQLAlchemy's."""
    folder = Path(tempfile.mkdtemp(prefix="greenpark-postgres-"))
    user = "nobody" if is_root() else None  # the server refuses root
    programs = _postgres_programs(folder)
    data = folder / "data"
    data.mkdir(mode=0o700)
    folder.chmod(0o755)
    if user is not None:
        shutil.chown(data, user)
    run = {"user": user, "extra_groups": []} if user else {}
    initialise = [programs / "initdb", "-D", data, "-U", "greenpark", "--auth=trust", "-E", "UTF8", "--locale=C", "-N"]
    done = subprocess.run(initialise, cwd=folder, capture_output=True, encoding="utf-8", check=False, **run)
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stdout}{done.stderr}")
    port = free_port()
    options = ["-h", LOOPBACK, "-p", str(port), "-k", "", "-c", "fsync=off", "-c", "max_connections=200"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, *options],
            cwd=folder,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            **run,
        )

    def stop() -> None:
        _end(server, signal.SIGINT)  # fast shutdown: open sessions are ended
        shutil.rmtree(folder, ignore_errors=True)

    _wait(lambda: "ready to accept connections" in _text(folder / "log"), server, folder / "log", stop)
    return Service(f"postgresql+psycopg://greenpark@{LOOPBACK}:{port}/postgres", stop)


def _postgres_programs(folder: Path) -> Path:
    """The folder with initdb and postgres, readable by every user."""
    programs = find_postgres()
    if programs is None:
        raise RuntimeError("no PostgreSQL on this machine: run `make test`, which sets it up")
    if not is_root() or MODULE not in programs.parts:
        return programs
    package = programs.parent.parent  # a home folder of root is closed to the server's user: copy it out
    copied = folder / package.name
    shutil.copytree(package / programs.parent.name, copied / programs.parent.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return copied / programs.parent.name / programs.name


# ---------------------------------------------------------------- Spark
def start_spark() -> Service:
    """A standalone Spark cluster of processes: a master and two workers of one core each; its url is spark://…

    The environment names Java, the Python of the workers and a configuration folder, for the driver.
    """
    folder = Path(tempfile.mkdtemp(prefix="greenpark-spark-"))
    environment = _spark_environment(folder)
    processes: list[subprocess.Popen[bytes]] = []

    def stop() -> None:
        for process in reversed(processes):
            _end(process, signal.SIGTERM)
        shutil.rmtree(folder, ignore_errors=True)

    def start(name: str, *arguments: str) -> Path:
        log = folder / f"{name}.log"
        with log.open("wb") as out:
            command = [_spark_home() / "bin" / "spark-class", *arguments]
            processes.append(
                subprocess.Popen(
                    command,
                    cwd=folder,
                    env={**os.environ, **environment},
                    stdout=out,
                    stderr=out,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )
        return log

    url = f"spark://{LOOPBACK}:{free_port()}"
    place = ["--host", LOOPBACK, "--webui-port", "0"]
    master = start("master", "org.apache.spark.deploy.master.Master", *place, "--port", url.rsplit(":", 1)[1])
    _wait(lambda: "I have been elected leader" in _text(master), processes[0], master, stop)
    for number in range(WORKERS):
        size = ["--cores", "1", "--memory", "2g", "--work-dir", str(folder / f"work{number}")]
        start(f"worker{number}", "org.apache.spark.deploy.worker.Worker", *place, *size, url)
    _wait(lambda: _text(master).count("Registering worker") >= WORKERS, processes[0], master, stop)
    return Service(url, stop, environment)


def _spark_home() -> Path:
    import pyspark

    return Path(pyspark.__file__).parent


def _spark_environment(folder: Path) -> dict[str, str]:
    """What master, workers and driver are told; nothing in it changes a result."""
    settings = {
        "spark.driver.host": LOOPBACK,
        "spark.driver.bindAddress": LOOPBACK,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": "2",
        # Short programs: the second compiler of Java would take half of the two cores.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    }
    configuration = folder / "conf"
    configuration.mkdir()
    lines = [f"{key} {value}\n" for key, value in settings.items()]
    (configuration / "spark-defaults.conf").write_text("".join(lines), encoding="utf-8")
    return {
        "JAVA_HOME": str(java_home_for_spark(folder)),
        "SPARK_HOME": str(_spark_home()),
        "SPARK_CONF_DIR": str(configuration),
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_NO_DAEMONIZE": "1",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }


# ---------------------------------------------------------------- processes
def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def environment_of(service: Service) -> Iterator[Service]:
    """The service with its environment set for this process, taken back at the end."""
    before = {name: os.environ.get(name) for name in service.environment}
    os.environ.update(service.environment)
    try:
        yield service
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


def _wait(is_up: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, stop: Callable[[], None]) -> None:
    """Until `is_up`; a service that ends or stays silent is stopped, and its log told."""
    deadline = time.monotonic() + PATIENCE
    while not is_up():
        if process.poll() is not None or time.monotonic() > deadline:
            told = _text(log)[-3000:]
            stop()
            raise RuntimeError(f"service did not come up:\n{told}")
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes], wish: signal.Signals) -> None:
    """Ask the process to end; after ten seconds it is ended."""
    if process.poll() is not None:
        return
    process.send_signal(wish)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
