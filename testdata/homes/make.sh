#!/usr/bin/env bash
# Makes a home with one of everything, and asks it what the tests of later programs will ask.
#
#   ANNOSTORE=path/to/annostore testdata/homes/make.sh
#
# Run it with the program of a release whose catalog has a new form. It leaves
# testdata/homes/FORM/home, and in answers.txt beside it what that program answers.
# tests/catalog/homes.rs holds that later programs answer alike. Never make the home of a form that
# was released anew: what counts is what was written then. In the answers of form 3 alone the type of
# `dp` was changed by hand, from integer to bigint, when Integers of INFO got 64 bits.
#
# Needs curl. All that is imported is made here, below /tmp, so that the home names no other place.
set -euo pipefail
program=$(realpath "${ANNOSTORE:?names the program to make a home with}")
homes=$(dirname "$(realpath "$0")")
work=/tmp/annostore-home
mkdir "$work"
trap 'rm -rf "$work"' EXIT
cd "$work"
export ANNOSTORE_HOME=$work/home
arn=arn:aws:omics:us-east-1:000000000000:referenceStore/1000000000/reference/0000000001

annostore() { "$program" "$@" --quiet; }
# A command that has to end with this exit code.
ends_with() {
    local wanted=$1 found=0
    shift
    "$program" "$@" --quiet > said 2>&1 || found=$?
    [ "$found" = "$wanted" ] || { cat said; return 1; }
}
tab() { tr ' ' '\t'; }

# References, and a VCF store with two versions, samples, annotations and normalized records.
printf '>chr1\nGGGCACACACATTT\nACGTACGTACGTAC\n>chr2\nTTTTTTTTTTTTTT\n' > reference.fa
annostore reference add reference.fa --arn "$arn"
annostore store create --name variants --store-format VCF --reference-arn "$arn" \
    --description 'one of everything: "quotes", Ünïcode' --tags 'team=genomics,empty=' \
    --sse-config '{"type": "KMS", "keyArn": "arn:aws:kms:us-east-1:000000000000:key/1"}'
annostore version create variants --version-name release_2 --description 'the second' \
    --tags stage=test
vep='Consequence annotations from Ensembl VEP. Format: Allele|Consequence|IMPACT|SYMBOL'
header='##fileformat=VCFv4.3
##contig=<ID=chr1,length=28>
##contig=<ID=chr2,length=14>
##FILTER=<ID=q10,Description="Quality below 10">
##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency">
##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">
##INFO=<ID=DB,Number=0,Type=Flag,Description="Known">
##INFO=<ID=NOTE,Number=.,Type=String,Description="Notes">
##INFO=<ID=CSQ,Number=.,Type=String,Description="'$vep'">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">'
{
    echo "$header"
    tab << 'END'
#CHROM POS ID REF ALT QUAL FILTER INFO FORMAT S1 S2
chr1 8 rs1 CAC C 30 PASS AF=0.25;DP=10;DB;CSQ=-|frameshift_variant|HIGH|GENE1 GT:DP 0/1:5 1|1:.
chr1 15 rs2;rs3 A G,T . q10 AF=0.5,1e-30;NOTE=a,b;OTHER=kept GT 1/2 ./.
chr2 3 . T <DEL> 0.5 . DP=.;END=9 GT 0/0 .
END
} > good.vcf
annostore import good.vcf --store variants --ignore-qual-field --left-normalize
# Lines that are rejected, from standard input.
{
    echo "$header"
    tab << 'END'
#CHROM POS ID REF ALT QUAL FILTER INFO
chr1 4 . C T 1e3 PASS AF=0.125
chr1 x . C T . PASS AF=0.5
chr2 9 . T TT . PASS AF=oops;DP=7
END
} | ends_with 1 import - --store variants --version release_2 --on-error skip
# A file that fails its job.
{
    echo "$header"
    tab << 'END'
#CHROM POS ID REF ALT QUAL FILTER INFO
chr1 x . C T . PASS .
END
} | ends_with 1 import - --store variants

# A TSV store with an own schema, and options of a version and of a file.
schema='"schema": [{"chrom": "STRING"}, {"pos": "LONG"}, {"ref": "STRING"}, {"alt": "STRING"},
    {"score": "DOUBLE"}, {"rank": "INT"}, {"ratio": "FLOAT"}, {"good": "BOOLEAN"}]'
roles='"formatToHeader": {"CHR": "chrom", "POS": "pos", "REF": "ref", "ALT": "alt"}'
type='"annotationType": "CHR_POS_REF_ALT"'
annostore store create --name scores --store-format TSV --reference-arn "$arn" \
    --version-name first --store-options "{\"tsvStoreOptions\": {$type, $roles, $schema}}"
