"""A home with stores of the three formats, and the rows of a table as every engine has to see them."""

import hashlib
import json
import math
import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

BINARY = os.environ["ANNOSTORE"]
TESTDATA = Path(__file__).parents[2] / "testdata"
ACCOUNT = "000000000000"

HEADER = "##fileformat=VCFv4.2\n##contig=<ID=chr1>\n##contig=<ID=chrX>\n{more}#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
CSQ = ('##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. Format: '
       'Allele|Consequence|IMPACT|SYMBOL">\n##INFO=<ID=A.B,Number=1,Type=Integer,Description="a">\n'
       '##INFO=<ID=ab,Number=A,Type=Float,Description="b">\n##INFO=<ID=AB,Number=0,Type=Flag,Description="c">\n')
VEP = HEADER.format(more=CSQ) + """
chr1\t100\trs1;rs2\tA\tG,T\t.\tPASS\tCSQ=G|missense_variant|HIGH|BRCA2,T|intron_variant|LOW|;A.B=1;ab=0.5,nan;AB
chrX\t5000\t.\tC\t<DEL>\t9.5\tq10;s50\tEND=5100;ab=1e-300;UNKNOWN=x
"""


class Home:
    """A home of its own, which ends with the `with` block."""

    def __enter__(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="annostore-engines-")
        self.folder = Path(self.temporary.name)
        self.path = self.folder / "home"
        return self

    def __exit__(self, *_):
        self.temporary.cleanup()

    def run(self, *arguments):
        done = subprocess.run([BINARY, "--home", self.path, *arguments], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def import_file(self, path, store, *more):
        self.run("import", path, "--create", "--store", store, *more)

    def import_text(self, text, store, name="in.vcf"):
        path = self.folder / name
        path.write_text(text)
        self.import_file(path, store)

    def fill(self):
        """Four imports with different INFO columns in one version, GFF3, TSV, and a version without rows."""
        for name in ["clinvar.vcf", "gnomad.vcf", "spliceai.vcf"]:
            self.import_file(TESTDATA / "recipes" / name, "vcf")
        self.import_text(VEP, "vcf")
        self.import_file(TESTDATA / "recipes" / "ensembl.gff3", "genes")
        self.import_file(TESTDATA / "recipes" / "cadd.tsv", "cadd")
        self.run("store", "create", "--name", "empty", "--store-format", "VCF")
        return ["vcf", "genes", "cadd", "empty"]

    def location(self, table):
        """The metadata file of a table, as a path."""
        found = json.loads(self.run("iceberg", "sync", table, "--json"))
        return found[0]["metadataLocation"].removeprefix("file://")

    def rows(self, store, columns):
        """What SQL answers here."""
        path = self.folder / "answer.parquet"
        names = ", ".join(f'"{name}"' for name in columns)
        self.run("query", f"SELECT {names} FROM {store}", "-o", path)
        return digest(pq.read_table(path))


def plain(value, kind):
    """A value of Arrow in one form for all engines."""
    if value is None:
        return None
    if pa.types.is_map(kind):
        return sorted([key, plain(it, kind.item_type)] for key, it in value)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return [plain(it, kind.value_type) for it in value]
    if pa.types.is_struct(kind):
        return {kind.field(i).name: plain(value[kind.field(i).name], kind.field(i).type)
                for i in range(kind.num_fields)}
    if isinstance(value, float):
        return "nan" if math.isnan(value) else repr(value)
    return value


def digest(table):
    """How many rows there are, and a hash of all of them in any order."""
    names = sorted(table.column_names)
    rows = []
    for batch in table.select(names).to_batches():
        columns = [[plain(value, field.type) for value in column.to_pylist(maps_as_pydicts=None)]
                   for column, field in zip(batch.columns, batch.schema)]
        rows += [json.dumps(dict(zip(names, row)), sort_keys=True) for row in zip(*columns)]
    return len(rows), hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


def main(tests):
    """Runs the functions of a file that are tests, and says which failed."""
    failed = 0
    for test in tests:
        try:
            test()
            print(f"ok {test.__name__}", flush=True)
        except Exception:
            failed += 1
            print(f"FAILED {test.__name__}\n{traceback.format_exc()}", flush=True)
    sys.exit(failed)
