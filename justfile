# What people type. `just` lists it (https://just.systems); each line works without it, too.

corpus := env('ANNOSTORE_CORPUS', '../shared/corpus')

# List these commands
default:
    @just --list

# Format, lints of both feature sets, and house rules: before each commit
check:
    cargo fmt --all
    cargo clippy --all-targets -- -D warnings
    cargo clippy --all-targets --no-default-features -- -D warnings
    cargo test --test tidy

# Tests, all or those of some targets: just test pipe query
test *TARGETS:
    cargo test {{ if TARGETS == '' { '' } else { replace_regex(TARGETS, '(\S+)', '--test $1') } }}

# Take what is found and answered now for right: findings of the rules, answers of SQL, snapshots
bless:
    UPDATE_EXPECTED=1 INSTA_UPDATE=always cargo test --test rules --test sql --test profile --test readme
    git diff --stat

# Tests on files of public suites, which nothing may skip
corpus:
    ANNOSTORE_CORPUS={{ corpus }} ANNOSTORE_REQUIRE_ALL=1 cargo test \
        --test corpus --test conformance --test gff --test infer --test norm_corpus \
        --test profile --test spark --test vcf_real

# Benches of a stage, or of all; ANNOSTORE_BENCH_VCF names a large file of your own
bench *STAGE:
    cargo bench {{ if STAGE == '' { '' } else { '--bench ' + STAGE } }}

# Say byte for byte where two builds differ, on every file of the corpus: just compare OLD NEW
compare BEFORE AFTER *MORE:
    tests/compare.py {{ BEFORE }} {{ AFTER }} {{ MORE }}

# Fuzz a target for some seconds; needs cargo-fuzz
fuzz TARGET SECONDS='60':
    fuzz/run.sh {{ SECONDS }} {{ TARGET }}

# Hurt the program by the thousand: just campaign kill --count 10000 --folder target/campaigns
campaign NAME *ARGUMENTS:
    {{ if NAME == 'fuzz' { 'fuzz/run.sh 3600' } else { 'cargo test --release --test campaign -- ' + NAME } }} {{ ARGUMENTS }}

# The book of docs/, in a browser; needs mdbook
book:
    mdbook serve docs --open

# The documentation of the library, as docs.rs would show it
doc:
    RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --open

# Licences, sources and advisories of dependencies; needs cargo-deny
deny:
    cargo deny check

# All that a change has to pass, from a clean clone
ci:
    .ci/run
