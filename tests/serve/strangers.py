"""What pages in a browser, strangers, greedy accounts and a log that nobody reads can do to a server: little."""

import contextlib
import itertools
import json
import os
import re
import resource
import socket
import urllib.error
import urllib.parse
import urllib.request

import botocore.session
from connections import LISTING, answer, connect
from server import *  # noqa: F403
from signed import FILE, KEY, SECRET, signing_server

JSON_ERROR = ("x-amzn-errortype", "x-amzn-requestid")
CREDENTIAL = "AWS4-HMAC-SHA256 Credential={}/20260101/us-east-1/omics/aws4_request, SignedHeaders=host, Signature=0"


def raw(server, text):
    """What the server says to these bytes."""
    with connect(server) as connection:
        connection.sendall(text.encode())
        told = b""
        while more := connection.recv(65536):
            told += more
    return told.decode()


def listing(*headers, target="/annotationStores"):
    """A request to list stores, with these headers."""
    lines = [f"POST {target} HTTP/1.1", f"Authorization: {CREDENTIAL.format(OWNER)}", "Connection: close", *headers]
    return "\r\n".join(lines) + "\r\n\r\n"


def is_json_error(told, status, kind):
    head, body = told.split("\r\n\r\n", 1)
    assert head.startswith(f"HTTP/1.1 {status} "), told
    assert f"x-amzn-errortype: {kind}" in head and "x-amzn-requestid: " in head, told
    assert json.loads(body)["message"], told


def only_local_callers_are_trusted():
    with Server("--allow-host", "omics.lab") as server:
        good = f"Host: localhost:{server.port}"
        for headers in ([good], ["Host: OMICS.lab"], ["Host: [::1]"], ["Host: analytics-127.0.0.1:1"], [good, "Origin: http://localhost:3000"]):
            assert raw(server, listing(*headers)).startswith("HTTP/1.1 200 "), headers
        for headers in (["Host: evil.example"], ["Host: localhost.evil.example"], ["Host: "], ["Host: localhost@evil.example"],
                        [good, "Origin: http://evil.example"], [good, "Origin: null"]):
            is_json_error(raw(server, listing(*headers)), 403, "AccessDeniedException")
        is_json_error(raw(server, listing(good, target="http://evil.example/annotationStores")), 403, "AccessDeniedException")
        is_json_error(raw(server, "GET /health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"), 403, "AccessDeniedException")
        is_json_error(raw(server, listing()), 400, "ValidationException")
        is_json_error(raw(server, listing(good, good)), 400, "ValidationException")


def every_error_is_json():
    with Server() as server:
        host = "Host: localhost"
        is_json_error(raw(server, listing(host, target="/annotationStore/%FF").replace("POST", "GET")), 400, "ValidationException")
        is_json_error(raw(server, listing(host, target="/nothing")), 404, "UnknownOperationException")
        is_json_error(raw(server, listing(host).replace("POST", "BREW")), 404, "UnknownOperationException")
        is_json_error(raw(server, listing(host).replace("HTTP/1.1", "HTTP/1.1 x")), 400, "ValidationException")
        is_json_error(raw(server, listing(host, *(f"X-{n}: x" for n in range(150)))), 431, "ValidationException")


def messages_repeat_little_of_a_request():
    """Each operation, with long texts and names in each of its places."""
    model = botocore.session.get_session().get_service_model("omics")
    long = "Q y" * 1000
    shapes = {"string": long, "list": [long], "map": {long: long}, "structure": {long: long}}
    with Server() as server:
        for name in (it for it in model.operation_names if re.search("Annotation|Share|Tag", it)):
            operation = model.operation_model(name)
            method, members = operation.http["method"], operation.input_shape.members
            bodies = [{member: value} for member in members for value in (long, [long], {long: long}, shapes.get(members[member].type_name, 10**9))]
            for label, body in itertools.product(("abc", long), [*bodies, {long: 1}, {}]):
                path = re.sub(r"\{[^}]*\}", urllib.parse.quote(label, safe=""), operation.http["requestUri"])
                request = urllib.request.Request(server.url + path, json.dumps(body).encode() if method != "GET" else None,
                                                 {"Authorization": CREDENTIAL.format(OWNER)}, method=method)
                try:
                    urllib.request.urlopen(request, timeout=60)
                except urllib.error.HTTPError as error:
                    message = json.loads(error.read())["message"]
                    assert message and message.count("Q") + message.count("y") <= 200, (name, body, message)


