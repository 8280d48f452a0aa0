"""Signature Version 4 as botocore makes it, and everything that is wrong with a request that is not so signed."""

import datetime
import json
import urllib.error
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from server import *  # noqa: F403

KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
FILE = f"""[lab]
aws_access_key_id = {KEY}
aws_secret_access_key = {SECRET}
aws_account_id = {OWNER}

[clinic]
aws_access_key_id = AKIAI44QH8DHBEXAMPLE
aws_secret_access_key = je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY
aws_account_id = {SUBSCRIBER}
"""


def signing_server(*more):
    server = Server("--auth", "sigv4", *more)
    path = server.folder / "credentials"
    path.write_text(FILE)
    server.arguments += ["--credentials", str(path)]
    return server


def signed(server, method="POST", path="/annotationStores", body=b"{}", key=KEY, secret=SECRET, region="us-east-1",
           service="omics", minutes=0, tamper=lambda request: None):
    """Status and exception of a request that was signed, then changed."""
    request = AWSRequest(method, server.url + path, data=body, headers={"x-amz-meta": "kept"})
    signer = SigV4Auth(Credentials(key, secret), service, region)
    if minutes:
        import botocore.auth
        real = botocore.auth.get_current_datetime
        moved = real() + datetime.timedelta(minutes=minutes)
        botocore.auth.get_current_datetime = lambda *_, **__: moved
        try:
            signer.add_auth(request)
        finally:
            botocore.auth.get_current_datetime = real
    else:
        signer.add_auth(request)
    tamper(request)
    sent = urllib.request.Request(request.url, request.data, dict(request.headers.items()), method=method)
    try:
        with urllib.request.urlopen(sent, timeout=60) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())["message"]


def clients_that_sign_are_who_they_say():
    with signing_server() as server:
        lab, clinic = server.client(KEY, SECRET), server.client("AKIAI44QH8DHBEXAMPLE", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY")
        made = tsv_store(lab, "signed")
        arn = lab.get_annotation_store(name="signed")["storeArn"]
        assert f":{OWNER}:" in arn
        lab.tag_resource(resourceArn=arn, tags={"a b": "c/d&e=f+ä"})
        assert lab.list_tags_for_resource(resourceArn=arn)["tags"] == {"a b": "c/d&e=f+ä"}
        lab.untag_resource(resourceArn=arn, tagKeys=["a b", "x+y", "z~*"])
        share = lab.create_share(resourceArn=arn, principalSubscriber=SUBSCRIBER)["shareId"]
        clinic.accept_share(shareId=share)
        assert clinic.get_annotation_store(name="signed")["id"] == made["id"]
        assert lab.list_annotation_stores(maxResults=1)["annotationStores"]
        with refused("ResourceNotFoundException"):
            clinic.get_annotation_store(name="a b/c%2F+~")
        for client in (server.client(KEY, "wrong"), server.client("AKIAUNKNOWN", SECRET), server.client(OWNER, "any")):
            with refused("AccessDeniedException"):
                client.list_annotation_stores()


def what_is_wrong_with_a_signature():
    with signing_server() as server:
        assert signed(server) == (200, "")
        assert signed(server, minutes=4)[0] == 200 and signed(server, minutes=-4)[0] == 200
        header = lambda name, change: lambda it: it.headers.replace_header(name, change(it.headers[name]))
        authorization = lambda old, new: header("Authorization", lambda it: it.replace(old, new))
        for name, found in {
            "too old": signed(server, minutes=-6), "too new": signed(server, minutes=6), "region": signed(server, region="eu-west-1"),
            "service": signed(server, service="s3"), "secret": signed(server, secret="x" * 40), "key": signed(server, key="AKIAX"),
            "body": signed(server, tamper=lambda it: setattr(it, "data", b'{"ids": ["x"]}')),
            "path": signed(server, tamper=lambda it: setattr(it, "url", it.url.replace("Stores", "Store"))),
            "query": signed(server, tamper=lambda it: setattr(it, "url", it.url + "?maxResults=1")),
            "signed header": signed(server, tamper=header("x-amz-meta", lambda _: "changed")),
            "date": signed(server, tamper=header("X-Amz-Date", lambda it: it[:-2] + ("0" if it[-2] != "0" else "1") + "Z")),
            "no date": signed(server, tamper=lambda it: it.headers.__delitem__("X-Amz-Date")),
            "unsigned host": signed(server, tamper=authorization("SignedHeaders=host;", "SignedHeaders=")),
            "unsigned amz header": signed(server, tamper=lambda it: it.headers.add_header("x-amz-security-token", "x")),
            "no signature": signed(server, tamper=authorization("Signature=", "Signatur=")),
            "another": signed(server, tamper=authorization("Signature=", "Signature=0")),
            "two headers": signed(server, tamper=authorization("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512")),
        }.items():
            assert found[0] == 403 and found[1], (name, found)
            assert SECRET not in found[1]
        log = (server.folder / "log").read_text()
        assert SECRET not in log and "Signature" not in log


def off_loopback_only_with_signatures():
    run = lambda *arguments: subprocess.run([BINARY, "serve", *arguments], capture_output=True, text=True, timeout=60)
    with tempfile.TemporaryDirectory() as folder:
        done = run("--home", folder, "--listen", "0.0.0.0:0")
        assert done.returncode == 2 and "--auth sigv4" in done.stderr, done
        assert run("--home", folder, "--auth", "sigv4").returncode == 2
        assert run("--home", folder, "--credentials", "x").returncode == 2
        Path(folder, "credentials").write_text("[a]\naws_access_key_id = x\n")
        Path(folder, "credentials").chmod(0o600)
        done = run("--home", folder, "--auth", "sigv4", "--credentials", folder + "/credentials")
        assert done.returncode == 2 and "aws_secret_access_key" in done.stderr, done


if __name__ == "__main__":
    main([clients_that_sign_are_who_they_say, what_is_wrong_with_a_signature, off_loopback_only_with_signatures])
