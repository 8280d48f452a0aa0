"""What a server allows its connections: how many there are, and how long they may say nothing. And what it writes down."""

import contextlib
import json
import resource
import socket
import time

from server import OWNER, Server, main, refused, tsv_store

MOST = 1024
HEALTH = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
LISTING = (b"POST /annotationStores HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
           b"Authorization: AWS4-HMAC-SHA256 Credential=" + OWNER.encode() +
           b"/20260101/us-east-1/omics/aws4_request, SignedHeaders=host, Signature=0\r\n\r\n{")


def connect(server):
    return socket.create_connection(("127.0.0.1", server.port), timeout=90)


def answer(connection):
    """The status line and body of an answer."""
    text = b""
    while b"\r\n\r\n" not in text:
        more = connection.recv(65536)
        if not more:
            return text.decode()
        text += more
    head, body = text.split(b"\r\n\r\n", 1)
    length = int(next(it.split(b":")[1] for it in head.split(b"\r\n") if it.lower().startswith(b"content-length")))
    while len(body) < length:
        more = connection.recv(65536)
        assert more, f"the answer is cut: {text}"
        body += more
    return (head.split(b"\r\n")[0] + b" " + body).decode()


def who_says_nothing_is_let_go():
    """Half a head, half a body, a connection that stays idle after its answer, and one that asks and asks and takes no answer: none
    of them is kept for ever."""
    with Server() as server, contextlib.ExitStack() as stack:
        half_head, half_body, idle, deaf = (stack.enter_context(connect(server)) for _ in range(4))
        ask_until_full(deaf)
        half_head.sendall(HEALTH[:20])
        half_body.sendall(LISTING)
        idle.sendall(HEALTH)
        assert "200 OK" in answer(idle)
        told = answer(half_body)
        assert "400" in told and "did not arrive in time" in told, told
        for connection in (half_head, idle):
            # Whether or not it is told why, the connection ends.
            while connection.recv(4096):
                pass
        end = time.time() + 60
        while time.time() < end:
            try:
                deaf.send(HEALTH)
            except BlockingIOError:
                time.sleep(0.1)
            except ConnectionError:
                return
        raise AssertionError("who takes no answer is kept")


def ask_until_full(connection):
    """Asks until the server takes no more, since nobody takes what it says."""
    connection.setblocking(False)
    asked = time.time()
    while time.time() < asked + 3:
        try:
            connection.send(HEALTH * 1000)
            asked = time.time()
        except BlockingIOError:
            time.sleep(0.01)


def connections_beyond_the_most_wait_for_room():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4 * MOST), hard))
    with Server() as server, contextlib.ExitStack() as stack:
        held = [stack.enter_context(connect(server)) for _ in range(MOST)]
        for connection in held:
            connection.sendall(HEALTH)
        assert all("200 OK" in answer(connection) for connection in held)
        one_more = stack.enter_context(connect(server))
        one_more.sendall(HEALTH)
        one_more.settimeout(1)
        try:
            raise AssertionError(f"answered beside {MOST} others: {one_more.recv(1)}")
        except TimeoutError:
            pass
        held[0].close()
        one_more.settimeout(60)
        assert "200 OK" in answer(one_more)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def heads_and_bodies_have_a_size():
    with Server() as server:
        # The server may be gone before it has taken all of the head.
        with connect(server) as connection, contextlib.suppress(ConnectionError):
            connection.sendall(HEALTH[:-2] + b"X-Long: " + b"x" * (512 << 10) + b"\r\n\r\n")
            told = answer(connection)
            assert not told or "431" in told, told
        with refused("ValidationException", "2097152 bytes"):
            server.client().create_annotation_store(name="large", storeFormat="VCF", description="x" * (2 << 20))


def each_line_of_the_log_is_json():
    with Server("--log-format", "json", "-v") as server:
        client = server.client()
        tsv_store(client, "logged")
        with refused("ConflictException"):
            tsv_store(client, "logged")
        end = time.time() + 60
        while time.time() < end:
            lines = [json.loads(line) for line in (server.folder / "log").read_text().splitlines(keepends=True) if line.endswith("\n")]
            requests = [it["fields"] for it in lines if it["fields"].get("operation") == "CreateAnnotationStore"]
            if len(requests) == 2:
                break
            time.sleep(0.05)
        assert [it["status"] for it in requests] == [200, 409], lines
        assert all(it["account"] == OWNER and it["request"] for it in requests)
        assert any(it["fields"].get("exception") == "ConflictException" for it in lines)


if __name__ == "__main__":
    main([connections_beyond_the_most_wait_for_room, heads_and_bodies_have_a_size, each_line_of_the_log_is_json,
          who_says_nothing_is_let_go])
