"""A TSV file to Parquet with DuckDB, polars or pyarrow, each told the types, on two threads, zstd at level 1.

Usage: tsv_peer.py duckdb|polars|pyarrow INFERRED.json SOURCE TARGET.parquet

INFERRED.json is what `annostore infer SOURCE` prints: the columns and their types come from it, and how many lines stand before the rows.
"""

import json
import sys

peer, inferred, source, target = sys.argv[1:]
with open(inferred) as file:
    request = json.load(file)
columns = [next(iter(it.items())) for it in request["storeOptions"]["tsvStoreOptions"]["schema"]]
options = request["formatOptions"]["tsvOptions"]["readOptions"]


def lines_before_rows():
    """Comments, and the header behind them."""
    comment = options.get("comment")
    count = 0
    with open(source) as lines:
        for line in lines:
            if not (comment and line.startswith(comment)):
                break
            count += 1
    return count + bool(options.get("header"))


def duckdb_():
    import duckdb

    names = {"STRING": "VARCHAR", "INT": "INTEGER", "LONG": "BIGINT", "DOUBLE": "DOUBLE", "FLOAT": "FLOAT", "BOOLEAN": "BOOLEAN"}
    types = ", ".join(f"'{name}': '{names[kind]}'" for name, kind in columns)
    duckdb.sql("SET threads = 2")
    duckdb.sql(
        f"COPY (SELECT * FROM read_csv('{source}', delim = '\t', header = false, quote = '', escape = '', auto_detect = false, "
        f"skip = {lines_before_rows()}, columns = {{{types}}})) TO '{target}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
    )


def polars_():
    import os

    os.environ["POLARS_MAX_THREADS"] = "2"
    import polars as pl

    names = {"STRING": pl.String, "INT": pl.Int32, "LONG": pl.Int64, "DOUBLE": pl.Float64, "FLOAT": pl.Float32, "BOOLEAN": pl.Boolean}
    schema = {name: names[kind] for name, kind in columns}
    rows = pl.scan_csv(source, separator="\t", has_header=False, skip_lines=lines_before_rows(), schema=schema, quote_char=None)
    rows.sink_parquet(target, compression="zstd", compression_level=1)


def pyarrow_():
    import pyarrow as pa
    from pyarrow import csv, parquet

    names = {"STRING": pa.string(), "INT": pa.int32(), "LONG": pa.int64(), "DOUBLE": pa.float64(), "FLOAT": pa.float32(), "BOOLEAN": pa.bool_()}
    pa.set_cpu_count(2)
    rows = csv.open_csv(
        source,
        read_options=csv.ReadOptions(column_names=[name for name, _ in columns], skip_rows=lines_before_rows()),
        parse_options=csv.ParseOptions(delimiter="\t", quote_char=False),
        convert_options=csv.ConvertOptions(column_types={name: names[kind] for name, kind in columns}),
    )
    with parquet.ParquetWriter(target, rows.schema, compression="zstd", compression_level=1) as writer:
        for batch in rows:
            writer.write_batch(batch)


{"duckdb": duckdb_, "polars": polars_, "pyarrow": pyarrow_}[peer]()
