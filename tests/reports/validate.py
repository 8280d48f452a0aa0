"""Holds reports of `annostore check` against what is to read them: validate.py FORM FILE [MORE]."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlparse


def sarif(path, schema):
    import jsonschema

    log = json.loads(Path(path).read_text())
    validator = jsonschema.Draft4Validator(json.loads(Path(schema).read_text()))
    errors = [f"{list(it.absolute_path)}: {it.message}" for it in validator.iter_errors(log)]
    assert not errors, errors[:5]
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        # What code scanning shows, and how sure the effect is.
        assert rule["help"]["text"] and rule["fullDescription"]["text"], rule
        sure = {"published-importer", "documentation", "seen", "inferred"}
        assert rule["properties"]["evidence"] in sure and rule["properties"]["source"], rule
    assert len({it["id"] for it in rules}) == len(rules)
    prints = set()
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        artifact = run["artifacts"][place["artifactLocation"]["index"]]
        assert artifact["location"]["uri"] == place["artifactLocation"]["uri"]
        urlparse(place["artifactLocation"]["uri"])
        assert re.fullmatch(r"[!-~]+", place["artifactLocation"]["uri"]), place
        prints.add(result["partialFingerprints"]["annostore/v1"])
    assert len(prints) == len(run["results"]) > 0


def junit(path):
    from junitparser import Error, Failure, JUnitXml, Skipped

    suites = JUnitXml.fromfile(path)
    kinds = {Failure: 0, Error: 0, Skipped: 0}
    tests, names = 0, set()
    for suite in suites:
        own = 0
        for case in suite:
            own += 1
            names.add((suite.name, case.classname, case.name))
            for result in case.result:
                kinds[type(result)] += 1
                assert result.message, case.name
        assert own == suite.tests, suite.name
        tests += own
    assert len(names) == tests == suites.tests, (len(names), tests, suites.tests)
    assert kinds[Failure] == suites.failures > 0
    assert kinds[Error] == suites.errors == 1


def github(path):
    """As the runner reads commands: https://docs.github.com/actions (workflow commands)."""
    levels = {"error": 0, "warning": 0, "notice": 0}
    known = {"file", "line", "endLine", "col", "endColumn", "title"}
    files = set()
    for text in Path(path).read_text().splitlines():
        if not text.startswith("::"):
            assert "in no annotation" in text, text
            continue
        level, properties, message = re.fullmatch(r"::(\w+) (.*?)::(.*)", text).groups()
        levels[level] += 1
        pairs = dict(it.split("=", 1) for it in properties.split(","))
        assert set(pairs) <= known, pairs
        for name in ["line", "col", "endColumn"]:
            assert int(pairs.get(name, 1)) >= 1, pairs
        unescaped = pairs["file"]
        for code, character in [("%3A", ":"), ("%2C", ","), ("%25", "%")]:
            unescaped = unescaped.replace(code, character)
        files.add(unescaped)
        assert message and pairs["title"], text
        # A percent sign that stands for itself is escaped.
        assert not re.search(r"%(?!25|0A|0D)", message), message
    assert max(levels.values()) <= 10 and levels["error"] == 10, levels
    assert "odd, 50%: é.vcf" in files, files


def gitlab(path):
    """What GitLab's documentation asks of a Code Quality report."""
    issues = json.loads(Path(path).read_text())
    severities = {"info", "minor", "major", "critical", "blocker"}
    for issue in issues:
        assert issue["severity"] in severities, issue
        assert issue["description"] and issue["check_name"], issue
        assert issue["location"]["lines"]["begin"] >= 1, issue
        assert issue["location"]["path"] and not issue["location"]["path"].startswith("./")
    assert len({it["fingerprint"] for it in issues}) == len(issues) > 0


def multiqc(table, plot):
    """MultiQC itself makes a report of both files."""
    with tempfile.TemporaryDirectory() as folder:
        for path in [table, plot]:
            Path(folder, os.path.basename(path)).write_bytes(Path(path).read_bytes())
        command = [sys.executable, "-m", "multiqc", "--data-format", "json", "--no-ansi", "."]
        ran = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            env=dict(os.environ, MULTIQC_NO_VERSION_CHECK="true", MPLCONFIGDIR=folder),
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        told = [it for it in (ran.stdout + ran.stderr).splitlines() if "version_check" not in it]
        assert not re.search(r"warning|error|traceback", "\n".join(told), re.IGNORECASE), told
        page = Path(folder, "multiqc_report.html").read_text()
        for text in ["annostore check", "annostore_check_table", "annostore_check_plot"]:
            assert text in page, text
        data = json.loads(Path(folder, "multiqc_data", "multiqc_data.json").read_text())
        raw = data["report_saved_raw_data"]
        rows, bars = (raw[f"multiqc_annostore_check_{it}"] for it in ["table", "plot"])
        assert len(rows) == len(bars) == 3, (rows, bars)
        for name, row in rows.items():
            assert row["errors"] == bars[name]["errors"] and row["verdict"], (name, row)
        assert sum(it["errors"] for it in rows.values()) > 0


def rejects(path):
    """DuckDB sums up what it reads."""
    import duckdb

    def one(sql):
        return duckdb.execute(sql.replace("REJECTS", f"'{path}'")).fetchone()

    rows, lines, files = one(
        "SELECT count(*), count(DISTINCT (file, line, code)), count(DISTINCT file) FROM REJECTS"
    )
    assert rows >= lines > 14000 and files == 6, (rows, lines, files)
    assert one("SELECT count(*) FROM REJECTS WHERE code IS NULL") == (1,)
    assert one("SELECT max(line) FROM REJECTS WHERE file LIKE 'odd%'") == (2002,)
    kinds = dict(
        duckdb.execute(f"SELECT column_name, column_type FROM (DESCRIBE FROM '{path}')").fetchall()
    )
    assert kinds["line"] == kinds["count"] == "BIGINT" and kinds["message"] == "VARCHAR", kinds


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
