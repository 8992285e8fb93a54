# Everything a person or CI does with Melian. `make demo` first; `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
DEMO := demo.html
CRISIS := demo.crisis

.DEFAULT_GOAL := help
.PHONY: help demo test slow lint types bench large floors pictures lock train clean

help: ## list what can be made
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: $(BIN)/.core ## install Melian, make a record of the dispatches in examples/geneva, show its ledger and write demo.html
	@rm -f $(CRISIS)
	@$(BIN)/melian new $(CRISIS) --title "Geneva, winter 2021–22"
	@$(BIN)/melian add $(CRISIS) examples/geneva
	@for table in demands redlines predictions denials shifts; do echo; echo "$$table"; $(BIN)/melian show $(CRISIS) $$table; done
	@echo
	@$(BIN)/melian report $(CRISIS) -o $(DEMO)

test: $(BIN)/.dev ## install what tests need and run the quick ones
	$(BIN)/python -m pytest -m "not slow" -n auto --dist worksteal

slow: $(BIN)/.dev ## run the tests that take minutes
	$(BIN)/python -m pytest -m slow || [ $$? = 5 ]  # 5: there is none

lint: $(BIN)/.dev ## check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(BIN)/.dev ## check types
	$(BIN)/mypy

bench: $(BIN)/.dev ## print the tables of accuracy and speed
	$(BIN)/python -m benchmarks

large: $(BIN)/.dev ## print how a record of 100,000 documents behaves (about half an hour)
	$(BIN)/python benchmarks/records.py

pictures: $(BIN)/.dev ## take the pictures in README and docs anew
	$(BIN)/python tools/pictures.py

floors: $(BIN)/.dev ## fail where accuracy falls below its floor
	$(BIN)/python benchmarks/floors.py

lock: ## pin new versions of all dependencies, except training's (tools/lock.sh train)
	tools/lock.sh

train: $(BIN)/.train ## train the language model from public corpora (two cores: about two hours)
	$(BIN)/python -m training.train

clean: ## remove the environment, caches and the demo
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis $(DEMO) $(CRISIS)

# Environments: exact versions from locks/, then the package itself, so that edits in src/ count at once.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Melian needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); echo "Python's venv module is missing (on Debian and Ubuntu: apt-get install python3-venv)"; exit 1; }

$(BIN)/.core: locks/core.txt locks/build.txt pyproject.toml | $(BIN)/python
	@echo "Installing Melian into $(VENV) …"
	@$(PIP) install --require-hashes -r locks/build.txt
	@$(PIP) install --require-hashes -r locks/core.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(BIN)/.dev: locks/dev.txt $(BIN)/.core
	@$(PIP) install --require-hashes -r locks/dev.txt
	@touch $@

$(BIN)/.train: locks/train.txt $(BIN)/.core
	@$(PIP) install -r locks/train.txt
	@touch $@
