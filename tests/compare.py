#!/usr/bin/env python3
"""Says byte for byte where two builds of annostore differ. Ends with 1 where they do.

    tests/compare.py BEFORE AFTER [FOLDER...]

runs both programs on every file of the folders (by default `../shared/corpus`, `../shared/cases`
and `testdata`, those that are there; name the folder of large inputs, too) and on inputs of its
own that fill several row groups, and compares

- the manual: `--help` of every command, the list of rules and the page of each;
- `check --output json` under every policy, alone and against the FASTA files beside a file;
- `infer`, with and without `--full`, and `check` with the options that it found;
- JSON documents, as `--options` and as `--request` of `check`;
- an import of every file into a store of its own (`--on-error skip`): what it prints, the job,
  its reports, the lines that it left out, all rows (`SELECT *` as NDJSON), and the Parquet files:
  row groups, statistics, and the bytes of each column;
- the same with `--left-normalize`, where FASTA files stand beside a VCF file.

Ids and times differ from run to run, and are masked where a program prints them. The column
importjobid holds an id: of it only rows and encodings are compared.

What a program said is kept below --work, by the digests of program and input: the second run of a
program costs nothing, so that one build can be held against many. Two builds of the corpus take
about a quarter of an hour. Needs Python 3.9 and nothing else.
"""

import argparse
import concurrent.futures
import contextlib
import fnmatch
import functools
import gzip
import hashlib
import itertools
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = [ROOT.parent / "shared/corpus", ROOT.parent / "shared/cases", ROOT / "testdata"]
REFERENCE_ARN = "arn:aws:omics:us-east-1:000000000000:referenceStore/1/reference/1"
UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
# What is masked where the program speaks of itself; never in rows or findings.
MASKS = [
    (UUID, b"UUID"),
    (re.compile(rb" in \d+\.\d s "), b" in TIME "),
    (re.compile(rb'("(?:creation|completion|update)Time": ?)("[^"]*"|[\d.]+)'), rb"\1TIME"),
    (re.compile(rb'("id": ?)"[0-9a-f]{12}"'), rb'\1"ID"'),
]
# Names that say nothing about a format of ours.
NOT_READ = {".md", ".py", ".jsonl", ".fai", ".gzi", ".tbi", ".csi", ".sql", ".rs", ".stderr"}
ENDINGS_OF_COPIES = {".gz", ".bgz", ".bz2", ".zip", ".z"}
FORMATS = {
    ".vcf": "VCF",
    ".out": "VCF",
    ".bcf": "VCF",
    ".gff3": "GFF",
    ".gff": "GFF",
    ".gtf": "GFF",
    ".gvf": "GFF",
}
FASTA = {".fa", ".fasta"}
SCHEMA = {
    "name": "s",
    "storeFormat": "TSV",
    "storeOptions": {
        "tsvStoreOptions": {"annotationType": "GENERIC", "schema": [{"a": "STRING"}, {"b": "INT"}]}
    },
}


class Steps:
    """What one program said of one input: texts by the name of the step."""

    def __init__(self, program, folder, timeout):
        self.program, self.folder, self.timeout = program, folder, timeout
        self.said = {}

    def run(self, step, *arguments, mask=True, threads="2"):
        """Runs the program, keeps what it said, and returns its exit code and standard output."""
        out, err = self.folder / "out", self.folder / "err"
        # Under one name, which help prints, wherever the program lies.
        command = ["annostore", *arguments, "--threads", threads, "--home", "home"]
        with out.open("wb") as to_out, err.open("wb") as to_err:
            try:
                done = subprocess.run(
                    command,
                    executable=self.program,
                    cwd=self.folder,
                    stdin=subprocess.DEVNULL,
                    stdout=to_out,
                    stderr=to_err,
                    timeout=self.timeout,
                    env={**os.environ, "NO_COLOR": "1", "COLUMNS": "100"},
                    check=False,
                )
                code = done.returncode
            except subprocess.TimeoutExpired:
                code = "none in time"
        out, err = out.read_bytes(), err.read_bytes()
        place = str(self.folder).encode()
        told = masked(out) if mask else out
        told += b"--- stderr\n" + masked(err) + f"--- code {code}\n".encode()
        self.keep(step, told.replace(place, b"WORK"))
        return code, out

    def keep(self, step, text):
        self.said[step] = text


def masked(text):
    for pattern, word in MASKS:
        text = pattern.sub(word, text)
    return text


# ---- What is done with an input, by its kind.


