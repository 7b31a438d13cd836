# Thin: each target is one script, and each script says what it does.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench chaos

help: ## show these lines
	@sed -n 's/^\([a-z]*\): ## /  make \1\t/p' Makefile | expand -t 16

setup: ## bring uv, Python packages and system libraries; changes nothing when all is there
	@script/setup

demo: ## serve a demonstration on http://127.0.0.1:8000/ (PORT=8001 for another port)
	@script/demo

test: ## run all tests on a real PostgreSQL, Redis and Chromium of their own (ARGS="-k memo" for some)
	@script/test $(ARGS)

check: ## formatting, lint, types, imports, templates, migrations, lock file
	@script/check

bench: ## measure, and report figures and ratios
	@script/bench $(ARGS)

chaos: ## break things while people save and memos are written, and look that nothing is lost
	@script/chaos $(ARGS)
