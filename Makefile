# Targets for people and for CI; `make` alone prints them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
SEED ?= 1
WORKERS ?= auto

.DEFAULT_GOAL := help
.PHONY: help setup run test lint types imports unit serve bench bench-joining bench-sim bench-worlds format clean

help: ## print this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[sim,sweep,postgres,dev]'
	@touch $@

setup: $(STAMP) ## make .venv with everything in it

run: $(STAMP) ## play a Monday morning against a ministry, check every answer, write a report
	@$(BIN)/hes run monday_morning --seed $(SEED)

test: $(STAMP) lint types imports unit ## lint, types, import contracts and the whole test suite

lint: $(STAMP) ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) ## mypy, strict
	$(BIN)/mypy

imports: $(STAMP) ## import contracts
	$(BIN)/lint-imports

unit: $(STAMP) ## the test suite alone, in parallel
	$(BIN)/pytest -q -n $(WORKERS)

serve: $(STAMP) ## start a ministry with a ready world on http://127.0.0.1:8080
	@$(BIN)/hes serve

bench: $(STAMP) ## the query path beside what one would otherwise pick
	$(BIN)/python -m tests.bench

bench-joining: $(STAMP) ## signatures, letters and messages beside what one would otherwise pick
	$(BIN)/python -m tests.bench_joining

bench-sim: $(STAMP) ## the country's engines beside SimPy, Ciw, Covasim, Starsim and LASER, and at full scale
	$(BIN)/python -m tests.bench_sim

bench-worlds: $(STAMP) ## worlds and the test kit beside what one would otherwise copy or start
	$(BIN)/python -m tests.bench_worlds

format: $(STAMP) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## remove .venv, caches and runs
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache runs build *.egg-info
