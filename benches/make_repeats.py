#!/usr/bin/env python3
"""Makes a reference full of nested tandem repeats (periods 1 to 30), and variants in it that hardly any caller would write so.

    python3 benches/make_repeats.py --records 1000000 --seed 1 OUT      # OUT/repeats.fa, OUT/repeats.vcf

Deletions, insertions and duplications of whole and of broken repeat units, complex and multi-nucleotide variants with needless bases on both
sides, several ALT alleles, `*`, symbolic and missing ones; soft-masked tracts, runs of N, IUPAC codes, contig starts. Needs Python alone; the
same arguments give the same files.
"""

import argparse
import os
import random

CONTIGS = ("chr1", "chr2", "chrM")
LINE = 70
INFO = (
    '##INFO=<ID=AF,Number=A,Type=Float,Description="One for each ALT allele">\n'
    '##INFO=<ID=XR,Number=R,Type=Integer,Description="One for each allele">\n'
    '##INFO=<ID=XG,Number=G,Type=Integer,Description="One for each genotype">\n'
    '##INFO=<ID=XS,Number=A,Type=String,Description="A text for each ALT allele">\n'
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="One for the record">\n'
    '##INFO=<ID=END,Number=1,Type=Integer,Description="Last base">\n'
)


def bases(rng, count):
    return "".join(rng.choices("ACGT", k=count))


def unit(rng, period):
    """A repeat unit that is often a repeat itself, with a base changed."""
    if period > 3 and rng.random() < 0.5:
        inner = bases(rng, rng.randint(1, period // 2))
        text = list((inner * period)[:period])
        text[rng.randrange(period)] = rng.choice("ACGT")
        return "".join(text)
    return bases(rng, period)


def tract(rng):
    period = rng.randint(1, 30)
    copies = rng.choice((2, 3, 5, 8, 13, 30, 100)) if rng.random() < 0.98 else 2000 // period + 1
    text = (unit(rng, period) * copies)[: rng.randint(period, period * copies)]
    if rng.random() < 0.3:
        at = rng.randrange(len(text))
        text = text[:at] + rng.choice("ACGTN") + text[at + 1:]
    return text


def contig(rng, length):
    pieces, total = [tract(rng)], 0
    while total < length:
        kind = rng.random()
        if kind < 0.75:
            piece = tract(rng)
        elif kind < 0.98:
            piece = bases(rng, rng.randint(1, 60))
        elif kind < 0.99:
            piece = "N" * rng.randint(1, 300)
        else:
            piece = rng.choice("RYKMSW")
        pieces.append(piece.lower() if rng.random() < 0.4 else piece)
        total += len(piece)
    return "".join(pieces)


def plain(text):
    return "".join(it if it in "ACGT" else "N" for it in text.upper())


def alternate(rng, sequence, start, end):
    """Another allele for the bases from `start` to `end`."""
    reference = plain(sequence[start:end])
    kind = rng.random()
    if kind < 0.30:  # some bases go
        cut = rng.randint(0, len(reference) - 1)
        return reference[:1] + reference[cut + 1:]
    if kind < 0.60:  # what stands here comes again
        copied = plain(sequence[start + 1:start + 1 + rng.randint(1, 40)])
        at = rng.randint(1, len(reference))
        return reference[:at] + copied + reference[at:]
    if kind < 0.75:
        at = rng.randint(1, len(reference))
        return reference[:at] + bases(rng, rng.randint(1, 6)) + reference[at:]
    if kind < 0.9:  # as long as before
        at = rng.randrange(len(reference))
        return reference[:at] + rng.choice("ACGT") + reference[at + 1:]
    return reference[:rng.randint(0, 2)] + bases(rng, rng.randint(1, 12)) + reference[len(reference) - rng.randint(0, 2):]


def record(rng, name, sequence):
    start = rng.randrange(len(sequence) - 1)
    if rng.random() < 0.001:
        start = rng.randint(0, 3)
    end = min(start + rng.choice((1, 1, 2, 3, 4, 7, 12, 31, 61)), len(sequence))
    reference = plain(sequence[start:end])
    count = rng.choices((1, 2, 3, 4), (80, 14, 4, 2))[0]
    alternates = []
    while len(alternates) < count:
        allele = alternate(rng, sequence, start, end)
        if allele and allele != reference and allele not in alternates:
            alternates.append(allele)
    info = "DP=%d" % rng.randint(1, 999)
    odd = rng.random()
    if odd < 0.005:
        alternates[-1] = "*"
    elif odd < 0.01:
        alternates[-1] = "<DEL>"
    elif odd < 0.013:
        alternates = ["."]
    elif odd < 0.03:
        info += ";END=%d" % end
    if alternates != ["."]:
        count = len(alternates)
        info += ";AF=" + ",".join("0.%d" % rng.randint(1, 9) for _ in range(count))
        if rng.random() < 0.2:
            info += ";XR=" + ",".join(str(rng.randint(0, 99)) for _ in range(count + 1))
            info += ";XG=" + ",".join(str(rng.randint(0, 99)) for _ in range((count + 1) * (count + 2) // 2))
            info += ";XS=" + ",".join(rng.choice(("a", "bc", ".")) for _ in range(count))
    if rng.random() < 0.1:
        reference = reference.lower()
    return start, (name, str(start + 1), ".", reference, ",".join(alternates), ".", ".", info)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    os.makedirs(args.out, exist_ok=True)
    with open(os.path.join(args.out, "repeats.fa"), "w") as fasta, open(os.path.join(args.out, "repeats.vcf"), "w") as vcf:
        vcf.write("##fileformat=VCFv4.2\n" + INFO)
        made = []
        for index, name in enumerate(CONTIGS):
            sequence = contig(rng, (args.records * 2, args.records, 16_000)[index])
            fasta.write(">%s\n" % name)
            fasta.writelines(sequence[at:at + LINE] + "\n" for at in range(0, len(sequence), LINE))
            vcf.write("##contig=<ID=%s,length=%d>\n" % (name, len(sequence)))
            made.append((name, sequence, args.records * (70, 28, 2)[index] // 100))
        vcf.write("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n")
        for name, sequence, count in made:
            records = sorted((record(rng, name, sequence) for _ in range(count)), key=lambda it: it[0])
            vcf.writelines("\t".join(fields) + "\n" for _, fields in records)


if __name__ == "__main__":
    main()
