//! Queries that were written for Athena, over stores that were imported: annotated variants, samples, ClinVar.

use annostore::query::Engine;
use serde_json::{Value, json};

use super::fixture::{refused, rows};
use super::imported::Imports;

const VARIANTS: &str = r#"
##fileformat=VCFv4.2
##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency">
##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. Format: Allele|Consequence|IMPACT|SYMBOL|Gene|Feature_type|Feature|BIOTYPE|EXON|INTRON|HGVSc|HGVSp|cDNA_position|CDS_position|Protein_position|Amino_acids|Codons|Existing_variation|DISTANCE|STRAND|FLAGS|SYMBOL_SOURCE|HGNC_ID|SIFT">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=AF,Number=1,Type=Float,Description="Allele fraction">
#CHROM POS ID REF ALT QUAL FILTER INFO FORMAT S1 S2
chr1 100 rs1 C T 50 PASS AF=0.5;CSQ=T|stop_gained&splice_region_variant|HIGH|TP53||||||||||||R/*|Cga/Tga|||||||tolerated,T|intron_variant|MODIFIER|WRAP53||||||||||||||||||||5 GT:AF 0/1:0.4 1/1:0.9
chr1 200 rs2 A G,T 20 LowQual;q10 AF=0.1,0.2;CSQ=G|missense_variant|HIGH|BRCA1|||||||||||||||||||| GT:AF 1/2:x 0/0:.
chr2 300 . G GA 40 PASS . GT:AF ./.:. 0/1:0.1
"#;

const CLINVAR: &str = r#"
##fileformat=VCFv4.1
##INFO=<ID=GENEINFO,Number=1,Type=String,Description="Genes">
##INFO=<ID=CLNSIG,Number=.,Type=String,Description="Significance">
##INFO=<ID=CLNDN,Number=.,Type=String,Description="Names of diseases">
##INFO=<ID=CLNDISDB,Number=.,Type=String,Description="Ids of diseases">
##INFO=<ID=RS,Number=.,Type=String,Description="dbSNP">
#CHROM POS ID REF ALT QUAL FILTER INFO
1 100 7 C T . . GENEINFO=TP53:7157|WRAP53:55135;CLNSIG=Pathogenic;CLNDN=Li-Fraumeni|other;CLNDISDB=SNOMED_CT:428850001,MedGen:C1,SNOMED_CT:254637007;RS=121
1 200 8 A G . . GENEINFO=BRCA1:672;CLNSIG=Benign;CLNDN=x;RS=122
2 300 9 G GA . . CLNSIG=Likely_pathogenic
"#;

fn engine() -> (Engine, tempfile::TempDir) {
    let mut home = Imports::new();
    home.vcf("vvv", VARIANTS).vcf("ccc", CLINVAR);
    home.engine()
}

#[track_caller]
fn check(sql: &str, expected: &Value) {
    let (engine, _folder) = engine();
    assert_eq!(json!(rows(&engine, sql)), *expected, "{sql}");
}

#[test]
fn q4_parts_of_attributes() {
    check(
        "SELECT split(c.attributes['GENEINFO'], ':')[1] gene, split(c.attributes['CLNDN'], '|')[1] dis
         FROM ccc c WHERE c.attributes['CLNSIG'] IN ('Pathogenic','Likely_pathogenic') ORDER BY gene",
        &json!([{"gene": "TP53", "dis": "Li-Fraumeni"}, {"gene": null, "dis": null}]),
    );
}

#[test]
fn q5_regular_expressions_over_attributes() {
    check(
        r"SELECT concat('chr', contigname) AS c, regexp_extract_all(attributes['CLNDISDB'], 'SNOMED_CT:\d+') AS s
         FROM ccc WHERE attributes['CLNDISDB'] LIKE '%SNOMED_CT:254637007%' AND length(referenceallele)=1
         AND cardinality(alternatealleles)=1 AND length(alternatealleles[1])=1",
        &json!([{"c": "chr1", "s": ["SNOMED_CT:428850001", "SNOMED_CT:254637007"]}]),
    );
}

#[test]
fn q6_transitions_and_transversions_by_sample() {
    check(
        "WITH d AS (SELECT sampleid, referenceallele r, alternatealleles,
            if(cardinality(calls)=2 AND element_at(calls,1)=element_at(calls,2),2,1) n FROM vvv
            WHERE filters[1] IN ('PASS', 'LowQual'))
         SELECT sampleid, CAST(sum(CASE WHEN r IN ('C','T') AND a IN ('C','T') THEN n ELSE 0 END) AS double)
            / sum(CASE WHEN r IN ('A','G') AND a IN ('T') THEN n ELSE 0 END) AS ratio
         FROM d CROSS JOIN UNNEST(alternatealleles) AS u(a) WHERE length(r)=1 AND length(a)=1
         GROUP BY sampleid ORDER BY sampleid",
        &json!([{"sampleid": "S1", "ratio": 1.0}, {"sampleid": "S2", "ratio": 1.0}]),
    );
}

#[test]
fn q7_a_field_of_the_first_consequence() {
    check(
        "SELECT DISTINCT v.start, CASE WHEN cardinality(v.annotations.vep) > 0 THEN v.annotations.vep[1].symbol END gene,
            v.annotations.vep[1].consequence[1] AS first, v.annotations.vep[9].symbol AS absent
         FROM vvv v ORDER BY v.start",
        &json!([
            {"start": 99, "gene": "TP53", "first": "stop_gained", "absent": null},
            {"start": 199, "gene": "BRCA1", "first": "missense_variant", "absent": null},
            {"start": 299, "gene": null, "first": null, "absent": null},
        ]),
    );
}

#[test]
fn q8_q9_q10_q11_joins_and_reports() {
    check(
        "SELECT concat(v.contigname,':',CAST(v.start AS varchar),':',v.referenceallele,'>',v.alternatealleles[1]) id,
            coalesce(c.attributes['RS'], 'none') rs, v.sampleid
         FROM vvv v LEFT JOIN ccc c ON replace(v.contigname,'chr','') = replace(c.contigname,'chr','')
            AND v.start=c.start AND v.referenceallele=c.referenceallele AND v.alternatealleles[1]=c.alternatealleles[1]
         WHERE v.qual > 30 AND contains(v.filters,'PASS')
            AND upper(split_part(c.attributes['GENEINFO'],':',1)) IN ('TP53') ORDER BY v.sampleid DESC",
        &json!([
            {"id": "chr1:99:C>T", "rs": "121", "sampleid": "S2"},
            {"id": "chr1:99:C>T", "rs": "121", "sampleid": "S1"},
        ]),
    );
    check(
        "SELECT sampleid, TRY_CAST(information['af'] AS double) af FROM vvv WHERE start < 200 ORDER BY af, sampleid",
        &json!([
            {"sampleid": "S1", "af": 0.4}, {"sampleid": "S2", "af": 0.9},
            {"sampleid": "S1", "af": null}, {"sampleid": "S2", "af": null},
        ]),
    );
    check(
        "SELECT sampleid, count(CASE WHEN length(referenceallele) < length(alternatealleles[1]) THEN 1 END) ins,
            round(count(CASE WHEN filters[1] IN ('PASS') THEN 1 END)*100.0/count(*),2) pct
         FROM vvv GROUP BY sampleid ORDER BY sampleid",
        &json!([{"sampleid": "S1", "ins": 1, "pct": 66.67}, {"sampleid": "S2", "ins": 1, "pct": 66.67}]),
    );
}

#[test]
fn q13_consequences_as_rows_and_their_terms_as_rows_of_those() {
    check(
        "SELECT c.contigname, c.start, u.symbol, w.k FROM vvv c
         CROSS JOIN UNNEST(c.annotations.vep) AS u(allele, consequence, impact, symbol, gene, feature_type, feature,
            biotype, exon, intron, hgvsc, hgvsp, cdna_position, cds_position, protein_position, amino_acids, codons,
            existing_variation, distance, strand, flags, symbol_source, hgnc_id, extras)
         CROSS JOIN UNNEST(u.consequence) AS w(k)
         WHERE u.impact='HIGH' AND c.sampleid = 'S1' ORDER BY c.start, w.k",
        &json!([
            {"contigname": "chr1", "start": 99, "symbol": "TP53", "k": "splice_region_variant"},
            {"contigname": "chr1", "start": 99, "symbol": "TP53", "k": "stop_gained"},
            {"contigname": "chr1", "start": 199, "symbol": "BRCA1", "k": "missense_variant"},
        ]),
    );
}

#[test]
fn q14_lambdas() {
    check(
        "SELECT any_match(filters, f -> f='PASS') AS passes, filter(annotations.vep, x -> x.symbol='TP53')[1].impact AS impact,
            element_at(attributes,'AF') AS af, map_keys(attributes) AS keys
         FROM vvv WHERE sampleid = 'S1' ORDER BY start",
        &json!([
            {"passes": true, "impact": "HIGH", "af": "0.5", "keys": ["AF", "CSQ"]},
            {"passes": false, "impact": null, "af": "0.1,0.2", "keys": ["AF", "CSQ"]},
            {"passes": true, "impact": null, "af": null, "keys": []},
        ]),
    );
}

#[test]
fn an_unnest_keeps_what_stands_before_it() {
    let all = "SELECT v.start, u.a, u.n FROM vvv v CROSS JOIN UNNEST(v.alternatealleles) WITH ORDINALITY AS u(a, n)
        WHERE v.sampleid = 'S1' ORDER BY v.start, u.n";
    let expected = json!([
        {"start": 99, "a": "T", "n": 1}, {"start": 199, "a": "G", "n": 1},
        {"start": 199, "a": "T", "n": 2}, {"start": 299, "a": "GA", "n": 1},
    ]);
    check(all, &expected);
    check(&all.replace("CROSS JOIN", ","), &expected);
    check(&all.replace("AS u(a, n)", "AS u(a, n) JOIN ccc c ON c.start = v.start"), &expected);
    check(
        "SELECT v.start, u.v.symbol AS s FROM vvv v LEFT JOIN UNNEST(annotations.vep) AS u(v) ON true
         WHERE sampleid = 'S2' ORDER BY start, s",
        &json!([
            {"start": 99, "s": "TP53"}, {"start": 99, "s": "WRAP53"}, {"start": 199, "s": "BRCA1"},
            {"start": 299, "s": null},
        ]),
    );
    check(
        "SELECT a, b FROM UNNEST(ARRAY[1, 2], ARRAY['x']) AS u(a, b) ORDER BY a",
        &json!([{"a": 1, "b": "x"}, {"a": 2, "b": null}]),
    );
    check(
        "SELECT u.k, u.v FROM vvv CROSS JOIN UNNEST(annotations.vep[2].extras) AS u(k, v) WHERE sampleid = 'S1'",
        &json!([{"k": "sift", "v": "5"}]),
    );
    check(
        "SELECT count(*) AS n FROM ccc, vvv CROSS JOIN UNNEST(ccc.alternatealleles, vvv.filters) AS u(a, f)",
        &json!([{"n": 24}]),
    );
    check(
        "SELECT x.s, count(*) AS n FROM (SELECT u.symbol AS s FROM vvv CROSS JOIN UNNEST(annotations.vep) AS u) x
         GROUP BY x.s ORDER BY x.s",
        &json!([{"s": "BRCA1", "n": 2}, {"s": "TP53", "n": 2}, {"s": "WRAP53", "n": 2}]),
    );
}

#[test]
fn an_unnest_that_cannot_be_says_why() {
    let (engine, _folder) = engine();
    for (sql, words) in [
        ("SELECT 1 FROM vvv CROSS JOIN UNNEST(annotations.vep) AS u(a, b)", "gives 24 columns"),
        ("SELECT 1 FROM vvv CROSS JOIN UNNEST(contigname) AS u(a)", "takes arrays and maps"),
        ("SELECT 1 FROM vvv LEFT JOIN UNNEST(filters) AS u(a) ON a = 'x'", "ON true"),
        ("SELECT 1 FROM vvv FULL JOIN UNNEST(filters) AS u(a) ON true", "ON true"),
    ] {
        let text = refused(&engine, sql).to_string();
        assert!(text.contains(words), "{sql}: {text}");
    }
}

#[test]
fn lambdas_see_columns_and_know_nulls() {
    let (engine, _folder) = engine();
    for (expression, expected) in [
        ("transform(ARRAY[1, 2], x -> x * 10)", json!([10, 20])),
        ("filter(ARRAY[1, NULL, 3], x -> x > 1)", json!([3])),
        ("reduce(ARRAY[1, 2, 3], 0, (s, x) -> s + x, s -> s)", json!(6)),
        ("reduce(ARRAY[0.5, 2], 0, (s, x) -> s + x, s -> s * 2)", json!(5.0)),
        ("reduce(filter(ARRAY[1], x -> x > 1), 7, (s, x) -> s + x, s -> s)", json!(7)),
        ("reduce(CAST(NULL AS bigint[]), 7, (s, x) -> s + x, s -> s)", json!(null)),
        ("all_match(ARRAY[1, 2], x -> x > 0)", json!(true)),
        ("all_match(ARRAY[1, NULL], x -> x > 0)", json!(null)),
        ("all_match(ARRAY[0, NULL], x -> x > 0)", json!(false)),
        ("none_match(ARRAY[1, 2], x -> x > 2)", json!(true)),
        ("none_match(ARRAY[3, NULL], x -> x > 2)", json!(false)),
        ("any_match(ARRAY[1, NULL], x -> x > 2)", json!(null)),
        ("array_join(transform(ARRAY['a', 'b'], x -> upper(x)), '+')", json!("A+B")),
        (
            "transform(ARRAY[1, 2], x -> reduce(ARRAY[1, 2], x, (s, y) -> s + y, s -> s))",
            json!([4, 5]),
        ),
    ] {
        let rows = rows(&engine, &format!("SELECT {expression} AS x"));
        assert_eq!(rows[0]["x"], expected, "{expression}");
    }
    let sql = "SELECT reduce(alternatealleles, referenceallele, (s, a) -> s || '>' || a || sampleid, s -> s) AS x
        FROM vvv WHERE sampleid = 'S2' ORDER BY start";
    assert_eq!(
        json!(rows(&engine, sql)),
        json!([{"x": "C>TS2"}, {"x": "A>GS2>TS2"}, {"x": "G>GAS2"}])
    );
}

#[test]
fn functions_of_the_list() {
    let (engine, _folder) = engine();
    for (expression, expected) in [
        (r"regexp_extract('p.Arg12Trp', '([A-Z][a-z]{2})(\d+)')", json!("Arg12")),
        (r"regexp_extract('p.Arg12Trp', '([A-Z][a-z]{2})(\d+)', 2)", json!("12")),
        ("regexp_extract('abc', 'x')", json!(null)),
        ("regexp_extract_all('a1b2', '[a-z]([0-9])', 1)", json!(["1", "2"])),
        ("regexp_extract_all('abc', 'x')", json!([])),
        ("regexp_like('missense_variant', 'miss')", json!(true)),
        ("regexp_replace('chr1,chr2', 'chr')", json!("1,2")),
        ("regexp_replace('a1b2', '([a-z])([0-9])', '$2$1')", json!("1a2b")),
        ("array_join(ARRAY['a', NULL, 'b'], ',')", json!("a,b")),
        ("array_join(ARRAY['a', NULL], ',', '.')", json!("a,.")),
        ("array_join(ARRAY[1, 2], '-')", json!("1-2")),
        ("map_values(MAP(ARRAY['a', 'b'], ARRAY[1, 2]))", json!([1, 2])),
        ("TRY_CAST('12' AS bigint)", json!(12)),
        ("element_at(ARRAY['x'], 1)", json!("x")),
        ("nullif(1, 1)", json!(null)),
        ("greatest(1, 3, 2)", json!(3)),
        ("strpos('abc', 'c')", json!(3)),
        ("array_distinct(ARRAY[1, 1, 2])", json!([1, 2])),
        ("cardinality(split('a|b|c', '|'))", json!(3)),
    ] {
        let rows = rows(&engine, &format!("SELECT {expression} AS x"));
        assert_eq!(rows[0]["x"], expected, "{expression}");
    }
    let sql = "SELECT array_agg(DISTINCT referenceallele ORDER BY referenceallele) AS x,
        approx_distinct(sampleid) AS n FROM vvv WHERE start BETWEEN 0 AND 250";
    assert_eq!(json!(rows(&engine, sql)), json!([{"x": ["A", "C"], "n": 2}]));
    let error = refused(&engine, r"SELECT regexp_extract(contigname, '(?<=c)h') FROM vvv");
    assert!(error.to_string().contains("look-around"), "{error}");
}
