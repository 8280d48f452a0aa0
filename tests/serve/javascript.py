"""The SDK for JavaScript: the program of the users' page, and a life of a store.

    ANNOSTORE=target/debug/annostore python tests/serve/javascript.py FOLDER

FOLDER has the packages of `package.json` in `node_modules`.
"""

import re

from server import *  # noqa: F403

PAGE = Path(__file__).resolve().parents[2] / "docs/service.md"
FOLDER = Path(sys.argv[1]).resolve()


def node(server, program, **variables):
    """What a program prints. It stands beside the packages, since modules are looked for there."""
    with tempfile.NamedTemporaryFile("w", suffix=".mjs", dir=FOLDER) as file:
        file.write(program.replace("http://127.0.0.1:4599", server.url))
        file.flush()
        done = subprocess.run(["node", file.name], capture_output=True, text=True, timeout=120, env={**os.environ, **variables})
    assert done.returncode == 0, f"{program}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def page_program():
    [program] = re.findall(r"```js\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return program


def the_program_of_the_page_works():
    with Server() as server:
        tsv_store(server.client(), "listed")
        assert node(server, page_program()) == "listed 0\n"
        # The prefix makes a name of another host, which need not be there: that is what the page is for.
        try:
            node(server, page_program().replace("disableHostPrefix: true", "maxAttempts: 1"), AWS_DISABLE_HOST_PREFIX_INJECTION="true")
            raise AssertionError("this SDK knows the variable now: say so on the page")
        except AssertionError as error:
            assert "analytics-" in str(error), error


def a_store_lives_from_its_making_to_its_end():
    with Server() as server:
        source = server.put("a.tsv", TSV)
        begin = page_program().split("const {")[0].replace("ListAnnotationStoresCommand", "CreateAnnotationStoreCommand, GetAnnotationStoreCommand, "
            "StartAnnotationImportJobCommand, GetAnnotationImportJobCommand, TagResourceCommand, ListTagsForResourceCommand, DeleteAnnotationStoreCommand")
        told = node(server, begin + f"""
            await omics.send(new CreateAnnotationStoreCommand({{name: "scripted", storeFormat: "TSV", description: undefined, sseConfig: null,
                reference: {json.dumps(REFERENCE)}, storeOptions: {json.dumps(TSV_OPTIONS)}}}));
            const {{ jobId }} = await omics.send(new StartAnnotationImportJobCommand({{destinationName: "scripted", roleArn: "{ROLE}",
                items: [{{source: "{source}"}}], versionName: null}}));
            let job;
            do job = await omics.send(new GetAnnotationImportJobCommand({{jobId}})); while (/SUBMITTED|IN_PROGRESS/.test(job.status));
            const store = await omics.send(new GetAnnotationStoreCommand({{name: "scripted"}}));
            await omics.send(new TagResourceCommand({{resourceArn: store.storeArn, tags: {{"a b": "ä/+"}}}}));
            const {{ tags }} = await omics.send(new ListTagsForResourceCommand({{resourceArn: store.storeArn}}));
            let refused;
            try {{ await omics.send(new GetAnnotationStoreCommand({{name: "none"}})); }} catch (error) {{ refused = error.name; }}
            await omics.send(new DeleteAnnotationStoreCommand({{name: "scripted"}}));
            console.log(JSON.stringify([job.status, store.creationTime instanceof Date, tags, refused]));
        """)
        assert json.loads(told) == ["COMPLETED", True, {"a b": "ä/+"}, "ResourceNotFoundException"], told


if __name__ == "__main__":
    main([the_program_of_the_page_works, a_store_lives_from_its_making_to_its_end])
