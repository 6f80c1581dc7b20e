# IAM Playground. "make help" lists what there is to make.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run build inputs test vet test-go test-wasm test-site test-scenarios size test-browser test-worker worker lengths fuzz bench compare-peer clean go

GO ?= go
PORT ?=
STORE ?=
ROUNDS ?=
N ?=
SEED ?=

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

run: build ## install, build and serve the playground, and print its address (PORT=8080; STORE=folder for short links)
	@$(GO) build -o bin/ ./scripts/serve && exec bin/serve -dir site/dist $(if $(PORT),-addr 127.0.0.1:$(PORT)) $(if $(STORE),-store '$(STORE)')

build: go ## install and build everything: site/dist and bin
	$(GO) run ./scripts/build $(if $(STORE),-short-links)

inputs: go ## build what the site's own tools need, for "npm run dev" in site
	$(GO) run ./scripts/build -inputs

test: build vet test-go test-wasm test-site test-scenarios size test-worker test-browser ## install, build and run every test

vet: go ## check format and correctness of the Go code
	@test -z "$$(gofmt -l engine wasm scenarios scripts | tee /dev/stderr)" || { echo 'not as gofmt formats it: run gofmt -w on these files'; exit 1; }
	$(GO) vet ./...
	GOOS=js GOARCH=wasm $(GO) vet ./wasm/...

test-go: go ## run the Go tests
	$(GO) test ./...

# The browser's side of Go refuses a large environment, so the tests get a small one.
test-wasm: go ## run the same Go tests as WebAssembly in Node
	GOOS=js GOARCH=wasm $(GO) test -exec "env -i 'PATH=$$PATH' $$($(GO) env GOROOT)/lib/wasm/go_js_wasm_exec" ./engine/... ./wasm/author/... ./wasm/bridge/... ./wasm/browser/... ./wasm/links/... ./wasm/wire/... ./scenarios/...

test-site: ## check the site's types and run its unit tests (needs "make inputs" or "make build")
	cd site && npm run check && npm test

test-scenarios: ## hold every shipped scenario to its expectations (needs "make build")
	bin/iamplay test $$(find scenarios -name '*.json' -not -path '*/broken/*' | sort)

size: go ## weigh the built site against its budget (needs "make build")
	$(GO) run ./scripts/size

test-browser: go ## run the browser tests, with Chromium installed when there is none (needs "make build")
	@test -d bin/worker || $(GO) run ./scripts/worker
	CHROMIUM="$$($(GO) run ./scripts/needs)" && export CHROMIUM && cd site && npm run e2e

test-worker: go ## build the Worker for short links and run it in its runtime (needs "make build")
	$(GO) run ./scripts/worker
	cd site && npm run test:worker

worker: go ## build the site and the Worker for short links, ready to deploy, and print what the Worker weighs (SITE_URL=https://…)
	$(GO) run ./scripts/build -short-links
	$(GO) run ./scripts/worker

lengths: go ## print how long the links to all shipped scenarios are, with each codec
	$(GO) test ./wasm/links -count=1 -v -run '^TestALinkWithTheDictionary'

fuzz: go ## fuzz the engine, each of its fuzz tests for a while (FUZZTIME=30s)
	@for package in engine engine/pattern engine/arn engine/catalog engine/condition engine/jsonpos engine/lint; do \
		for test in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9]*\)(.*/\1/p' $$package/*_test.go); do \
			echo "$$package $$test" && $(GO) test ./$$package -run '^$$' -fuzz "^$$test$$" -fuzztime $(or $(FUZZTIME),30s) || exit 1; \
		done; \
	done

bench: build ## measure speed, growth and the cold page, next to a peer (ROUNDS=25)
	CHROMIUM="$$($(GO) run ./scripts/needs)" && export CHROMIUM && $(GO) run ./scripts/bench $(if $(ROUNDS),-rounds $(ROUNDS))

compare-peer: go ## ask another evaluator the same questions and settle every disagreement (N=20000 SEED=7)
	$(GO) run ./scripts/comparepeer $(if $(N),-n $(N)) $(if $(SEED),-seed $(SEED))

clean: ## delete everything that was built or installed
	rm -rf bin site/dist site/generated site/public/THIRD_PARTY_NOTICES.txt site/public/scenarios site/public/checks site/public/rules site/public/managed site/src/contract site/node_modules site/test-results site/playwright-report

go:
	@command -v $(GO) >/dev/null || { echo 'no "$(GO)" on this machine: install Go 1.26 or newer from https://go.dev/dl/'; exit 1; }
