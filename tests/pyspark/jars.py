"""Iceberg's jar for Spark, as PyPI has it, and what that lacks: Jackson under the name that the jar gives it."""

import zipfile
from pathlib import Path

import pyspark
import snowpark_connect_deps_iceberg

ICEBERG = "iceberg-spark-runtime-3.5_2.12-*.jar"
PARTS = ["annotations", "core", "databind"]
OURS, THEIRS = b"com/fasterxml/jackson", b"org/apache/iceberg/shaded/com/fasterxml/jackson"
# The constants of a class file by their tags, and how long each is after its tag; a text says it itself.
TEXT = 1
LENGTHS = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}
# Long and double count as two constants.
TWOFOLD = (5, 6)


def iceberg():
    """The jar of Iceberg for this Spark."""
    found, = Path(snowpark_connect_deps_iceberg.__file__).parent.joinpath("jars").glob(ICEBERG)
    return found


def jackson(path):
    """Makes a jar of Spark's own Jackson, renamed."""
    with zipfile.ZipFile(path, "w") as target:
        for part in PARTS:
            source, = Path(pyspark.__file__).parent.joinpath("jars").glob(f"jackson-{part}-2.*.jar")
            with zipfile.ZipFile(source) as jar:
                for name in jar.namelist():
                    if name.startswith(OURS.decode()) and name.endswith(".class"):
                        target.writestr(name.replace(OURS.decode(), THEIRS.decode()), renamed(jar.read(name)))
    return path


def renamed(code):
    """A class whose constants name the package anew: as a path, and with dots as reflection has it."""
    constants, at, index = [], 10, 1
    while index < int.from_bytes(code[8:10], "big"):
        tag, after = code[at], at + 1
        if tag == TEXT:
            end = after + 2 + int.from_bytes(code[after:after + 2], "big")
            text = code[after + 2:end].replace(OURS, THEIRS)
            text = text.replace(OURS.replace(b"/", b"."), THEIRS.replace(b"/", b"."))
            constants.append(bytes([TEXT]) + len(text).to_bytes(2, "big") + text)
        else:
            end = after + LENGTHS[tag]
            constants.append(code[at:end])
        at = end
        index += 2 if tag in TWOFOLD else 1
    return code[:10] + b"".join(constants) + code[at:]