def format_of(path):
    """The format of a file by its name: VCF, GFF, TSV, JSON, or none."""
    name = path.name.lower()
    while pathlib.PurePath(name).suffix in ENDINGS_OF_COPIES:
        name = name[: name.rindex(".")]
    ending = pathlib.PurePath(name).suffix
    if ending in NOT_READ or ending in FASTA or name in ("manifest.tsv", "expected.txt"):
        return None
    return "JSON" if ending == ".json" else FORMATS.get(ending, "TSV")


def references(path):
    """At most two FASTA files beside a file: those whose names are most like its own."""
    beside = [
        it for it in path.parent.iterdir() if it.suffix in FASTA or it.name.endswith(".fasta.gz")
    ]

    def alike(it):
        return len(os.path.commonprefix([it.name, path.name]))

    return sorted(beside, key=lambda it: (-alike(it), it.name))[:2]


def program(steps):
    """The manual: what the program says of itself."""
    manual(steps)
    steps.run("man", "man")
    _, text = steps.run("rule", "rule")
    for code in re.findall(rb"^([A-Z]+\d+) ", text, re.M):
        steps.run(f"rule {code.decode()}", "rule", code.decode())


def manual(steps, *command):
    """The help of a command and of those below it."""
    _, text = steps.run(" ".join(["help", *command]), *command, "--help")
    below = re.search(rb"^Commands:\n((?: .*\n)+)", text, re.M)
    for name in re.findall(rb"^  ([a-z]+) ", below.group(1), re.M) if below else ():
        if name != b"help":
            manual(steps, *command, name.decode())


def document(steps, path):
    """A JSON document, as the options of a store and as a request."""
    (steps.folder / "a.tsv").write_bytes(b"a\tb\nx\t1\n")
    (steps.folder / "schema.json").write_text(json.dumps(SCHEMA))
    check = ["check", "a.tsv", "--output", "json"]
    steps.run("check --options", *check, "--options", path, mask=False)
    steps.run("check --request", *check, "--options", "schema.json", "--request", path, mask=False)


def checks(steps, path, policies, *arguments, name="check"):
    for policy in policies:
        more = ["--policy", policy, *arguments]
        steps.run(f"{name} {policy}", "check", path, "--output", "json", *more, mask=False)


def variants(steps, path, store_format):
    """A file of VCF or GFF3: checked and imported, also against the references beside it."""
    given = ["--store-format", store_format]
    checks(steps, path, ("service", "spec", "strict"), *given)
    steps.run("check text", "check", path, "--verbose", *given, mask=False)
    imported(steps, path, "import", ["--store-format", store_format], [])
    for number, fasta in enumerate(references(path) if store_format == "VCF" else []):
        name = f"against {fasta.name}"
        checks(steps, path, ("service",), "--reference", fasta, *given, name=f"check {name}")
        flags = [["--split-multiallelics", "--ref-mismatch", "warn"], ["--ref-mismatch", "error"]][
            number
        ]
        steps.run(
            f"reference {name}", "reference", "add", fasta, "--arn", f"{REFERENCE_ARN}{number}"
        )
        made = ["--store-format", "VCF", "--reference-arn", f"{REFERENCE_ARN}{number}"]
        imported(steps, path, f"import {name}", made, ["--left-normalize", *flags])


def table(steps, path):
    """A file of separated values: read as `infer` says."""
    steps.run("check", "check", path, "--output", "json", mask=False)
    steps.run("infer --full", "infer", path, "--full", mask=False)
    code, options = steps.run("infer", "infer", path, mask=False)
    if code == 0:
        (steps.folder / "it.json").write_bytes(options)
        request = ["--request", "it.json"]
        checks(steps, path, ("service",), "--options", "it.json", *request, name="check inferred")
        imported(steps, path, "import", request, request)


def imported(steps, path, name, made, arguments):
    """Imports a file into a store of its own, and takes apart what is there then."""
    store = f"store{sum(it.endswith(' store') for it in steps.said)}"
    if "--reference-arn" not in made:
        made = [*made, "--reference-arn", REFERENCE_ARN]
    code, _ = steps.run(f"{name} store", "store", "create", "--name", store, *made)
    if code != 0:
        return
    home = steps.folder / "home"
    before = set(home.rglob("*"))
    _, text = steps.run(name, "import", path, "--store", store, "--on-error", "skip", *arguments)
    job = re.search(rb"\(job (%s)\)" % UUID.pattern, text + steps.said[name])
    made = sorted(set(home.rglob("*")) - before)
    job = job.group(1).decode() if job else job_of(steps)
    for part in ("get", "report") if job else ():
        steps.run(f"{name} job {part}", "job", part, job, "--json", mask=part == "get")
    for left in (it for it in made if "reports" in it.parts and it.is_file()):
        steps.keep(f"{name} reports/{left.name}", left.read_bytes())
    files = [it for it in made if it.suffix == ".parquet"]
    if files:
        # Files have random names: in the order of what is in them.
        steps.keep(f"{name} parquet", b"\n".join(sorted(parquet(it) for it in files)))
        rows(steps, name, store, job)