def no_message_names_a_place_of_the_server():
    with Server() as server:
        client = server.client()
        fasta = server.folder / "reference.fa"
        fasta.write_text(">chr1\nACGTACGTACGT\n")
        arn = REFERENCE["referenceArn"]
        assert server.run("reference", "add", str(fasta), "--arn", arn).returncode == 0
        client.create_annotation_store(name="calls", storeFormat="VCF", reference=REFERENCE)
        source = server.put("a.vcf", "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t2\t.\tC\tT\t.\t.\t.\n")
        for spoil in (lambda: fasta.write_text(">chr1\nTTTT\n"), fasta.unlink):
            spoil()
            found = finished(client, start(client, "calls", source, runLeftNormalization=True))
            assert found["status"] == "FAILED" and found["statusMessage"], found
            assert str(server.folder) not in found["statusMessage"], found
        # A home that cannot be written: the request fails without a word about where.
        server.home.joinpath("catalog.db").rename(server.folder / "moved")
        try:
            tsv_store(client, "lost")
        except ClientError as error:
            assert "/" not in error.response["Error"]["Message"], error


def members_that_are_null_are_absent():
    with Server() as server:
        body = {"name": "nulls", "storeFormat": "TSV", "reference": REFERENCE, "description": None, "tags": None, "sseConfig": None,
                "storeOptions": {"tsvStoreOptions": {**TSV_OPTIONS["tsvStoreOptions"], "annotationType": "CHR_POS"}}, "misspelt": None}
        request = urllib.request.Request(server.url + "/annotationStore", json.dumps(body).encode(),
                                         {"Authorization": CREDENTIAL.format(OWNER)}, method="POST")
        with urllib.request.urlopen(request, timeout=60) as told:
            assert json.loads(told.read())["name"] == "nulls"
        body["tags"] = {"a": 1}
        request.data = json.dumps(body).encode()
        try:
            urllib.request.urlopen(request, timeout=60)
            raise AssertionError("a number is no tag")
        except urllib.error.HTTPError as error:
            assert error.code == 400 and "tags.a" in json.loads(error.read())["message"]


def nobody_waits_for_whoever_reads_the_log():
    reading, writing = os.pipe()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(Server("-v", log=writing))
        client = server.client()
        tsv_store(client, "logged")
        # More than a pipe holds, and more than lines wait.
        for _ in range(1500):
            client.list_annotation_stores()
        job = start(client, "logged", server.put("a.tsv", TSV))
        assert finished(client, job)["status"] == "COMPLETED"
        assert server.stop() == 0
    os.close(reading)
    # Now nobody can read what is written at all.
    with Server("-v", log=writing) as server:
        client = server.client()
        tsv_store(client, "logged")
        job = start(client, "logged", server.put("a.tsv", TSV))
        assert finished(client, job)["status"] == "COMPLETED"
        assert server.stop() == 0
    # What is printed for clients may have no reader, either.
    with Server("-v", log=writing, out=writing) as server:
        server.client().list_annotation_stores()
    os.close(writing)


def lines_of_the_log_stay_lines():
    with Server("-v") as server:
        client = server.client()
        tsv_store(client, "logged")
        found = finished(client, start(client, "logged", "s3://bucket/\u001b[2J\rforged\u009b"))
        assert found["status"] == "FAILED", found
        assert server.stop() == 0
        log = (server.folder / "log").read_bytes().decode()
        assert "forged" in log and not {"\x1b", "\r", "\u009b"} & set(log), log


