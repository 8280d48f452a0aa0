//! Samples: a row for each of a record, its genotype in columns, and whatever else FORMAT has in `information`.

use serde_json::{Value, json};

use super::fixture::rows;
use super::imported::Imports;

const TEXT: &str = r#"
##fileformat=VCFv4.4
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">
##FORMAT=<ID=PL,Number=G,Type=Integer,Description="Likelihoods">
##FORMAT=<ID=GL,Number=G,Type=Float,Description="Likelihoods">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">
##FORMAT=<ID=PS,Number=1,Type=Integer,Description="Phase set">
##FORMAT=<ID=FT,Number=1,Type=String,Description="Filters">
##FORMAT=<ID=VAF,Number=A,Type=Float,Description="Fraction">
#CHROM POS ID REF ALT QUAL FILTER INFO FORMAT S1 S2
1 100 . C T,G . . . GT:DP:AD:PL:GQ:VAF 0/1:12:7,5,.:30,0,20,1,2,3:99:0.4,0.1 1|2:.:.:.:.:.
1 200 . C T . . . GT:PS:FT:GL 0:7:q10;q20:-1.5,0 ./.
1 300 . C T . . . GT /0/1 |0|1
1 400 . C T . . . GT:DP .|1:x .
1 500 . C T . . . DP:DP 3:4 5
"#;

#[test]
fn genotypes_are_columns_and_the_rest_is_information() {
    let mut home = Imports::new();
    home.vcf("sss", TEXT);
    let (engine, _folder) = home.engine();
    let sql = "SELECT start, sampleid, phased, calls, depth, alleledepths, phredlikelihoods, genotypelikelihoods,
        conditionalquality, ps, information FROM sss ORDER BY start, sampleid";
    let found: Vec<Value> = rows(&engine, sql)
        .into_iter()
        .map(|mut row| {
            row.as_object_mut().unwrap().retain(|_, value| !value.is_null());
            row
        })
        .collect();
    let expected = json!([
        {"start": 99, "sampleid": "S1", "phased": false, "calls": [0, 1], "depth": 12, "alleledepths": [7, 5, null],
            "phredlikelihoods": [30, 0, 20, 1, 2, 3], "conditionalquality": 99, "information": {"vaf": "0.4,0.1"}},
        {"start": 99, "sampleid": "S2", "phased": true, "calls": [1, 2]},
        {"start": 199, "sampleid": "S1", "phased": false, "calls": [0], "ps": 7, "genotypelikelihoods": [-1.5, 0.0],
            "information": {"genotype_filters": "q10;q20"}},
        {"start": 199, "sampleid": "S2", "phased": false, "calls": [-1, -1]},
        {"start": 299, "sampleid": "S1", "phased": false, "calls": [0, 1]},
        {"start": 299, "sampleid": "S2", "phased": true, "calls": [0, 1]},
        {"start": 399, "sampleid": "S1", "phased": true, "calls": [-1, 1], "information": {"dp": "x"}},
        {"start": 399, "sampleid": "S2", "phased": false, "calls": [-1]},
        {"start": 499, "sampleid": "S1", "depth": 3, "information": {"dp": "4"}},
        {"start": 499, "sampleid": "S2", "depth": 5},
    ]);
    for (found, expected) in found.iter().zip(expected.as_array().unwrap()) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), 10);
}
