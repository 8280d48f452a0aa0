"""The REST catalog of `annostore serve`: what clients list and load, who sees what, and who is refused."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

from duck import connect
from home import ACCOUNT, BINARY, Home, digest, main
from pyiceberg.catalog.rest import RestCatalog
from pyiceberg.exceptions import ForbiddenError, NoSuchNamespaceError, NoSuchTableError
from pyspark.sql import SparkSession
from pysail.spark import SparkConnectServer

OTHER = "444455556666"
OUR_SECRET, THEIR_SECRET = "wJalrXUtnFEMIxK7MDENGxbPxRfiCYEXAMPLEKEY", "otherSecretOfTheOtherAccountOfThisTest40"
KEYS = f"""[lab]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = {OUR_SECRET}
aws_account_id = {ACCOUNT}
[other]
aws_access_key_id = AKIAOTHER
aws_secret_access_key = {THEIR_SECRET}
aws_account_id = {OTHER}
"""


@contextmanager
def server(home, *arguments):
    """The URL of a server on a home."""
    port_file = home.folder / "port"
    port_file.unlink(missing_ok=True)
    process = subprocess.Popen([BINARY, "serve", "--home", home.path, "--listen", "127.0.0.1:0", "--port-file", port_file,
                                *arguments], stderr=subprocess.DEVNULL)
    try:
        end = time.time() + 60
        while not port_file.exists():
            assert process.poll() is None and time.time() < end, "the server does not start"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port_file.read_text().strip()}/iceberg"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def asked(url, method="GET", token=None):
    """The status and the body of a plain request."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method, headers=headers)) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


@contextmanager
def fails(kind):
    try:
        yield
    except kind:
        return
    raise AssertionError(f"{kind} was expected")


def pyiceberg_lists_and_loads():
    with Home() as home:
        stores = home.fill()
        with server(home) as url:
            catalog = RestCatalog("annostore", uri=url)
            assert sorted(catalog.list_namespaces()) == sorted((it,) for it in stores)
            assert catalog.list_tables("genes") == [("genes", "genes")]
            assert catalog.namespace_exists("genes") and not catalog.namespace_exists("nothing")
            assert catalog.table_exists("genes.genes") and not catalog.table_exists("genes.nothing")
            assert catalog.list_views("genes") == []
            table = catalog.load_table("genes.genes")
            names = [it.name for it in table.schema().fields]
            assert digest(table.scan().to_arrow()) == home.rows("genes", names)
            with fails(NoSuchTableError):
                catalog.load_table("genes.nothing")
            with fails(NoSuchNamespaceError):
                catalog.list_tables("nothing")
            # Metadata follow a commit of another process, and are made anew where they are missing.
            home.run("version", "create", "genes", "--version-name", "next")
            for path in home.path.glob("iceberg/*/*/metadata/*"):
                path.unlink()
            assert catalog.load_table("genes.next").scan().to_arrow().num_rows == 0
            assert catalog.load_table("genes.genes").scan().to_arrow().num_rows == 7


def duckdb_attaches():
    with Home() as home:
        home.fill()
        with server(home) as url:
            duck = connect()
            duck.execute(f"ATTACH '' AS anno (TYPE ICEBERG, ENDPOINT '{url}', AUTHORIZATION_TYPE 'none')")
            names = [row[0] for row in duck.execute("DESCRIBE anno.vcf.vcf").fetchall()]
            found = duck.execute("SELECT * FROM anno.vcf.vcf").to_arrow_table()
            assert digest(found) == home.rows("vcf", names)


def sail_reads_with_several_workers():
    with Home() as home:
        home.fill()
        with server(home) as url:
            os.environ["SAIL_MODE"] = "local-cluster"
            os.environ["SAIL_CLUSTER__WORKER_INITIAL_COUNT"] = "2"
            os.environ["SAIL_CATALOG__LIST"] = f'[{{name="anno", type="iceberg-rest", uri="{url}"}}]'
            os.environ["SAIL_CATALOG__DEFAULT_CATALOG"] = "anno"
            sail = SparkConnectServer()
            sail.start()
            _, port = sail.listening_address
            spark = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
            found = spark.sql("SELECT * FROM anno.vcf.vcf").toArrow()
            assert digest(found) == home.rows("vcf", found.column_names)
            sql = "SELECT count(*) FROM (SELECT explode(annotations.vep) AS v FROM anno.vcf.vcf) WHERE v.impact = 'HIGH'"
            assert spark.sql(sql).collect()[0][0] == 1
            spark.stop()
            sail.stop()


