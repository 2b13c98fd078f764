# The commands of every day. Each makes the environment first when it is not there; `make help` lists them.
# On the command line: SITE=snuh  DELIVERY=2026-11  ACCEPT=1  Q="select ..."  STUDY=sorafenib  FROM=name  WHAT=words  COVERAGE=1
#                      SAMPLE=300  SEED=1

HCC    := .venv/bin/hcc
PYTHON := .venv/bin/python
STAMP  := .venv/.stamp

# Handed over through the environment, so that the shell never reads what is in them.
export SITE DELIVERY ACCEPT Q STUDY FROM WHAT SAMPLE SEED

.DEFAULT_GOAL := help
.SILENT:

.PHONY: help
help: ## list the commands
	awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: ingest
ingest: need-site $(STAMP) ## bring in a hospital's newest delivery: make ingest SITE=snuh [DELIVERY=2026-11] [ACCEPT=1]
	$(HCC) ingest "$$SITE" $${DELIVERY:+--delivery "$$DELIVERY"} $${ACCEPT:+--accept}

.PHONY: ingest-all
ingest-all: $(STAMP) ## bring in every hospital's newest delivery, and publish all that pass: make ingest-all [ACCEPT=1]
	$(HCC) ingest-all $${ACCEPT:+--accept}

.PHONY: derive
derive: $(STAMP) ## bring views, options, assessments and reports up to date, without a new load
	$(HCC) derive

.PHONY: report
report: need-site $(STAMP) ## write a hospital's report again: make report SITE=snuh
	$(HCC) report "$$SITE"

.PHONY: report-all
report-all: $(STAMP) ## write every hospital's report again, and the page of all of them: reports/index.html
	$(HCC) report --all

.PHONY: study
study: $(STAMP) ## compute the study and write its report: make study [STUDY=sorafenib] [FROM=a frozen data set]
	$(HCC) study $${STUDY:+"$$STUDY"} $${FROM:+--from "$$FROM"}

.PHONY: query
query: need-q $(STAMP) ## ask the warehouse, read-only: make query Q="select count(*) from analysis.cohort"
	$(HCC) query "$$Q"

.PHONY: sql
sql: $(STAMP) ## ask the warehouse question after question, read-only
	$(HCC) sql

.PHONY: test
test: $(STAMP) ## run the fast tests; with COVERAGE=1 also tell which branches none of them takes
	$(PYTHON) -m pytest -n 2 -m "not slow" $(if $(COVERAGE),--cov --cov-branch --cov-report=term:skip-covered)

.PHONY: test-all
test-all: test ## run every test, the slow proofs included
	$(PYTHON) -m pytest -n 2 -m slow

.PHONY: check
check: $(STAMP) ## check format, lint, types and SQL
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/sqlfluff lint warehouse/views etl/quality/plausibility etl/own_files etl/study/patient

.PHONY: format
format: $(STAMP) ## format the Python and put its imports in order
	.venv/bin/ruff check --fix --select I .
	.venv/bin/ruff format .

.PHONY: docs
docs: $(STAMP) ## render what is generated: dictionary, rules, commands, options, settings, tables, schemas of the files
	$(PYTHON) -m schemas.dictionary
	$(PYTHON) -m etl.mapping.schema_json
	$(PYTHON) -m etl.study.definition.schema_json
	cd tests && ../$(PYTHON) -m spec.render
	$(PYTHON) -m tools.documents

.PHONY: site
site: $(STAMP) ## build the documents as a site and check every link of it: open site/index.html
	NO_MKDOCS_2_WARNING=1 $(PYTHON) -m mkdocs build --strict
	$(PYTHON) -m tools.documents.check_site site

.PHONY: migration
migration: $(STAMP) ## draft the migration that a changed model needs: make migration [WHAT="specimen of a result"]
	$(PYTHON) -m warehouse.model.draft_migration $${WHAT:+"$$WHAT"}

.PHONY: comparison
comparison: $(STAMP) ## write docs/explanation/published_comparison.md from the warehouse; needs make study
	$(PYTHON) -m etl.study.published.document

.PHONY: bench
bench: $(STAMP) ## measure against hand-written SQL (minutes): benchmarks/README.md
	$(PYTHON) -m benchmarks

.PHONY: mutate
mutate: $(STAMP) ## change one place at a time and see whether the tests notice (hours): make mutate [SAMPLE=300] [SEED=1]
	$(PYTHON) -m tools.mutate $${SAMPLE:+--sample "$$SAMPLE"} $${SEED:+--seed "$$SEED"}

.PHONY: fuzz
fuzz: $(STAMP) ## read drawn and damaged files twice and compare (minutes): make fuzz [SAMPLE=300] [SEED=1]
	$(PYTHON) -m tools.fuzz $${SAMPLE:+--sample "$$SAMPLE"} $${SEED:+--seed "$$SEED"}

.PHONY: kills
kills: $(STAMP) ## kill every command that writes at random moments (an hour): make kills [SAMPLE=500] [SEED=1]
	cd tests && ../$(PYTHON) -m kills $${SAMPLE:+--sample "$$SAMPLE"} $${SEED:+--seed "$$SEED"}

.PHONY: lock
lock: ## choose the versions of all packages again: requirements.lock (needs uv)
	env -u UV_FIND_LINKS -u UV_INDEX -u UV_EXTRA_INDEX_URL uv pip compile --no-config --quiet --upgrade --universal \
	    --python-version 3.11 --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

.PHONY: clean
clean: ## remove the environment and caches; data/ and reports/ stay
	rm -rf site .venv .cache .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): requirements.lock pyproject.toml tools/make_environment.sh
	tools/make_environment.sh

.PHONY: need-site need-q
need-site:
	test -n "$$SITE" || { echo "Which hospital? Name it: make $(firstword $(MAKECMDGOALS)) SITE=snuh" >&2; exit 2; }
need-q:
	test -n "$$Q" || { echo 'Which question? Write it: make query Q="select count(*) from analysis.cohort"' >&2; exit 2; }
