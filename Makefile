# Every gate of CI is a target here; .ci/run calls them one by one.
SHELL := /bin/bash -o pipefail
GO ?= go
# Packages with goroutines of their own; the generated tables have none.
RACE := . ./display/... ./eval/... ./kernel/... ./neurospatial/... ./notebook/... ./plot/... ./install/...
FUZZTIME ?= 30s

.PHONY: check fmt-check vet staticcheck tidy-check generate-check modules-check test race fuzz bench compare generate conformance notebooks browser corpus differ nightly build

check: fmt-check vet staticcheck tidy-check generate-check modules-check test race

build:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w" -o bin/nskernel ./cmd/nskernel

fmt-check:
	@bad=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$bad" || { echo "not formatted (gofmt -w):"; echo "$$bad"; exit 1; }

vet:
	$(GO) vet ./...

staticcheck:
	$(GO) tool staticcheck ./...

tidy-check:
	$(GO) mod tidy -diff

# Generated tables must describe the packages as they are.
generate-check:
	$(GO) run ./symbols/internal/gen -check

# A new dependency of the binary is seen in review.
modules-check:
	$(GO) build -o bin/nskernel-modules ./cmd/nskernel
	$(GO) version -m bin/nskernel-modules | awk '$$1 == "dep" {print $$2, $$3}' | diff docs/modules.txt -

test:
	$(GO) test ./...

race:
	@$(GO) test -race $(RACE_FLAGS) $(RACE)

# Every fuzz target of the module for FUZZTIME each.
fuzz:
	$(GO) run ./internal/ci fuzz -time $(FUZZTIME)

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./neurospatial/... ./plot/... ./kernel/... ./eval/...

# Ours beside the released Python library on the same inputs.
compare:
	$(GO) run ./internal/compare

generate:
	$(GO) generate ./symbols

conformance: build
	internal/conformance/run.sh

# The quickstart in JupyterLab in a headless Chromium.
browser:
	internal/browser/run.sh

# Go's own test programs in the interpreter; the floor only rises.
corpus: build
	$(GO) run ./internal/corpus -floor 731 bin/nskernel

# Random programs, compiled and in a cell: no silent difference.
PROGRAMS ?= 300
differ: build
	$(GO) run ./internal/differ -n $(PROGRAMS) bin/nskernel

notebooks: build
	for f in notebooks/*.ipynb; do bin/nskernel run $$f -o bin/$$(basename $$f) || exit 1; done

nightly: FUZZTIME = 10m
nightly: PROGRAMS = 10000
nightly: conformance browser corpus differ fuzz bench compare
