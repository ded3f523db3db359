# Cascade's commands. 'make' lists them.

# Packages whose tests also run under the race detector. The recipes' take
# minutes there and share nothing between goroutines that these do not cover.
# Those of ops take more than eight minutes on two cores, and Go would stop them at ten.
RACE  ?= ./internal/... ./ops/... ./data/... ./nn/... ./dist/...
# What 'make bench' times: make bench BENCH=./ops/... BENCHTIME=3s
BENCH     ?= ./...
BENCHTIME ?= 1s
# Flags for training: make calogan ARGS="--preset cern --epochs 30"
ARGS ?=

TOOL := go tool -modfile=tools/go.mod

.DEFAULT_GOAL := help
.PHONY: help deps build test race lint bench bench-dist generate calogan resnet clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## install libhdf5 and a C compiler where they are missing (Debian, Ubuntu)
	@scripts/install-deps

build: deps ## compile everything; the recipes are in bin/
	go build ./...
	go build -o bin/ ./recipes/...

test: deps ## run all tests
	go test ./...

race: deps ## run the tests of the library under the race detector
	go test -race -timeout 30m $(RACE)

lint: deps ## vet, gofumpt and staticcheck
	go vet ./...
	@files=$$($(TOOL) gofumpt -l .); [ -z "$$files" ] || { echo "not formatted (go tool -modfile=tools/go.mod gofumpt -w .):"; echo "$$files"; exit 1; }
	$(TOOL) staticcheck ./...

bench: deps ## run benchmarks
	go test -run '^$$' -bench . -benchtime $(BENCHTIME) $(BENCH)

bench-dist: deps ## measure ranks of MPI on this machine, and simulate more nodes (SCALE=0: do not)
	@scripts/bench-dist

generate: ## write the assembly kernels again from their generators
	go generate ./...

calogan: build ## make showers, train the 3D-GAN on them, check its physics
	@scripts/calogan $(ARGS)

resnet: build ## train a collapsed ensemble on Fashion-MNIST, show what it is worth
	@scripts/resnet $(ARGS)

clean: ## remove binaries and the output of the recipes
	rm -rf bin out
