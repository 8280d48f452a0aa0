"""Versions whose data files lie in a bucket (moto) have equal rows in every engine, which reads them there."""

import os

import boto3
import polars as pl
from duck import connect
from home import Home, digest, main
from moto.server import ThreadedMotoServer
from pyiceberg.table import StaticTable
from pysail.spark import SparkConnectServer
from pyspark.sql import SparkSession

KEYS = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_REGION": "us-east-1"}


class BucketHome(Home):
    """A home of its own, with its data in a bucket of an S3 server of its own."""

    def __enter__(self):
        super().__enter__()
        os.environ.update(KEYS)
        self.server = ThreadedMotoServer(port=0)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.endpoint = f"http://{host.replace('0.0.0.0', '127.0.0.1')}:{port}"
        boto3.client("s3", endpoint_url=self.endpoint, region_name="us-east-1").create_bucket(Bucket="genomics")
        self.run("init", "--data-url", "s3://genomics/home", "--s3-endpoint", self.endpoint)
        return self

    def __exit__(self, *more):
        self.server.stop()
        super().__exit__(*more)


def engines_see_equal_rows_in_a_bucket():
    with BucketHome() as home:
        stores = home.fill()
        duck = connect()
        duck.execute(f"""CREATE SECRET (TYPE s3, KEY_ID 'x', SECRET 'y', REGION 'us-east-1', USE_SSL false, URL_STYLE 'path',
            ENDPOINT '{home.endpoint.removeprefix("http://")}')""")
        options = {"s3.endpoint": home.endpoint, "s3.access-key-id": "x", "s3.secret-access-key": "y", "s3.region": "us-east-1"}
        os.environ.update(AWS_ENDPOINT=home.endpoint, AWS_ALLOW_HTTP="true")
        sail = SparkConnectServer()
        sail.start()
        _, port = sail.listening_address
        spark = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
        for store in stores:
            location = home.location(store)
            assert location.startswith("s3://genomics/home/iceberg/"), location
            table = StaticTable.from_metadata(location, properties=options)
            wanted = home.rows(store, [it.name for it in table.schema().fields])
            found = duck.execute(f"SELECT * FROM iceberg_scan('{location}')").to_arrow_table()
            assert digest(found) == wanted, f"DuckDB: {store}"
            found = pl.scan_iceberg(location, reader_override="native", storage_options=options).collect().to_arrow()
            assert digest(found) == wanted, f"Polars: {store}"
            found = spark.read.format("iceberg").load(location.split("/metadata/")[0]).toArrow()
            assert digest(found) == wanted, f"Sail: {store}"
            if store != "vcf":
                # Of lists of rows pyiceberg loses the nulls, see tables.py.
                assert digest(table.scan().to_arrow()) == wanted, f"pyiceberg: {store}"
        spark.stop()
        sail.stop()


if __name__ == "__main__":
    main([engines_see_equal_rows_in_a_bucket])
