#!/usr/bin/env python3
"""Writes N rows in the manner of dbSNP as VCF: few INFO keys, rs numbers, sorted by place.

    python3 benches/make_dbsnp.py 50000000 | bgzip -@2 > dbsnp.vcf.gz
    python3 benches/make_dbsnp.py 5000000 --changed 1000 > other.vcf   # each 1000th row has other values

The same N gives the same bytes. rs numbers are in no order of places, as in dbSNP; the
row in the middle has rs77777777.
"""

import argparse
import random
import sys

HEADER = """##fileformat=VCFv4.2
##INFO=<ID=RS,Number=1,Type=Integer,Description="dbSNP ID (i.e. rs number)">
##INFO=<ID=VC,Number=1,Type=String,Description="Variation Class">
##INFO=<ID=COMMON,Number=0,Type=Flag,Description="RS is a common SNP">
##INFO=<ID=FREQ,Number=.,Type=String,Description="Frequencies by study">
##INFO=<ID=GENEINFO,Number=1,Type=String,Description="Pairs each of gene symbol:gene id">
"""
CONTIGS = [("%d" % it, 250_000_000 - 8_000_000 * it) for it in range(1, 23)] + [("X", 156_000_000)]
BLOCK = 1 << 16


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=int)
    parser.add_argument("--changed", type=int, default=0, metavar="K", help="change each K-th row")
    args = parser.parse_args()
    out = sys.stdout
    out.write(HEADER)
    out.write("".join(f"##contig=<ID={name},length={length}>\n" for name, length in CONTIGS))
    out.write("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n")
    total = sum(length for _, length in CONTIGS)
    step = 0.97 * total / args.rows
    draw = random.Random(20260707)
    bases, lines, place, contig = "ACGT", [], 0.0, 0
    # An odd factor makes numbers that are all different, and in no order.
    mask = (1 << 31) - 1
    for row in range(args.rows):
        place += step * (0.5 + draw.random())
        while contig + 1 < len(CONTIGS) and place > CONTIGS[contig][1]:
            place -= CONTIGS[contig][1]
            contig += 1
        bits = draw.getrandbits(24)
        reference, alternate = bases[bits & 3], bases[(bits & 3) ^ (1 + (bits >> 2) % 3)]
        kind = "SNV"
        if bits >> 4 & 15 == 0:
            alternate, kind = reference + alternate, "INS"
        number = 77_777_777 if row == args.rows // 2 else (row * 1_103_515_245 + 12_345) & mask
        info = f"RS={number};VC={kind}"
        if bits >> 8 & 7 == 0:
            changed = args.changed and row % args.changed == 0
            rare = (bits >> 11) / (1 << 14) if changed else (bits >> 11) / (1 << 13)
            info += f";COMMON;FREQ=1000Genomes:{1 - rare:.4g},{rare:.4g}"
        elif args.changed and row % args.changed == 0:
            info += ";COMMON"
        if bits >> 11 & 3 == 0:
            info += f";GENEINFO=GENE{place // 50_000:.0f}:{int(place) % 99_991}"
        lines.append(
            f"{CONTIGS[contig][0]}\t{int(place) + 1}\trs{number}\t{reference}\t{alternate}\t.\t.\t{info}\n"
        )
        if len(lines) == BLOCK:
            out.write("".join(lines))
            lines.clear()
    out.write("".join(lines))


if __name__ == "__main__":
    main()
