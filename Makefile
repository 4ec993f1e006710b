# Two commands: `make demo` shows it, `make test` proves it. Both rest on `make setup`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXTRAS ?=
SERVE ?= 1
LOCK := requirements/$(if $(filter all,$(EXTRAS)),all,base).txt
STAMP := $(VENV)/.installed-$(notdir $(basename $(LOCK)))

.PHONY: setup demo test lint unit docs lock clean

setup: $(STAMP)

$(STAMP): $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Gongkai needs Python 3.11 or newer; $(PYTHON) is older. Try: make setup PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
	  echo "No virtual environment could be made. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup
	$(BIN)/gongkai demo $(if $(filter 0,$(SERVE)),--no-serve,)

test: lint unit

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

unit: setup
	$(BIN)/python -m pytest -n auto

# Rewrites what is generated in docs/: the schema, the questions, and what samples found. Tests ask for it.
docs: setup
	$(BIN)/python -m publish.schema_document
	$(BIN)/python -m publish.questions
	$(BIN)/python -m publish.accuracy.document

# Rewrites the locks after a change of pyproject.toml; needs uv (pip install uv).
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra dev pyproject.toml -o requirements/base.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra dev --extra ocr --extra cluster --extra export --extra ship -c requirements/base.txt pyproject.toml -o requirements/all.txt

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache
