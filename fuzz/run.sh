#!/usr/bin/env bash
# Fuzzes for so many seconds each: fuzz/run.sh SECONDS [TARGET...]. Seeds are the examples of the
# rules (as BCF in fuzz/seeds) and the queries of tests/sql; what earlier runs found stays in
# fuzz/corpus. Needs cargo-fuzz.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=${1:?how many seconds each}
shift
mapfile -t targets < <(sed -n 's/^name = "\(.*\)"$/\1/p' fuzz/Cargo.toml | grep -v annostore)
[ "$#" -eq 0 ] || targets=("$@")
seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT

# Copies examples of an ending, under the names of their rules.
examples() {
    local file
    for file in src/diagnostic/rules/*/*."$1"; do
        cp "$file" "$seeds/$(basename "$(dirname "$file")").$(basename "$file")"
    done
}

# The queries of the tests, a file each.
queries() {
    awk -v folder="$seeds" '
        /^(query|statement)/ { n++; file = folder "/" n ".sql"; on = 1; next }
        /^(----|$)/ { if (on) close(file); on = 0 }
        on { print > file }' tests/sql/*.slt
}

failed=()
for target in "${targets[@]}"; do
    rm -rf "${seeds:?}"/*
    dictionary=
    case $target in
        vcf_header) examples vcf; dictionary=vcf ;;
        vcf_record) examples vcf; sed -i '/^#/d' "$seeds"/*; dictionary=vcf ;;
        annotation) dictionary=vcf ;;
        gff3_line) examples gff3; sed -i '/^##gff-version/d' "$seeds"/*; dictionary=gff3 ;;
        tsv) examples tsv; dictionary=tsv ;;
        fasta | fai) examples fa; dictionary=fasta ;;
        request) examples json; dictionary=json ;;
        sql) queries; dictionary=sql ;;
        bcf) cp fuzz/seeds/bcf/* "$seeds"; dictionary=bcf ;;
        http) dictionary=http ;;
    esac
    mkdir -p "fuzz/corpus/$target"
    # Without the sanitizer a stable toolchain does: no code here is unsafe.
    RUSTC_BOOTSTRAP=1 cargo fuzz run --features store --sanitizer none --codegen-units 16 "$target" \
        "fuzz/corpus/$target" "$seeds" -- -max_total_time="$seconds" -timeout=10 \
        -rss_limit_mb=2048 -print_final_stats=1 ${dictionary:+-dict="fuzz/dictionaries/$dictionary.dict"} \
        || failed+=("$target")
done
[ "${#failed[@]}" -eq 0 ] || { echo "found something: ${failed[*]}; see fuzz/artifacts" >&2; exit 1; }