def job_of(steps):
    """The id of the newest job."""
    _, text = steps.run("job list", "job", "list", "--json")
    found = UUID.search(text)
    return found and found.group().decode()


def rows(steps, name, store, job):
    """All rows, in the order of the table, with the id of their job masked."""
    step = f"{name} rows"
    # One thread: with more, batches come in the order in which they are done.
    steps.run(step, "query", f"SELECT * FROM {store}", "-f", "ndjson", mask=False, threads="1")
    if job:
        steps.said[step] = steps.said[step].replace(job.encode(), b"JOB")


# ---- Parquet: the footer is Thrift's compact protocol.


class Compact:
    """Reads a struct of Thrift's compact protocol as a dict by field number."""

    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def zigzag(self):
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def bytes(self):
        length = self.varint()
        self.at += length
        return self.data[self.at - length : self.at]

    def list(self):
        head = self.byte()
        count = head >> 4 if head >> 4 < 15 else self.varint()
        return [self.value(head & 15, True) for _ in range(count)]

    def value(self, kind, in_list=False):
        if kind in (1, 2):
            return self.byte() == 1 if in_list else kind == 1
        if kind == 3:
            return self.byte()
        if kind in (4, 5, 6):
            return self.zigzag()
        if kind == 7:
            self.at += 8
            return self.data[self.at - 8 : self.at]
        if kind == 8:
            return self.bytes()
        if kind in (9, 10):
            return self.list()
        if kind == 12:
            return self.struct()
        raise ValueError(f"Thrift has no type {kind} here")

    def struct(self):
        fields, number = {}, 0
        while True:
            head = self.byte()
            if head == 0:
                return fields
            number = number + (head >> 4) if head >> 4 else self.zigzag()
            fields[number] = self.value(head & 15)


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]


def parquet(path):
    """A Parquet file as text: its footer and a digest of every column, without places and ids."""
    data = path.read_bytes()
    length = int.from_bytes(data[-8:-4], "little")
    footer = Compact(data[-8 - length : -8]).struct()
    lines = [f"rows {footer[3]}, columns {len(footer[4][0][1]) if footer[4] else 0}"]
    lines += [
        f"schema {digest(repr(footer[2]).encode())}",
        f"keys {masked(repr(footer.get(5)).encode())!r}",
    ]
    for number, group in enumerate(footer[4]):
        lines.append(
            f"row group {number}: {group[3]} rows of {len(group[1])}, sorted by {group.get(4)}"
        )
        lines += [f"  {column(data, it)}" for it in group[1]]
    return "\n".join(lines).encode() + b"\n"


def column(data, chunk):
    """A column of a row group as text."""
    meta = chunk[3]
    path = ".".join(it.decode() for it in meta[3])
    text = f"{path}: {meta[5]} values, encodings {meta[2]}, codec {meta[4]}, {meta[6]} bytes"
    if path == "importjobid":
        return text
    first = min(it for it in (meta[9], meta.get(11)) if it)
    text += f" as {meta[7]}, pages {digest(data[first : first + meta[7]])}"
    text += f", statistics {digest(repr(meta.get(12)).encode())}, kinds {meta.get(13)}"
    if 6 in chunk:
        text += f", column index {digest(data[chunk[6] : chunk[6] + chunk[7]])}"
    if 4 in chunk:
        pages = Compact(data[chunk[4] : chunk[4] + chunk[5]]).struct()[1]
        text += (
            f", pages at {digest(repr([(it[1] - first, it[2], it[3]) for it in pages]).encode())}"
        )
    return text


# ---- Inputs that fill row groups.


