"""Tables by path: equal rows in every engine, pruning, and metadata that name nothing that is not there."""

import json
import re
import shutil

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from duck import connect
from home import TESTDATA, Home, digest, main
from pyiceberg.expressions import And, EqualTo, GreaterThan, LessThan
from pyiceberg.table import StaticTable


def lists_of_rows(schema):
    """Whether some column is a list of rows, in which pyiceberg loses nulls."""
    return any(pa.types.is_struct(it.type) and any(pa.types.is_list(inner.type) and pa.types.is_struct(inner.type.value_type)
                                                   for inner in it.type) for it in schema)


def engines_see_equal_rows():
    with Home() as home:
        duck = connect()
        for store in home.fill():
            location = home.location(store)
            table = StaticTable.from_metadata(location)
            names = [it.name for it in table.schema().fields]
            wanted = home.rows(store, names)
            assert wanted[0] == {"vcf": 16, "genes": 7, "cadd": 15, "empty": 0}[store], wanted
            for source in [location, location.split("/metadata/")[0]]:
                found = duck.execute(f"SELECT * FROM iceberg_scan('{source}')").to_arrow_table()
                assert digest(found) == wanted, f"DuckDB: {store}"
            found = pl.scan_iceberg(f"file://{location}", reader_override="native").collect().to_arrow()
            assert digest(found) == wanted, f"Polars: {store}"
            found = table.scan().to_arrow()
            if store == "vcf" and lists_of_rows(found.schema):
                # It reads null lists of rows as empty ones. Where this fails, apache/iceberg-python#3833 is
                # mended, and the exception can go.
                assert digest(found) != wanted, "pyiceberg reads null lists of rows by now"
            else:
                assert digest(found) == wanted, f"pyiceberg: {store}"


def sql_of_other_engines():
    with Home() as home:
        home.fill()
        location, duck = home.location("vcf"), connect()
        asked = f"SELECT count(*) FROM (SELECT unnest(annotations.vep) AS v FROM iceberg_scan('{location}')) WHERE v.impact = 'HIGH'"
        assert duck.execute(asked).fetchall() == [(1,)]
        asked = f"""SELECT count(*) FROM iceberg_scan('{location}') v JOIN iceberg_scan('{home.location("cadd")}') c
            ON v.contigname = c.chrom"""
        here = json.loads(home.run("query", "--format", "ndjson", "SELECT count(*) AS n FROM vcf v JOIN cadd c ON v.contigname = c.chrom"))
        assert duck.execute(asked).fetchall() == [(here["n"],)]


def earlier_snapshots_are_there():
    with Home() as home:
        home.fill()
        table = StaticTable.from_metadata(home.location("vcf"))
        rows = [table.scan(snapshot_id=it.snapshot_id).to_arrow().num_rows for it in table.snapshots()]
        assert rows == [5, 10, 14, 16], rows
        assert [it.sequence_number for it in table.snapshots()] == [1, 2, 3, 4]
        jobs = {it.summary["annostore.job"] for it in table.snapshots()}
        assert len(jobs) == 4
        schemas = [it.schema_id for it in table.snapshots()]
        assert sorted(set(schemas)) == schemas, "each import brings INFO columns of its own"


def bounds_prune_files():
    with Home() as home:
        home.fill()
        table = StaticTable.from_metadata(home.location("vcf"))
        region = And(EqualTo("contigname", "chrX"), And(LessThan("start", 5050), GreaterThan("end", 4999)))
        planned = list(table.scan(row_filter=region).plan_files())
        assert len(planned) == 1 < len(list(table.scan().plan_files()))
        assert table.scan(row_filter=region).to_arrow().num_rows == 1
        genes = StaticTable.from_metadata(home.location("genes"))
        assert not list(genes.scan(row_filter=EqualTo("seqid", "nowhere")).plan_files())


