"""Counts the records of a VCF file by contig, with the mean of one INFO field, as polars-bio does:

    python benches/files_peer.py gnomad.vcf.gz AF
"""

import sys

import polars as pl
import polars_bio as pb

path, field = sys.argv[1:]
pb.set_option("datafusion.execution.target_partitions", "2")
frame = pb.scan_vcf(path, info_fields=[field])
if isinstance(frame.collect_schema()[field], pl.List):
    mean = pl.col(field).list.first().mean()
else:
    mean = pl.col(field).mean()
print(frame.group_by("chrom").agg(pl.len(), mean).sort("chrom").collect())
