# Every target sets up what it needs. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
LOCK_EXTRAS := --all-extras

.PHONY: help setup page demo test image sim check bench chaos recovery kafka contract screenshots lock clean
help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

$(STAMP): requirements.lock pyproject.toml hatch_build.py streams/serve/scaling/proto/externalscaler.proto
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(STAMP) page  ## an environment in .venv with everything, from the lock file, and the page if npm is there

# The page of `foreshock serve`: TypeScript, which npm and a bundler make into files that any browser reads.
PAGE := streams/serve/page
PAGE_PACKAGES := $(PAGE)/node_modules/.package-lock.json
PAGE_BUILT := $(PAGE)/dist/index.html
PAGE_SOURCES := $(shell find $(PAGE)/src $(PAGE)/index.html $(PAGE)/vite.config.ts -type f)
NPM := $(shell command -v npm)

$(PAGE_PACKAGES): $(PAGE)/package.json $(PAGE)/package-lock.json
	cd $(PAGE) && npm ci --silent --include=dev
	@touch $@

$(PAGE_BUILT): $(PAGE_PACKAGES) $(PAGE_SOURCES)
	cd $(PAGE) && npm run --silent build -- --logLevel warn

ifdef NPM
page: $(PAGE_BUILT)  ## the page of `foreshock serve`, built with npm
else
page:
	@echo 'npm is not here: the page of `foreshock serve` is not built, all else is. Install Node 20.19 or later for it.'
endif

demo: setup  ## the engine on an embedded broker, with a generated fleet: watch predictions arrive
	$(BIN)/foreshock demo $(ARGS)

test: setup  ## all tests in two processes, those on Apache Kafka included (it comes from Maven Central)
	$(BIN)/python -m pytest -n 2 $(ARGS)

image: setup  ## go through the stages of deploy/image/Dockerfile, without a Docker engine
	$(BIN)/python -m pytest -m image tests/deploy

SEEDS ?= 500
FIRST ?= 0
sim: setup  ## simulated crashes, zombies, rebalances; SEEDS=n how many, FIRST=n the first of them
	$(BIN)/python -m tests.simulation $(SEEDS) $(FIRST)

check: setup  ## ruff, mypy --strict, formatting; of the page tsc and biome
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
ifdef NPM
	cd $(PAGE) && npm run --silent check
endif

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

screenshots: setup  ## pictures of every state of the page into out/screenshots; two of them into deploy/pictures
	$(BIN)/python -m tests.browser.screenshots

COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-annotate --no-header --python-version 3.11
IMAGE_COMPILE = $(COMPILE) --constraint requirements.lock
lock: setup  ## resolve pyproject.toml again into requirements.lock, and into the parts of it that images get
	$(COMPILE) $(LOCK_EXTRAS) pyproject.toml -o requirements.lock
	$(IMAGE_COMPILE) deploy/image/build.in -o deploy/image/build.lock
	$(IMAGE_COMPILE) --extra serve pyproject.toml -o deploy/image/foreshock.lock
	$(IMAGE_COMPILE) --extra serve --extra recordings --extra fit pyproject.toml -o deploy/image/trainer.lock

clean:  ## remove the environment and every cache
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info $(PAGE)/node_modules $(PAGE)/dist
	rm -f streams/serve/scaling/proto/*_pb2*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
