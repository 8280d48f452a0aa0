"""A server of its own for a test, and what the tests have in common."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

BINARY = os.environ["ANNOSTORE"]
OWNER, SUBSCRIBER, STRANGER = "111122223333", "444455556666", "777788889999"
ROLE = f"arn:aws:iam::{OWNER}:role/importer"
REFERENCE = {"referenceArn": f"arn:aws:omics:us-east-1:{OWNER}:referenceStore/1234567890/reference/1234567890"}
SCHEMA = [{"chrom": "STRING"}, {"pos": "LONG"}, {"score": "DOUBLE"}]
TSV_OPTIONS = {"tsvStoreOptions": {
    "annotationType": "CHR_POS", "formatToHeader": {"CHR": "chrom", "POS": "pos"}, "schema": SCHEMA}}
TSV = "chrom\tpos\tscore\nchr1\t100\t0.5\nchr1\t200\t\nchr2\t300\t1e-3\n"


class Server:
    """A running `annostore serve`; ends with the `with` block."""

    def __init__(self, *arguments, s3=True, environment=None, log=None, out=None, listen="127.0.0.1:0"):
        self.temporary = tempfile.TemporaryDirectory(prefix="annostore-serve-")
        self.folder = Path(self.temporary.name)
        self.home, self.s3 = self.folder / "home", self.folder / "s3"
        self.s3.mkdir()
        self.arguments = list(arguments) + (["--s3-root", str(self.s3)] if s3 else [])
        self.environment = {**os.environ, **(environment or {})}
        self.process, self.log, self.out, self.listen = None, log, out, listen

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
        self.temporary.cleanup()

    def start(self):
        port_file = self.folder / "port"
        port_file.unlink(missing_ok=True)
        with open(self.folder / "out", "wb") as out, open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [BINARY, "serve", "--home", self.home, "--listen", self.listen, "--port-file", port_file,
                 *self.arguments], stdout=out if self.out is None else self.out,
                stderr=log if self.log is None else self.log, env=self.environment)
        end = time.time() + 60
        while not port_file.exists():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.time() < end, "the server wrote no port"
            time.sleep(0.01)
        self.port = int(port_file.read_text())
        return self

    def stop(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(60)
        return self.process.returncode

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def client(self, account=OWNER, secret="any", check=False, **more):
        """A boto3 client of an account; `check` lets botocore refuse wrong parameters by itself."""
        config = Config(inject_host_prefix=False, parameter_validation=check, retries={"max_attempts": 0},
                        **{"read_timeout": 60, **more})
        return boto3.client("omics", region_name="us-east-1", endpoint_url=self.url, config=config,
                            aws_access_key_id=account, aws_secret_access_key=secret)

    def put(self, key, text, bucket="bucket"):
        path = self.s3 / bucket / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return f"s3://{bucket}/{key}"

    def run(self, *arguments, account=OWNER):
        """Runs the program on the terminal, on the home of the server."""
        return subprocess.run([BINARY, *arguments, "--home", self.home, "--account", account],
                              capture_output=True, text=True, timeout=120)

    def query(self, sql, account=OWNER):
        done = self.run("query", sql, "--format", "ndjson", account=account)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


def tsv_store(client, name, **more):
    return client.create_annotation_store(
        name=name, storeFormat="TSV", reference=REFERENCE, storeOptions=TSV_OPTIONS, **more)


def start(client, store, source, **more):
    return client.start_annotation_import_job(
        destinationName=store, roleArn=ROLE, items=[{"source": source}], **more)["jobId"]


def finished(client, job, limit=120):
    end = time.time() + limit
    while time.time() < end:
        found = client.get_annotation_import_job(jobId=job)
        if found["status"] not in ("SUBMITTED", "IN_PROGRESS"):
            return found
        time.sleep(0.02)
    raise AssertionError(f"job {job} did not end")


@contextlib.contextmanager
def refused(code, says=""):
    try:
        yield
    except ClientError as error:
        found = error.response["Error"]
        assert found["Code"] == code, f"expected {code}, got {found}"
        assert says in found["Message"], f"expected {says!r} in {found['Message']!r}"
    else:
        raise AssertionError(f"expected {code}, but the call succeeded")


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
