# Every target sets up what it needs. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
LOCK_EXTRAS := --all-extras

.PHONY: help setup demo test sim check bench chaos recovery kafka contract lock clean
help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

$(STAMP): requirements.lock pyproject.toml hatch_build.py streams/serve/scaling/proto/externalscaler.proto
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(STAMP)  ## an environment in .venv with everything, from the lock file

demo: setup  ## the engine on an embedded broker, with a generated fleet: watch predictions arrive
	$(BIN)/foreshock demo $(ARGS)

test: setup  ## all tests, those on Apache Kafka included (it comes from Maven Central)
	$(BIN)/python -m pytest $(ARGS)

SEEDS ?= 500
FIRST ?= 0
sim: setup  ## simulated crashes, zombies, rebalances; SEEDS=n how many, FIRST=n the first of them
	$(BIN)/python -m tests.simulation $(SEEDS) $(FIRST)

check: setup  ## ruff, mypy --strict, formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup  ## samples per second beside raw aiokafka and stock Faust, on one broker in one run
	$(BIN)/foreshock bench $(ARGS)

chaos: setup  ## break workers, brokers and topics on Apache Kafka; nothing may be lost or doubled
	$(BIN)/foreshock chaos $(ARGS)

recovery: setup  ## seconds until a killed worker is back, and the bytes of its checkpoints
	$(BIN)/foreshock recovery $(ARGS)

kafka: setup  ## one Apache Kafka node on a free loopback port, until Ctrl-C
	$(BIN)/foreshock kafka $(ARGS)

contract: setup  ## the published contract in deploy/contract, written anew from the code
	env -u FORESHOCK_CONFIG $(BIN)/foreshock contract --out deploy/contract

lock: setup  ## resolve pyproject.toml again into requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-annotate --no-header --python-version 3.11 $(LOCK_EXTRAS) pyproject.toml -o requirements.lock

clean:  ## remove the environment and every cache
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
	rm -f streams/serve/scaling/proto/*_pb2*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
