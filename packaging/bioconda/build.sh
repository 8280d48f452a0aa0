#!/bin/bash
# What conda-build runs in the unpacked source.
set -euo pipefail

cargo-bundle-licenses --format yaml --output THIRDPARTY.yml
export RUSTFLAGS="${RUSTFLAGS:-} -C strip=symbols"
cargo install --path . --profile dist --locked --no-track --root "$PREFIX"
"$PREFIX/bin/annostore" man --folder "$PREFIX/share/man/man1"
