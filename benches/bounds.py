#!/usr/bin/env python3
"""Time and memory of what input can make many, at three sizes each: time grows like the input, memory stays bounded.

    ANNOSTORE=target/release/annostore python3 benches/bounds.py [PART]

Prints a row of a table for each size: input, its megabytes, seconds of CPU, megabytes of resident memory at most.
PART is one of contigs, keys, others, samples, names, files, versions.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from itertools import chain

PROGRAM = os.path.abspath(os.environ.get("ANNOSTORE", "target/release/annostore"))
VCF = "##fileformat=VCFv4.2\n{}#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO{}\n"


def run(folder, label, *arguments, size=0):
    """Runs the program, and prints what it took."""
    began = time.time()
    child = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=folder,
                             env={**os.environ, "ANNOSTORE_HOME": os.path.join(folder, "home")}, text=True)
    said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if label:
        print(f"| `{arguments[0]}` {label} | {size / 1e6:.1f} MB | {time.time() - began:.2f} s | "
              f"{usage.ru_utime + usage.ru_stime:.2f} s | {usage.ru_maxrss / 1024:.0f} MB | {code} |", flush=True)
    elif code != 0:
        sys.exit(said)


def file(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(text)
    return path, os.path.getsize(path)


def store(folder, name, form):
    run(folder, "", "store", "create", "--name", name, "--store-format", form, "--reference-arn", "arn:x")


def both(folder, label, name, text, form="VCF"):
    """Checks and imports a file."""
    path, size = file(folder, name, text)
    table = "t" + "".join(it for it in label if it.isalnum())
    store(folder, table, form)
    run(folder, label, "check", path, "--output", "json", size=size)
    run(folder, label, "import", path, "--store", table, size=size)
    run(folder, label, "query", f"SELECT count(*) AS n, sum(start) AS s FROM {table}")


def contigs(folder):
    for count in (10_000, 100_000, 1_000_000):
        rows = (f"contig_{n}\tx\tgene\t{n + 1}\t{n + 9}\t.\t+\t.\tID=g{n}\n" for n in range(count))
        both(folder, f"{count:,} contigs", "contigs.gff3", chain(["##gff-version 3\n"], rows), "GFF")


def keys(folder):
    for count in (5_000, 10_000, 50_000):
        head = "".join(f'##INFO=<ID=K{n},Number=1,Type=Integer,Description="x">\n' for n in range(count))
        rows = (f"1\t{n + 1}\t.\tA\tC\t.\t.\tK{n % count}=1\n" for n in range(1000))
        both(folder, f"{count:,} declared keys", "keys.vcf", chain([VCF.format(head, "")], rows))


def others(folder):
    for count in (10_000, 100_000, 1_000_000):
        def row(r, count=count):
            return chain([f"1\t{r + 1}\t.\tA\tC\t.\t.\tX=1"], (f";R{r}K{n}=1" for n in range(count)), "\n")

        rows = chain.from_iterable(map(row, range(10)))
        both(folder, f"10 records of {count:,} other keys", "others.vcf", chain([VCF.format("", "")], rows))


def samples(folder):
    for count in (100_000, 1_000_000, 31_500_000):
        head, end = VCF.format("", "\tFORMAT|").split("|")
        columns = (f"\t{n % 10}" if count > 1e7 else f"\ts{n}" for n in range(count))
        path, size = file(folder, "samples.vcf", chain([head], columns, [end]))
        run(folder, f"{count:,} samples", "check", path, "--output", "json", size=size)


def names(folder):
    for count in (300_000, 3_000_000, 30_000_000):
        path, size = file(folder, "names.tsv", chain("a", ("\ta" for _ in range(count - 1)), "\n"))
        options = '{"tsvStoreOptions": {"annotationType": "GENERIC", "schema": [{"a": "STRING"}]}}'
        given, _ = file(folder, "names.json", [options])
        run(folder, f"{count:,} names", "check", path, "--options", given, "--output", "json", size=size)


def files(folder):
    for count in (100, 300, 1_000):
        store(folder, f"files_{count}", "VCF")
        for n in range(count):
            rows = (f"1\t{n * 100 + it + 1}\t.\tA\tC\t.\t.\t.\n" for it in range(100))
            path, _ = file(folder, "small.vcf", chain([VCF.format("", "")], rows))
            run(folder, "", "import", path, "--store", f"files_{count}")
        run(folder, f"sum over {count:,} imports of 100 rows", "query", f"SELECT sum(start) AS s FROM files_{count}")


def versions(folder):
    for count in (100, 1_000, 10_000):
        store(folder, f"many_{count}", "VCF")
        for n in range(count - 1):
            run(folder, "", "version", "create", f"many_{count}", "--version-name", f"v_{n}")
        run(folder, f"SHOW TABLES of {count:,} versions", "query", "SHOW TABLES")
        run(folder, f"list of {count:,} versions", "version", "list", f"many_{count}", "--json")


def main():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    parts = [contigs, keys, others, samples, names, files, versions]
    wanted = [it for it in parts if it.__name__ in sys.argv[1:]] or parts
    for part in wanted:
        with tempfile.TemporaryDirectory() as folder:
            part(folder)


if __name__ == "__main__":
    main()
