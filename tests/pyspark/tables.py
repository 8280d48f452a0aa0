"""Spark itself, with Iceberg's own library, sees the rows of SQL."""

import json
import os
import sys
from pathlib import Path

import pyarrow.parquet as pq
from jars import iceberg, jackson
from pyspark.sql import SparkSession

sys.path.append(str(Path(__file__).parents[1] / "engines"))
from home import Home, digest, main

PLAIN = """##fileformat=VCFv4.2
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
chr1\t1\t.\tA\tC\t.\t.\t.
"""
ODD = """##fileformat=VCFv4.2
##INFO=<ID=A.B,Number=1,Type=Integer,Description="a">
##INFO=<ID=ab,Number=A,Type=Float,Description="b">
##INFO=<ID=AB,Number=1,Type=String,Description="c">
##INFO=<ID=1000G,Number=0,Type=Flag,Description="d">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
chr1\t2\t.\tA\tC\t.\t.\tA.B=7;ab=0.5;AB=x;1000G
chr1\t3\t.\tA\tC,G\t.\t.\tab=.,1e-30
"""


class SparkHome(Home):
    """A home, and one Spark that reads it."""

    def __enter__(self):
        super().__enter__()
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
        settings = {
            "spark.jars": f"{iceberg()},{jackson(self.folder / 'jackson.jar')}",
            "spark.local.dir": self.folder / "scratch",
            "spark.sql.warehouse.dir": self.folder / "warehouse",
            "spark.driver.memory": "1g",
            "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.catalog.anno": "org.apache.iceberg.spark.SparkCatalog",
            "spark.sql.catalog.anno.type": "hadoop",
            "spark.sql.catalog.anno.warehouse": self.path / "iceberg",
        }
        builder = SparkSession.builder.master("local[2]")
        for key, value in settings.items():
            builder = builder.config(key, str(value))
        self.spark = builder.getOrCreate()
        return self

    def __exit__(self, *more):
        self.spark.stop()
        super().__exit__(*more)

    def table(self, name):
        """A version as Spark names it: by the ids of store and version."""
        store, version = Path(self.location(name)).parts[-4:-2]
        return f"anno.`{store}`.`{version}`"

    def read(self, frame):
        """Rows of Spark, through a file, as those of SQL come."""
        path = str(self.folder / "answer.spark")
        frame.write.mode("overwrite").parquet(path)
        return digest(pq.read_table(path))

    def both(self, here, there):
        """What a question answers here and in Spark, in the words of each."""
        lines = self.run("query", "--format", "ndjson", here).splitlines()
        ours = [tuple(json.loads(line).values()) for line in lines]
        return ours, [tuple(row) for row in self.spark.sql(there).collect()]


def spark_sees_equal_rows():
    with SparkHome() as home:
        for store in home.fill():
            frame = home.spark.table(home.table(store))
            wanted = home.rows(store, frame.columns)
            assert wanted[0] == {"vcf": 16, "genes": 7, "cadd": 15, "empty": 0}[store], wanted
            assert home.read(frame) == wanted, f"by the catalog: {store}"
            folder = home.location(store).split("/metadata/")[0]
            assert home.read(home.spark.read.format("iceberg").load(f"file://{folder}")) == wanted, f"by path: {store}"


def spark_unnests_and_joins():
    with SparkHome() as home:
        home.fill()
        vcf, cadd = home.table("vcf"), home.table("cadd")
        ours, sparks = home.both(
            "SELECT contigname, start, v.symbol FROM vcf CROSS JOIN UNNEST(annotations.vep) AS t(v) WHERE v.impact = 'HIGH'",
            f"SELECT contigname, start, v.symbol FROM (SELECT *, explode(annotations.vep) AS v FROM {vcf}) WHERE v.impact = 'HIGH'")
        assert ours == sparks == [("chr1", 99, "BRCA2")], (ours, sparks)
        ours, sparks = home.both(
            "SELECT count(*) AS n FROM vcf v JOIN cadd c ON v.contigname = c.chrom",
            f"SELECT count(*) FROM {vcf} v JOIN {cadd} c ON v.contigname = c.chrom")
        assert ours == sparks and ours[0][0] > 0, (ours, sparks)


def spark_names_odd_keys():
    with SparkHome() as home:
        home.import_text(PLAIN, "odd")
        home.import_text(ODD, "odd")
        table = home.table("odd")
        frame = home.spark.table(table)
        assert frame.select("info.*").columns == ["a.b", "ab", "ab_2", "1000g"]
        wanted = home.rows("odd", frame.columns)
        assert wanted[0] == 3 and home.read(frame) == wanted
        asked = 'SELECT start, info."a.b", info.ab, info.ab_2, info."1000g" FROM odd ORDER BY start'
        ours, sparks = home.both(asked, asked.replace('"', "`").replace("odd", table))
        assert ours == sparks and ours[1] == (1, 7, [0.5], "x", True), (ours, sparks)


main([spark_sees_equal_rows, spark_unnests_and_joins, spark_names_odd_keys])
