#!/usr/bin/env python3
"""Reads VCF, and writes it as a later version: of a hundred records one is gone, one has another
value, and one more stands behind one.

    zcat gnomad.vcf.gz | python3 benches/make_second.py > second.vcf

The same input gives the same bytes.
"""

import random
import sys


def main():
    random.seed(17)
    for line in sys.stdin:
        chance = random.random() if line[0] != "#" else 1
        if chance < 0.01:
            continue
        if chance < 0.015:
            line = line.replace(";AN=", ";AN=1", 1)
        elif chance < 0.02:
            changed = line.replace("\tPASS\t", "\tAC0\t", 1)
            line = changed if changed != line else line.replace("cadd_phred=", "cadd_phred=1", 1)
        sys.stdout.write(line)
        if 0.02 <= chance < 0.03:
            fields = line.split("\t")
            fields[2], fields[4] = ".", "G" if fields[3][0] == "C" else "C"
            sys.stdout.write("\t".join(fields))


main()
