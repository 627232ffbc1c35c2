# Each target does all the set-up it needs, into .venv; a second call is quick. For developers: users `pip install` the wheel.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
export PYTHONUTF8 := 1

EXAMPLES := us_plants_2017 national_zones demo_park
JOBS     := $(EXAMPLES:%=examples/%/job.yaml)
# Two processes on two cores (a third gains nothing); the users of one service (Spark, PostgreSQL, browser) share a process.
WORKERS  ?= 2

.PHONY: run test check bench soak docs wheel licences clean setup services
.DEFAULT_GOAL := run

setup: $(READY)

$(READY): pyproject.toml constraints.txt package.json package-lock.json tools/set_up.py tools/fetch_assets.py
	@echo "set-up: $(VENV)"
	@$(PYTHON) tools/set_up.py $(VENV)
	@$(BIN)/python -m tools.fetch_assets
	@touch $@

services: $(READY)
	@$(BIN)/python -m tools.ensure_chromium
	@$(BIN)/python -m tools.ensure_postgres

run: $(READY)
	@$(BIN)/greenpark run $(JOBS)

check: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

test: check services
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadgroup --no-loadscope-reorder

soak: services
	@GREENPARK_SOAK=1 $(BIN)/python -m pytest -q -m soak

bench: $(READY)
	@$(BIN)/python -m bench; status=$$?; $(BIN)/python -m tools.write_speed; exit $$status

docs: $(READY)
	@$(BIN)/python -m tools.write_reference

wheel: $(READY)
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist . > /dev/null
	@ls dist/*.whl

licences: $(READY)
	@$(BIN)/python -m tools.list_licences

clean:
	rm -rf $(VENV) build dist out workspace src/greenpark/publish/assets
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache spark-warehouse metastore_db derby.log
