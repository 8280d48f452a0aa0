"""Imports from a real S3 server (moto): streamed, with credentials, and an error where the object changes."""

import contextlib
import gzip
import http.server
import threading
import urllib.error
import urllib.request

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


class Between(http.server.BaseHTTPRequestHandler):
    """Stands between the server and S3. Before each request it may refuse, break off the answer in its middle, or do something else."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        fate = self.server.decide(self.command) or "pass"
        if fate == "refuse" or fate.startswith("http://"):
            self.send_response(503 if fate == "refuse" else 307)
            if fate != "refuse":
                self.send_header("Location", fate + self.path)
            self.send_header("Content-Length", "0")
            return self.end_headers()
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        request = urllib.request.Request(self.server.endpoint + self.path, headers=headers, method=self.command)
        try:
            answer = urllib.request.urlopen(request)
        except urllib.error.HTTPError as error:
            answer = error
        body = answer.read()
        self.send_response(answer.status)
        for name in ("Content-Length", "Content-Range", "ETag", "Last-Modified", "Content-Type"):
            if name in answer.headers:
                self.send_header(name, answer.headers[name])
        self.end_headers()
        if fate == "break" and body:
            self.wfile.write(body[:len(body) // 2])
            self.close_connection = True
        else:
            self.wfile.write(body)

    do_HEAD = do_GET

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


def an_object_that_changes_fails_the_job(endpoint):
    store = s3(endpoint)
    store.create_bucket(Bucket="changing")
    line = "chr1\t1\t0.123456789\n"
    old = "chrom\tpos\tscore\n" + line * 1_500_000
    store.put_object(Bucket="changing", Key="a.tsv", Body=old)
    parts = []

    def decide(command):
        parts.append(command)
        if parts.count("GET") == 3:
            store.put_object(Bucket="changing", Key="a.tsv", Body=old + line)

    with between(endpoint, decide) as proxy, s3_server(proxy) as server:
        client = server.client()
        tsv_store(client, "changing")
        found = finished(client, start(client, "changing", "s3://changing/a.tsv"))
        assert found["status"] == "FAILED" and "changed while it was read" in found["statusMessage"], found
        assert server.query("SELECT count(*) n FROM changing") == [{"n": 0}]


def what_fails_is_fetched_again(endpoint):
    store = s3(endpoint)
    store.create_bucket(Bucket="flaky")
    rows = "".join(f"chr1\t{n}\t0.{n}\n" for n in range(1, 2_000_000))
    store.put_object(Bucket="flaky", Key="a.tsv", Body="chrom\tpos\tscore\n" + rows)
    fates = []

    def decide(command):
        fate = "refuse" if len(fates) % 3 == 0 else "break" if len(fates) % 5 == 4 and command == "GET" else "pass"
        fates.append(fate)
        return fate

    with between(endpoint, decide) as proxy, s3_server(proxy) as server:
        client = server.client()
        tsv_store(client, "flaky")
        found = finished(client, start(client, "flaky", "s3://flaky/a.tsv"))
        assert found["status"] == "COMPLETED", found
        assert {"refuse", "break"} <= set(fates), fates
        # Positions are stored zero-based.
        found = server.query("SELECT count(*) n, sum(pos) s FROM flaky")
        assert found == [{"n": 1_999_999, "s": 1_999_999 * 1_999_998 // 2}], found


def a_server_that_is_away_for_a_while_fails_no_job(endpoint):
    store = s3(endpoint)
    store.create_bucket(Bucket="away")
    store.put_object(Bucket="away", Key="a.tsv", Body=TSV)
    fates = []

    def decide(command):
        fates.append(command)
        # Away before the object is opened, and again before it is read.
        return "refuse" if len(fates) <= 8 or 10 <= len(fates) <= 17 else "pass"

    with between(endpoint, decide) as proxy, s3_server(proxy) as server:
        client = server.client()
        tsv_store(client, "away")
        found = finished(client, start(client, "away", "s3://away/a.tsv"))
        assert found["status"] == "COMPLETED" and len(fates) > 17, (found, fates)


def a_key_names_its_object_or_none(endpoint):
    store = s3(endpoint)
    store.create_bucket(Bucket="keys")
    for key in ("a.tsv", "a/b.tsv", "a+b &c#d?e=%20f;g.tsv"):
        store.put_object(Bucket="keys", Key=key, Body=TSV)
    with s3_server(endpoint) as on_s3, Server() as on_folder:
        for key in ("a.tsv", "a/b.tsv"):
            on_folder.put(key, TSV, bucket="keys")
        for server in (on_s3, on_folder):
            client = server.client()
            tsv_store(client, "keys")
            for key in ("/a.tsv", "a.tsv/", "a//b.tsv", "./a.tsv", "a/./b.tsv", "a/../a.tsv", "../keys/a.tsv"):
                found = finished(client, start(client, "keys", f"s3://keys/{key}"))
                assert found["status"] == "FAILED" and "key" in found["statusMessage"], (key, found)
        client = on_s3.client()
        found = finished(client, start(client, "keys", "s3://keys/a+b &c#d?e=%20f;g.tsv"))
        assert found["status"] == "COMPLETED", found


def no_redirect_is_followed_and_nothing_told_of_the_server(endpoint):
    asked = []

    def elsewhere(command):
        asked.append(command)

    with between(endpoint, elsewhere) as other, between(endpoint, lambda _: other) as proxy, s3_server(proxy) as server:
        client = server.client()
        tsv_store(client, "redirected")
        found = finished(client, start(client, "redirected", "s3://bucket/deep/a.tsv"))
        assert found["status"] == "FAILED" and not asked, (found, asked)
        message = found["statusMessage"]
        assert "http" not in message and "127.0.0.1" not in message and str(server.folder) not in message, message
        # The log has it.
        assert proxy in (server.folder / "log").read_text()


def a_server_ends_while_s3_hangs(endpoint):
    import socket
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        with s3_server(f"http://127.0.0.1:{hanging.getsockname()[1]}") as server:
            client = server.client()
            tsv_store(client, "hanging")
            job = start(client, "hanging", "s3://bucket/a.tsv")
            hanging.accept()
            server.process.terminate()
            # Long before a request to S3 is given up.
            assert server.process.wait(30) == 0
            assert "jobs did not stop" not in (server.folder / "log").read_text()
            done = server.run("job", "get", job, "--json")
            assert json.loads(done.stdout)["status"] == "SUBMITTED", done


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
        main([test(objects_are_read_from_an_s3_server), test(an_object_that_changes_fails_the_job),
              test(what_fails_is_fetched_again), test(a_server_that_is_away_for_a_while_fails_no_job),
              test(a_key_names_its_object_or_none), test(no_redirect_is_followed_and_nothing_told_of_the_server),
              test(a_server_ends_while_s3_hangs)])
    finally:
        moto.stop()
