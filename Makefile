# SPDX-License-Identifier: Apache-2.0
# One entry for people; the work is in scripts/ and in the CMake presets.

.PHONY: help build check test test-full sim fuzz tidy bench demo ci

help:
	@echo "make build      the program: build/release/attacca"
	@echo "make check      layers and house style, in a second, without a build"
	@echo "make test       everything that continuous integration runs"
	@echo "make test-full  also Clang, clang-tidy, fuzzing and the long campaigns"
	@echo "make sim        20 million simulated events"
	@echo "make fuzz       each fuzzer, briefly"
	@echo "make tidy       clang-tidy over src/"
	@echo "make bench      figures of this machine"
	@echo "make demo       a real scan of two services on this machine"
	@echo "make ci         what continuous integration runs"

build:
	@scripts/build

check:
	@tools/layers.py
	@tools/tidy.py
	@for test in tools/*_test.py; do PYTHONDONTWRITEBYTECODE=1 $$test -q || exit 1; done

test:
	@scripts/test

test-full:
	@scripts/test --full

sim:
	@scripts/build --all release
	build/release/attacca-sim --seed $${SEED:-1} --events 20000000

fuzz:
	@scripts/setup --test
	@tests/fuzz/run

tidy:
	@scripts/setup --test
	@cmake -S . -B build/clang -G Ninja -DCMAKE_CXX_COMPILER=clang++-14 >/dev/null
	run-clang-tidy-14 -quiet -p build/clang "$(CURDIR)/src/.*\.cc$$"

bench:
	@scripts/bench

demo:
	@scripts/demo

ci:
	@.ci/run