def make_inputs(folder, scale):
    """Writes the inputs that are too large for a corpus, once."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "done").exists():
        dice = random.Random(13)
        write_vcf(folder / "rows.vcf", int(300_000 * scale), dice)
        write_table(folder / "rows.tsv", int(300_000 * scale), dice)
        write_genes(folder / "rows.gff3", int(300_000 * scale), dice)
        script = [
            sys.executable,
            ROOT / "benches/make_repeats.py",
            "--records",
            str(int(20_000 * scale)),
        ]
        subprocess.run([*script, "--seed", "1", folder], check=True, stdout=subprocess.DEVNULL)
        script = [sys.executable, ROOT / "benches/make_wide.py", "--rows", str(int(3_000 * scale))]
        subprocess.run([*script, "--seed", "1", folder], check=True, stdout=subprocess.DEVNULL)
        for name in ("rows.vcf", "rows.tsv", "rows.gff3"):
            with gzip.GzipFile(folder / f"{name}.gz", "wb", 1, mtime=0) as out:
                out.write((folder / name).read_bytes())
        (folder / "done").touch()
    return folder


def write_vcf(path, records, dice):
    keys = (
        "DP,1,Integer",
        "AF,A,Float",
        "DB,0,Flag",
        "GENE,.,String",
        "AC,A,Integer",
        "OLD,0,Flag",
    )
    with path.open("w") as out:
        out.write("##fileformat=VCFv4.3\n")
        for key, number, kind in (it.split(",") for it in keys):
            out.write(f'##INFO=<ID={key},Number={number},Type={kind},Description="{key}">\n')
        out.write(
            "##contig=<ID=chr1>\n##contig=<ID=chr2>\n"
            "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        )
        position = 0
        for record in range(records):
            position += dice.randrange(3)
            alternates = dice.sample("CGT", dice.choice((1, 1, 1, 2)))
            values = [f"{dice.random():.4g}" for _ in alternates]
            info = [f"DP={dice.randrange(999)}", f"AF={','.join(values)}"]
            info += dice.sample(
                ["DB", "GENE=a,b|c", "GENE=.", f"AC={','.join('7' for _ in alternates)}", "OLD"], 2
            )
            info = ";".join(dict((it.split("=")[0], it) for it in info).values())
            contig = 1 + 2 * record // records
            out.write(
                f"chr{contig}\t{position + 1}\trs{record}\tA\t{','.join(alternates)}"
                f"\t.\tPASS\t{info}\n"
            )


def write_table(path, rows, dice):
    with path.open("w") as out:
        out.write("chrom\tpos\tref\talt\tscore\tcoding\tnote\n")
        for row in range(rows):
            score = dice.choice(("", f"{dice.random():.5f}"))
            note = dice.choice(("plain", '"quoted\tnote"', "", "Größe"))
            out.write(
                f"chr{1 + 2 * row // rows}\t{row + 1}\tA\tC"
                f"\t{score}\t{dice.choice(('true', 'false'))}\t{note}\n"
            )


def write_genes(path, rows, dice):
    with path.open("w") as out:
        out.write("##gff-version 3\n")
        for row in range(rows):
            start = 10 * row + dice.randrange(99)
            kind, parent = ("gene", "") if row % 10 == 0 else ("exon", f";Parent=g{row // 10}")
            name = f"ID=g{row // 10}" if row % 10 == 0 else f"ID=e{row}"
            out.write(
                f"chr1\tmade\t{kind}\t{start + 1}\t{start + 50}\t.\t+\t."
                f"\t{name}{parent};note=a%2Cb;level={row % 7}\n"
            )


# ---- Running both programs, and telling.


def inputs_of(folders, pattern):
    """The inputs by name, a folder's own and the path below it; the program itself is one."""
    inputs = {"program": None}
    for folder in folders:
        for path in sorted(it for it in folder.rglob("*") if it.is_file()):
            if format_of(path):
                inputs[f"{folder.name}/{path.relative_to(folder)}"] = path
    return {name: path for name, path in inputs.items() if fnmatch.fnmatch(name, pattern)}


def steps_of(binary, path, timeout):
    """Everything that a program says of an input."""
    # In memory where there is such a folder: homes are synced to the disk otherwise.
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="compare-", dir=base) as folder:
        steps = Steps(binary, pathlib.Path(folder), timeout)
        kind = path and format_of(path)
        if path is None:
            program(steps)
        elif kind == "JSON":
            document(steps, path)
        elif kind == "TSV":
            table(steps, path)
        else:
            variants(steps, path, kind)
        return steps.said


def identity(name, path):
    """A digest of what a program is asked: this script, the input and its references."""
    whole = hashlib.sha256(pathlib.Path(__file__).read_bytes() + name.encode())
    for it in [path, *references(path)] if path else []:
        whole.update(str(it).encode() + it.read_bytes())
    return whole.hexdigest()[:24]


@functools.lru_cache
def program_digest(binary):
    return digest(pathlib.Path(binary).read_bytes())