def bodies_of_strangers_are_not_kept():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    length = 2 << 20
    date = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    head = lambda key: (f"POST /annotationStores HTTP/1.1\r\nHost: x\r\nX-Amz-Date: {date}\r\nContent-Length: {length}\r\n"
                        f"Authorization: {CREDENTIAL.format(key)}\r\n\r\n").encode()
    with signing_server() as server, contextlib.ExitStack() as stack:
        # Nothing of the body is sent, and the answer is there.
        with connect(server) as connection:
            connection.sendall(head("AKIAUNKNOWN"))
            assert "403" in answer(connection)
        for key in ("AKIAUNKNOWN", KEY):
            held = [stack.enter_context(connect(server)) for _ in range(500)]
            for connection in held:
                connection.setblocking(False)
            left = {connection: memoryview(head(key) + b"x" * (length - 1)) for connection in held}
            end = time.time() + 6
            while left and time.time() < end:
                for connection, bytes_left in list(left.items()):
                    with contextlib.suppress(BlockingIOError, ConnectionError):
                        left[connection] = bytes_left[connection.send(bytes_left[:1 << 18]):]
                    if not left[connection]:
                        del left[connection]
        with open(f"/proc/{server.process.pid}/status") as status:
            peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
        assert peak < 200 << 10, f"{peak} kB"
        # Small requests of those who are known go on meanwhile, and those without a body.
        lab = server.client(KEY, SECRET, read_timeout=10)
        assert lab.list_annotation_stores()["annotationStores"] == []
        with refused("ResourceNotFoundException"):
            lab.get_annotation_store(name="none")
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def keys_are_those_of_the_file_as_it_is():
    with signing_server() as server:
        path = server.folder / "credentials"
        assert "others may read" in (server.folder / "log").read_text()
        lab = server.client(KEY, SECRET)
        lab.list_annotation_stores()
        path.write_text(FILE[FILE.index("[clinic]"):])
        with refused("AccessDeniedException"):
            lab.list_annotation_stores()
        path.write_text(FILE)
        lab.list_annotation_stores()
        path.chmod(0o666)
        with refused("InternalServerException"):
            lab.list_annotation_stores()
        server.stop()
        done = subprocess.run([BINARY, "serve", "--home", server.home, "--auth", "sigv4", "--credentials", path],
                              capture_output=True, text=True, timeout=60)
        assert done.returncode != 0 and "chmod" in done.stderr, done


def accounts_take_turns():
    with Server("--jobs", "1") as server:
        greedy, other = server.client(OWNER), server.client(SUBSCRIBER)
        for client in (greedy, other):
            tsv_store(client, "mine")
        rows = "chrom\tpos\tscore\n" + "".join(f"chr1\t{n}\t0.5\n" for n in range(1, 100_000))
        source = server.put("a.tsv", rows)
        many = [start(greedy, "mine", source) for _ in range(8)]
        one = start(other, "mine", source)
        ended = finished(other, one)
        assert ended["status"] == "COMPLETED", ended
        last = [finished(greedy, job) for job in many]
        assert all(it["status"] == "COMPLETED" for it in last)
        before = sum(it["completionTime"] < ended["completionTime"] for it in last)
        assert before < len(many) - 1, "the other account waited for all jobs"


def a_name_can_be_listened_on():
    with Server(listen="localhost:0") as server:
        server.client().list_annotation_stores()
        assert "export AWS_ENDPOINT_URL_OMICS=http://" in (server.folder / "out").read_text()
    done = subprocess.run([BINARY, "serve", "--home", "/nonexistent", "--listen", "localhost"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "127.0.0.1:4599" in done.stderr, done


if __name__ == "__main__":
    main([only_local_callers_are_trusted, every_error_is_json, messages_repeat_little_of_a_request,
          no_message_names_a_place_of_the_server, members_that_are_null_are_absent,
          nobody_waits_for_whoever_reads_the_log, lines_of_the_log_stay_lines, bodies_of_strangers_are_not_kept,
          keys_are_those_of_the_file_as_it_is, accounts_take_turns, a_name_can_be_listened_on])
