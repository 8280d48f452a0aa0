#!/usr/bin/env python3
"""How long a version of many data files takes to be told of, and to be planned by other engines.

    plan_iceberg.py ANNOSTORE [FILES]

Only the catalog has the files: planning opens none of them. Needs pyiceberg, and what tests/engines needs for DuckDB.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

BINARY, FILES = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
os.environ["ANNOSTORE"] = BINARY
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "engines"))

from home import connect  # noqa: E402
from pyiceberg.expressions import And, EqualTo, GreaterThan, LessThan  # noqa: E402
from pyiceberg.table import StaticTable  # noqa: E402

VCF = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t100\t.\tA\tC\t.\t.\t.\n"


def timed(what, work):
    began = time.time()
    answer = work()
    print(f"{what}: {time.time() - began:.2f} s")
    return answer


def add_files(catalog):
    """Adds rows to the catalog like that of the one file: each 1,000 bases of one of 25 contigs."""
    with sqlite3.connect(catalog) as connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(data_files)")]
        known = dict(zip(names, connection.execute("SELECT * FROM data_files").fetchone()))
        for number in range(FILES):
            start = number // 25 * 1000
            known |= {"seq": None, "path": f"data/x/y/{uuid.uuid4()}.parquet", "rows": 5000,
                      "bounds": json.dumps([[f"chr{number % 25}", start, start + 1000, 5000]])}
            places = ", ".join("?" * len(names))
            connection.execute(f"INSERT INTO data_files VALUES ({places})", list(known.values()))


with tempfile.TemporaryDirectory() as folder:
    def run(*arguments):
        command = [BINARY, "--home", f"{folder}/home", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    Path(folder, "one.vcf").write_text(VCF)
    run("import", f"{folder}/one.vcf", "--create", "--store", "big")
    add_files(f"{folder}/home/catalog.db")
    synced = timed("iceberg sync", lambda: run("iceberg", "sync", "big", "--json"))
    location = json.loads(synced)[0]["metadataLocation"]
    region = And(EqualTo("contigname", "chr7"), And(LessThan("start", 500_500), GreaterThan("end", 500_000)))
    scan = StaticTable.from_metadata(location).scan(row_filter=region)
    planned = timed("pyiceberg plans", lambda: len(list(scan.plan_files())))
    print(f"{planned} of {FILES + 1} files are to be read")
    sql = f"""EXPLAIN SELECT count(*) FROM iceberg_scan('{location.removeprefix("file://")}')
        WHERE contigname = 'chr7' AND start < 500500 AND "end" > 500000"""
    duck = connect()
    timed("DuckDB plans", lambda: duck.execute(sql).fetchall())