def said(binary, name, path, work, timeout):
    """The folder of what a program says of an input: asked for, unless it is there already."""
    folder = work / program_digest(binary) / identity(name, path)
    if not folder.exists():
        texts = steps_of(binary, path, timeout)
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = pathlib.Path(tempfile.mkdtemp(dir=folder.parent))
        digests = {step: hashlib.sha256(text).hexdigest() for step, text in texts.items()}
        (unfinished / "steps.json").write_text(json.dumps(digests))
        for step, text in texts.items():
            (unfinished / f"{digest(step.encode())}.gz").write_bytes(
                gzip.compress(text, 1, mtime=0)
            )
        unfinished.rename(folder)
    return folder


def compare(name, path, programs, work, timeout):
    """The steps of an input by name: none where both said the same, else what differs."""
    before, after = (said(it, name, path, work, timeout) for it in programs)
    digests = [json.loads((it / "steps.json").read_text()) for it in (before, after)]
    found = {}
    for step in dict.fromkeys(itertools.chain(*digests)):
        same = digests[0].get(step) == digests[1].get(step)
        found[step] = None if same else difference(before, after, f"{digest(step.encode())}.gz")
    return found


def difference(before, after, file, most=3):
    """The first lines that differ, of both."""
    lines = []
    with contextlib.ExitStack() as open_files:
        texts = []
        for folder in (before, after):
            there = (folder / file).exists()
            texts.append(open_files.enter_context(gzip.open(folder / file)) if there else iter(()))
        for number, (old, new) in enumerate(itertools.zip_longest(*texts), 1):
            if old != new and len(lines) < most:
                lines.append(f"line {number}\n      - {shown(old)}\n      + {shown(new)}")
    return lines


def shown(line, most=300):
    if line is None:
        return "(nothing)"
    return line.rstrip(b"\n")[:most].decode("utf-8", "backslashreplace")


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", help="one program")
    parser.add_argument("after", help="the other")
    parser.add_argument("folders", nargs="*", type=pathlib.Path, help="folders of inputs")
    parser.add_argument(
        "--only", default="*", metavar="GLOB", help="inputs whose name matches, as `corpus/gff3/*`"
    )
    parser.add_argument(
        "--except",
        dest="known",
        action="append",
        default=[],
        metavar="GLOB",
        help="differences that are wanted, as `INPUT: STEP`; they are counted, and no failure",
    )
    parser.add_argument(
        "--scale",
        type=float,
        default=1.0,
        help="how large the inputs are that it makes; 0 for none",
    )
    parser.add_argument("--jobs", type=int, default=2, help="inputs at once [default: 2]")
    parser.add_argument("--timeout", type=float, default=1200, help="seconds for one command")
    parser.add_argument(
        "--work", type=pathlib.Path, default=ROOT / "target/compare", help="where results are kept"
    )
    return parser.parse_intermixed_args()


def main():
    given = arguments()
    programs = [str(pathlib.Path(it).resolve(strict=True)) for it in (given.before, given.after)]
    folders = [it.resolve() for it in given.folders or (it for it in FOLDERS if it.is_dir())]
    if given.scale > 0:
        folders.append(make_inputs(given.work.resolve() / f"made-{given.scale:g}", given.scale))
    inputs = inputs_of(folders, given.only)
    print(f"comparing {len(inputs)} inputs of {', '.join(map(str, folders))}", file=sys.stderr)
    counts = {"same": 0, "wanted": 0, "different": 0}
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        work = [
            pool.submit(compare, name, path, programs, given.work.resolve(), given.timeout)
            for name, path in inputs.items()
        ]
        for number, (name, done) in enumerate(zip(inputs, work), 1):
            for step, lines in done.result().items():
                counts[tell(f"{name}: {step}", lines, given.known)] += 1
            if number % 100 == 0:
                print(
                    f"{number} of {len(inputs)} inputs, {counts['different']} differences",
                    file=sys.stderr,
                )
    print(
        ", ".join(f"{count} {word}" for word, count in counts.items()), f"in {len(inputs)} inputs"
    )
    # A comparison of nothing must not pass.
    return 1 if counts["different"] or not counts["same"] else 0


def tell(place, lines, known):
    """Prints a difference, and says what kind of result it is."""
    if lines is None:
        return "same"
    if any(fnmatch.fnmatch(place, it) for it in known):
        return "wanted"
    print(f"{place}", *(f"    {it}" for it in lines), sep="\n", flush=True)
    return "different"


if __name__ == "__main__":
    sys.exit(main())