def words_of_the_specification():
    with Home() as home:
        home.fill()
        with server(home) as url:
            code, config = asked(f"{url}/v1/config?warehouse=any")
            assert code == 200 and config["overrides"] == {} and len(config["endpoints"]) == 8
            namespaces = f"{url}/v1/namespaces"
            assert asked(f"{namespaces}?parent=vcf") == (200, {"namespaces": []})
            assert asked(f"{namespaces}/vcf")[1]["properties"] == {"annostore.format": "VCF"}
            for method, path, status, kind in [
                ("GET", "/nothing", 404, "NoSuchNamespaceException"),
                ("GET", "/vcf/tables/nothing", 404, "NoSuchTableException"),
                ("GET", "/vcf/views/nothing", 404, "NoSuchTableException"),
                ("POST", "", 405, "UnsupportedOperationException"),
                ("DELETE", "/vcf/tables/vcf", 405, "UnsupportedOperationException"),
                ("GET", "/%ff", 400, "BadRequestException"),
            ]:
                found, body = asked(namespaces + path, method)
                assert found == status, f"{method} {path}: {found} {body}"
                assert body["error"]["type"] == kind and body["error"]["code"] == status and body["error"]["message"]
            assert asked(f"{namespaces}/vcf/tables/vcf/metrics", "POST")[0] == 204
            assert asked(f"{namespaces}/vcf/tables/vcf", "HEAD")[0] == 204


def who_may_read_what():
    with Home() as home:
        home.fill()
        keys = home.folder / "keys"
        keys.write_text(KEYS)
        keys.chmod(0o600)
        shared = json.loads(home.run("share", "create", "--store", "genes", "--principal-subscriber", OTHER, "--json"))["shareId"]
        home.run("--account", OTHER, "share", "accept", shared)
        with server(home, "--auth", "sigv4", "--credentials", str(keys)) as url:
            ours, theirs = f"AKIAIOSFODNN7EXAMPLE:{OUR_SECRET}", f"AKIAOTHER:{THEIR_SECRET}"
            namespaces = f"{url}/v1/namespaces"
            assert len(asked(namespaces, token=ours)[1]["namespaces"]) == 4
            assert asked(namespaces, token=theirs) == (200, {"namespaces": [[f"{ACCOUNT}_genes"]]})
            # What may not be seen does not exist.
            assert asked(f"{namespaces}/vcf", token=theirs)[0] == 404
            for wrong in [None, "x", "AKIAOTHER:", "AKIAOTHER:wrong", f"nobody:{THEIR_SECRET}", f"{OTHER}:{THEIR_SECRET}"]:
                code, body = asked(namespaces, token=wrong)
                assert code == 403 and body["error"]["type"] == "ForbiddenException", f"{wrong}: {code} {body}"
            catalog = RestCatalog("theirs", uri=url, token=theirs)
            assert catalog.load_table(f"{ACCOUNT}_genes.genes").scan().to_arrow().num_rows == 7
            with fails(ForbiddenError):
                RestCatalog("wrong", uri=url, token="AKIAOTHER:wrong").list_namespaces()
            signed = RestCatalog("signed", uri=url, **{
                "rest.sigv4-enabled": "true", "rest.signing-name": "omics", "rest.signing-region": "us-east-1",
                "client.access-key-id": "AKIAOTHER", "client.secret-access-key": THEIR_SECRET})
            assert signed.list_namespaces() == [(f"{ACCOUNT}_genes",)]


main([pyiceberg_lists_and_loads, duckdb_attaches, sail_reads_with_several_workers, words_of_the_specification, who_may_read_what])
