# What people type. `just` lists it; https://just.systems installs it. Each line also works alone.

# The commands below
default:
    @just --list

# Says byte for byte where two builds differ, on every file of the corpus: just compare OLD NEW
compare BEFORE AFTER *MORE:
    tests/compare.py {{BEFORE}} {{AFTER}} {{MORE}}