def statistics_are_believed():
    """Parquet's Java library believes statistics of texts where it understands who wrote them (its VersionParser)."""
    with Home() as home:
        home.fill()
        written = [pq.read_metadata(it).created_by for it in home.path.glob("data/*/*/*.parquet")]
        assert written and all(re.fullmatch(r"annostore\s+version\s*[^(]*", it) for it in written), written


def nothing_is_named_that_is_not_there(home):
    """Follows all metadata of a home down to the data files."""
    for metadata in home.path.glob("iceberg/*/*/metadata/*.metadata.json"):
        table = StaticTable.from_metadata(str(metadata))
        for snapshot in table.snapshots():
            for manifest in snapshot.manifests(table.io):
                for entry in manifest.fetch_manifest_entry(table.io):
                    path = entry.data_file.file_path.removeprefix("file://")
                    assert home.path.joinpath(path).is_file(), f"{metadata} names {path}"


def merges_and_deletions_leave_nothing_behind():
    with Home() as home:
        text = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        for number in range(40):
            home.import_text(f"{text}1\t{number + 1}\t.\tA\tC\t.\t.\t.\n", "small")
            nothing_is_named_that_is_not_there(home)
        table = StaticTable.from_metadata(home.location("small"))
        assert table.scan().to_arrow().num_rows == 40
        assert len(list(table.scan().plan_files())) < 40
        folder = next(home.path.glob("iceberg/*/*/metadata"))
        kept = len(list(folder.glob("*.avro")))
        assert kept == 2 * len(table.snapshots()), f"{kept} files for {len(table.snapshots())} snapshots"
        home.run("store", "delete", "small")
        assert not list(home.path.glob("iceberg/*/*"))


def what_was_deleted_stays_for_a_while():
    with Home() as home:
        home.run("init", "--keep-removed", "1h")
        home.fill()
        location = home.location("genes")
        home.run("store", "delete", "genes")
        assert StaticTable.from_metadata(location).scan().to_arrow().num_rows == 7
        home.run("init", "--keep-removed", "0s")
        home.run("query", "SELECT 1")
        assert not list(home.path.glob("data/*/*/*.parquet")) or len(list(home.path.glob("iceberg/*"))) == 3


def a_home_that_moved_gets_other_metadata():
    with Home() as home:
        home.fill()
        before = home.location("vcf")
        moved = home.folder / "moved"
        shutil.move(home.path, moved)
        home.path = moved
        shown = json.loads(home.run("version", "get", "vcf", "vcf", "--json"))
        assert "metadataLocation" not in shown
        home.run("iceberg", "sync")
        after = home.location("vcf")
        assert after != before and StaticTable.from_metadata(after).scan().to_arrow().num_rows == 16
        nothing_is_named_that_is_not_there(home)
        shown = json.loads(home.run("version", "get", "vcf", "vcf", "--json"))
        assert shown["metadataLocation"] == f"file://{after}" and sum(it["rows"] for it in shown["dataFiles"]) == 16


def a_catalog_that_went_back_has_its_own_metadata():
    with Home() as home:
        home.import_file(TESTDATA / "recipes" / "clinvar.vcf", "vcf")
        backup = home.folder / "backup"
        shutil.copytree(home.path, backup)
        home.import_file(TESTDATA / "recipes" / "gnomad.vcf", "vcf")
        for name in ["catalog.db", "catalog.db-wal", "catalog.db-shm"]:
            home.path.joinpath(name).unlink(missing_ok=True)
            if backup.joinpath(name).exists():
                shutil.copy(backup / name, home.path / name)
        table = StaticTable.from_metadata(home.location("vcf"))
        assert table.scan().to_arrow().num_rows == 5
        assert [it.name for it in home.path.glob("iceberg/*/*/metadata/*.json")] == ["v1.metadata.json"]


main([engines_see_equal_rows, sql_of_other_engines, earlier_snapshots_are_there, bounds_prune_files, statistics_are_believed,
      a_catalog_that_went_back_has_its_own_metadata, merges_and_deletions_leave_nothing_behind, what_was_deleted_stays_for_a_while, a_home_that_moved_gets_other_metadata])
