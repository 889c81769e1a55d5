PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
BIN = $(VENV)/bin
STAMP = $(VENV)/.installed
WORLD = .demo

SHELL = /bin/sh
.PHONY: demo world test check bench screen wheel clean lock

demo: $(STAMP) world  ## The main job on the bundled world: refresh, import, screen a vendor file, show the report
	@RESOLVER_HOME=$(WORLD) $(BIN)/resolver batch fixtures/world/vendors.csv -o report.csv --print
	@echo "The whole report, with its sources and dates: report.csv"

world: $(STAMP)  ## The bundled world, refreshed into a data folder of its own
	@rm -rf $(WORLD)
	@RESOLVER_HOME=$(WORLD) $(BIN)/resolver refresh --from fixtures/world
	@RESOLVER_HOME=$(WORLD) $(BIN)/resolver import fixtures/world/own/ownership.csv --name filings
	@RESOLVER_HOME=$(WORLD) $(BIN)/resolver import fixtures/world/own/links.csv --name ties

$(WORLD)/current: $(shell find fixtures/world -type f) | $(STAMP)
	@$(MAKE) -s world >&2

export VENDOR := $(value NAME)
export VENDOR_COUNTRY := $(value COUNTRY)

screen: $(STAMP)  ## make screen NAME="..." [COUNTRY=cn]: one name against what is held, else against the bundled world
	@if [ -z "$$VENDOR" ]; then echo 'usage: make screen NAME="Shenzhen SenseTime Technology Co., Ltd." [COUNTRY=cn]'; exit 2; fi
	@if $(BIN)/resolver lists --format json | grep -q '"snapshot": null'; then \
		$(MAKE) -s $(WORLD)/current || exit 1; \
		echo "Nothing was fetched yet: this is the bundled world (fixtures/world), not the lists. Run: $(BIN)/resolver refresh" >&2; \
		RESOLVER_HOME=$(WORLD) $(BIN)/resolver screen --country "$$VENDOR_COUNTRY" -- "$$VENDOR"; \
	else \
		$(BIN)/resolver screen --country "$$VENDOR_COUNTRY" -- "$$VENDOR"; \
	fi

test: $(STAMP)
	$(BIN)/python -m pytest

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_architecture.py

bench: $(STAMP)
	@for bench in tests/bench/bench_*.py; do echo "== $$bench"; $(BIN)/python -m tests.bench.$$(basename $$bench .py) || exit 1; done

wheel: clean $(STAMP)
	$(BIN)/python -m build --wheel

clean:
	rm -rf build dist *.egg-info

lock: $(STAMP)  ## The locked dependencies with their hashes, anew from setup.cfg
	$(BIN)/pip-compile --quiet --allow-unsafe --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -o requirements.txt setup.cfg
	$(BIN)/pip-compile --quiet --allow-unsafe --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --extra dev -o requirements-dev.txt setup.cfg

$(STAMP): requirements-dev.txt setup.cfg
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
