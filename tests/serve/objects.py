"""Imports from a real S3 server (moto): streamed, with credentials, and an error where the object changes."""

import gzip
import threading

from moto.server import ThreadedMotoServer
from server import *  # noqa: F403


def s3(endpoint):
    return boto3.client("s3", region_name="us-east-1", endpoint_url=endpoint, aws_access_key_id="x", aws_secret_access_key="y")


def s3_server(endpoint):
    variables = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}
    return Server("--s3-endpoint", endpoint, s3=False, environment=variables)


def objects_are_read_from_an_s3_server(endpoint):
    store = s3(endpoint)
    store.create_bucket(Bucket="bucket")
    rows = "".join(f"chr1\t{n}\t0.{n}\n" for n in range(1, 1_000_000))
    text = "chrom\tpos\tscore\n" + rows
    store.put_object(Bucket="bucket", Key="deep/key with blank.tsv", Body=text)
    store.put_object(Bucket="bucket", Key="small.tsv.gz", Body=gzip.compress(TSV.encode()))
    with s3_server(endpoint) as server:
        client = server.client()
        tsv_store(client, "objects")
        big = start(client, "objects", "s3://bucket/deep/key with blank.tsv")
        small = start(client, "objects", "s3://bucket/small.tsv.gz")
        for job in (big, small):
            found = finished(client, job)
            assert found["status"] == "COMPLETED", found
        assert server.query("SELECT count(*) n FROM objects") == [{"n": 999_999 + 3}]
        for absent in ("s3://bucket/none.tsv", "s3://nobucket/small.tsv.gz"):
            found = finished(client, start(client, "objects", absent))
            assert found["status"] == "FAILED" and "object" in found["statusMessage"], found


def an_object_that_changes_fails_the_job(endpoint):
    store = s3(endpoint)
    store.create_bucket(Bucket="changing")
    line = "chr1\t1\t0.123456789\n"
    old = "chrom\tpos\tscore\n" + line * 3_000_000
    with s3_server(endpoint) as server:
        client = server.client()
        tsv_store(client, "changing")
        for attempt in range(5):
            store.put_object(Bucket="changing", Key="a.tsv", Body=old)
            job = start(client, "changing", "s3://changing/a.tsv")
            while client.get_annotation_import_job(jobId=job)["status"] == "SUBMITTED":
                time.sleep(0.005)
            time.sleep(0.1 * attempt + 0.05)
            store.put_object(Bucket="changing", Key="a.tsv", Body=old + line)
            found = finished(client, job)
            if found["status"] == "FAILED" and "changed while it was read" in found["statusMessage"]:
                return
            # Either all of it was read before the change, or none of it.
            assert found["status"] == "COMPLETED", found
        raise AssertionError("the object was never changed in time")


if __name__ == "__main__":
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    endpoint = f"http://{host}:{port}"

    def test(run):
        case = lambda: run(endpoint)
        case.__name__ = run.__name__
        return case

    try:
        main([test(objects_are_read_from_an_s3_server), test(an_object_that_changes_fails_the_job)])
    finally:
        moto.stop()
