#!/usr/bin/env python3
"""Makes a TSV file in the manner of dbNSFP: 700 columns, of which two thirds are floats, and rows of 7 kB in the order of their positions.

    make_wide.py --rows 960000 --seed 1 OUT

writes OUT/wide.tsv (7 kB a row) and the JSON that `store create --request` and `import --request` take.
"""

import argparse
import json
import pathlib
import random

COLUMNS = [f"c{number}" for number in range(696)]
FLOATS = {name for number, name in enumerate(COLUMNS) if number % 3}
KEYS = ["chr", "pos", "ref", "alt"]
REFERENCE = "arn:aws:omics:us-east-1:000000000000:referenceStore/1/reference/1"


def value(dice, name):
    if name in FLOATS:
        return f"{dice.random():.6f}"
    words = dice.randrange(1, 6)
    return ";".join(dice.choice([".", "T", "D", f"ENST{dice.randrange(500):05}"]) for _ in range(words))


def write_rows(path, rows, dice):
    # Four hundred different rows, so that the file is made faster than it is read.
    scores = ["\t".join(value(dice, name) for name in COLUMNS) for _ in range(400)]
    position = 1
    with open(path, "w") as out:
        out.write("\t".join(KEYS + COLUMNS) + "\n")
        for _ in range(rows):
            position += dice.randrange(3)
            reference, alternate = dice.sample("ACGT", 2)
            out.write(f"chr1\t{position}\t{reference}\t{alternate}\t{dice.choice(scores)}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=960_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("out", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_rows(arguments.out / "wide.tsv", arguments.rows, random.Random(arguments.seed))

    types = {"pos": "LONG"} | {name: "DOUBLE" for name in FLOATS}
    options = {
        "annotationType": "CHR_POS_REF_ALT",
        "formatToHeader": {"CHR": "chr", "POS": "pos", "REF": "ref", "ALT": "alt"},
        "schema": [{name: types.get(name, "STRING")} for name in KEYS + COLUMNS],
    }
    store = {"storeFormat": "TSV", "reference": {"referenceArn": REFERENCE}, "storeOptions": {"tsvStoreOptions": options}}
    (arguments.out / "store.json").write_text(json.dumps(store, indent=1))
    reading = {"formatOptions": {"tsvOptions": {"readOptions": {"sep": "\t", "header": True}}}}
    (arguments.out / "import.json").write_text(json.dumps(reading, indent=1))


if __name__ == "__main__":
    main()
