"""An S3 server with a bucket, homes that keep their data there, and a proxy that fails."""

import contextlib
import http.client
import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

import boto3
from moto.server import ThreadedMotoServer

BINARY = os.environ["ANNOSTORE"]
BUCKET = "genomics"
DEMO = Path(__file__).parents[2] / "testdata/demo"


class Bucket:
    """What lies in the bucket."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.client = boto3.client("s3", region_name="us-east-1", endpoint_url=endpoint,
                                   aws_access_key_id="x", aws_secret_access_key="y")

    def keys(self, prefix):
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{prefix}/")
        return {it["Key"].removeprefix(f"{prefix}/") for page in pages for it in page.get("Contents", [])}

    def read(self, key):
        return self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def uploads(self, prefix):
        found = self.client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
        return [it for it in found if it["Key"].startswith(f"{prefix}/")]

    def named_by_metadata(self, prefix):
        """The data files that metadata of other engines name, as far as those are named themselves."""
        keys, named = self.keys(prefix), set()
        for hint in (it for it in keys if it.endswith("version-hint.text")):
            folder = f"{prefix}/{hint.rsplit('/', 1)[0]}"
            number = self.read(f"{prefix}/{hint}").decode()
            metadata = json.loads(self.read(f"{folder}/v{number}.metadata.json"))
            for snapshot in metadata["snapshots"]:
                listed = self.read(url_key(snapshot["manifest-list"]))
                for manifest in re.findall(rb"s3://[^ ]+?/metadata/[0-9a-f-]+\.avro", listed):
                    files = re.findall(rb"s3://[^ ]+?\.parquet", self.read(url_key(manifest.decode())))
                    named |= {url_key(it.decode()).removeprefix(f"{prefix}/") for it in files}
        return named


def url_key(url):
    return url.removeprefix(f"s3://{BUCKET}/")


class Home:
    """A home, and the program run on it."""

    def __init__(self, folder, **environment):
        self.folder = Path(folder)
        self.environment = {**os.environ, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", **environment}

    def command(self, *arguments):
        return [BINARY, *map(str, arguments), "--home", str(self.folder)]

    def run(self, *arguments, code=0):
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, timeout=180,
                              env=self.environment)
        assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        return done

    def start(self, *arguments):
        return subprocess.Popen(self.command(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                env=self.environment)

    def query(self, sql):
        return [json.loads(it) for it in self.run("query", sql, "--format", "ndjson").stdout.splitlines()]

    def data_files(self, store):
        return json.loads(self.run("version", "get", store, store, "--json").stdout)["dataFiles"]

    def in_bucket(self, endpoint, prefix, **more):
        self.run("init", "--data-url", f"s3://{BUCKET}/{prefix}", "--s3-endpoint", endpoint, **more)
        return self


class Between(http.server.BaseHTTPRequestHandler):
    """Stands before S3. Each request may be refused, answered late or in part, or done without an answer."""

    protocol_version = "HTTP/1.1"

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fate = self.server.decide(self.command, self.path, len(body)) or "pass"
        if fate == "slow":
            time.sleep(0.3)
        if fate == "refuse":
            self.send_response(503)
            self.send_header("Content-Length", "0")
            return self.end_headers()
        there = http.client.HTTPConnection(self.server.endpoint.removeprefix("http://"))
        there.request(self.command, self.path, body, dict(self.headers))
        answer = there.getresponse()
        content = answer.read()
        if fate == "lose":
            self.close_connection = True
            return self.connection.close()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in ("connection", "transfer-encoding", "content-length", "server", "date"):
                self.send_header(name, value)
        length = answer.headers["Content-Length"] if self.command == "HEAD" else len(content)
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        if fate == "break":
            self.close_connection = True
            content = content[:len(content) // 2]
        self.wfile.write(content)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def between(endpoint, decide):
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Between)
    proxy.endpoint, proxy.decide = endpoint, decide
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{proxy.server_address[1]}"
    finally:
        proxy.shutdown()


def main(tests):
    """Runs the functions of a file, each with a bucket and a folder, and says which failed."""
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    bucket = Bucket(f"http://{host}:{port}")
    bucket.client.create_bucket(Bucket=BUCKET)
    failed = 0
    for test in tests:
        with tempfile.TemporaryDirectory(prefix="annostore-bucket-") as folder:
            try:
                test(bucket, Path(folder))
                print(f"ok {test.__name__}", flush=True)
            except Exception:
                failed += 1
                print(f"FAILED {test.__name__}\n{traceback.format_exc()}", flush=True)
    server.stop()
    sys.exit(failed)