annostore version create scores --version-name plain --version-options \
    '{"tsvVersionOptions": {"annotationType": "GENERIC",
        "schema": [{"word": "STRING"}, {"count": "LONG"}]}}'
cat > scores.csv << 'END'
chrom;pos;ref;alt;score;rank;ratio;good
chr1;4;C;T;0.1;7;0.5;true
# no row
chr2;3;T;'A';;-1;1e-3;false
END
annostore import scores.csv --store scores --sep ';' --quote "'" --comment '#' --header true \
    --encoding ISO-8859-1
printf 'word,count\nö,3\nb,\n' | annostore import - --store scores --version plain --header true

# A GFF store, which is shared; another account's store; a store that is gone, and its history.
annostore store create --name genes --store-format GFF --reference-arn "$arn"
{
    echo '##gff-version 3'
    tab << 'END'
chr1 ours gene 4 20 . + . ID=gene1;Name=First%2C%20gene;Dbxref=a:1,b:2
chr1 ours mRNA 4 20 0.5 + . ID=mrna1;Parent=gene1
chr1 ours CDS 6 11 . + 0 ID=cds1;Parent=mrna1
END
} | annostore import - --store genes
annostore store create --name theirs --store-format GFF --reference-arn "$arn" \
    --account 111122223333
annostore share create --store genes --principal-subscriber 111122223333 --share-name for_them
annostore share create --store genes --principal-subscriber 444455556666
annostore share create --store variants --principal-subscriber 111122223333
offered=$(annostore share list --resource-owner OTHER --json --account 111122223333 \
    | sed -n 's/.*"shareId": "\(.*\)".*/\1/p')
for share in $offered; do annostore share accept "$share" --account 111122223333; done
annostore store create --name gone --store-format VCF --reference-arn "$arn"
annostore import good.vcf --store gone
annostore share create --store gone --principal-subscriber 444455556666
annostore store delete gone --force

# A job that waits for a server: one that was stopped while it ran it. So the object has to be
# large.
mkdir -p s3/bucket
{
    echo '##fileformat=VCFv4.3'
    echo '#CHROM POS ID REF ALT QUAL FILTER INFO' | tab
    seq 1 3000000 | sed 's/.*/chr1\t&\t.\tC\tT\t.\tPASS\t./'
} > s3/bucket/waiting.vcf
"$program" serve --listen 127.0.0.1:0 --port-file port --s3-root s3 --quiet > /dev/null 2>&1 &
server=$!
until [ -s port ]; do sleep 0.05; done
scope=000000000000/20260101/us-east-1/omics/aws4_request
curl --silent --show-error --fail --output /dev/null \
    "http://127.0.0.1:$(cat port)/import/annotation" \
    --header "Authorization: AWS4-HMAC-SHA256 Credential=$scope" \
    --data '{"destinationName": "variants", "versionName": "release_2",
        "items": [{"source": "s3://bucket/waiting.vcf"}],
        "roleArn": "arn:aws:iam::000000000000:role/importer",
        "formatOptions": {"vcfOptions": {"ignoreFilterField": true}},
        "annotationFields": {"VEP": "CSQ"}}'
sleep 0.5
kill -TERM "$server"
wait "$server" || true

# The questions. Each line is a command; the program's answer follows it.
ask() {
    printf '$ annostore'
    printf ' %q' "$@"
    echo
    annostore "$@" || echo "exit code $?"
}
jobs=$(annostore job list --json | sed -n 's/.*"id": "\(.*\)".*/\1/p')
{
    for account in 000000000000 111122223333 444455556666; do
        ask store list --json --account $account
        ask share list --resource-owner SELF --json --account $account
        ask share list --resource-owner OTHER --json --account $account
        ask job list --json --account $account
        ask query 'SHOW TABLES' --format csv --account $account
    done
    for store in variants scores genes; do
        ask store get $store --json
        ask version list $store --json
        ask tag list $store --json
    done
    ask version get variants release_2 --json
    ask tag list variants --version release_2 --json
    ask reference list --json
    ask version get variants variants
    ask version get variants variants --header --json
    ask version get scores first --header
    ask version get genes genes --header
    for job in $jobs; do ask job get "$job" --json; ask job report "$job"; done
    for table in variants variants.release_2 scores scores.plain genes; do
        ask query "DESCRIBE $table" --format csv
        ask query "SELECT * FROM $table" --format ndjson
    done
    ask query "SELECT attributes['OTHER'], info.af, info_other FROM variants" --format ndjson
    ask query 'SELECT count(*) FROM "000000000000_genes"' --format csv --account 111122223333
} > answers.txt

form=$(od -An -N1 -j63 -tu1 home/catalog.db | tr -d ' ')
mkdir "$homes/$form"
cp -r home answers.txt "$homes/$form/"
du -sh "$homes/$form"
