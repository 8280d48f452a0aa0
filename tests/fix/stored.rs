//! What SQL says of a file is the same once it is mended.

use serde_json::Value;

use crate::common::program::Home;

/// The rows of a store, without those columns that tell imports and declarations apart.
fn rows(home: &Home, store: &str) -> Vec<Value> {
    let columns = "contigname, start, \"end\", names, referenceallele, alternatealleles, qual, \
                   filters, attributes, phased, calls, depth, sampleid, information";
    let sql = format!("SELECT {columns} FROM {store} ORDER BY start, sampleid");
    let said = home.done(["query", "--format", "ndjson", &sql]);
    said.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

/// Also where a definition gives values a column that were kept as text.
#[test]
fn a_mended_file_has_the_rows_of_the_file() {
    let home = Home::new();
    let file = "\u{feff}##fileformat=VCFv4.2\r\n\
        ##INFO=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">\r\n\
        ##FILTER=<ID=q10,Description=\"Low\">\r\n\
        #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ts1\ts2\t\r\n\
        1\t10\ta\tA\tC,G\t5\tq10;s50\tDP=5;AN=7;AF=0.5,0.25;XX=a,b;YY\t\
        GT:DP:ZZ\t0/1:5:x\t1|2:6:y\r\n\
        \r\n\
        1\t20\t.\tA\tC\t.\tPASS\tDP=x;AN=.;SOMATIC;END=25\tGT\t0/1\t./.\t\t\r\n\
        1\t30\tb;c\tA\tC\t.\t.\tXX=c;MQ=50.5\tGT:ZZ\t0/1:z\t.";
    home.file("before.vcf", file);
    home.done(["fix", "before.vcf", "-o", "after.vcf"]);
    for store in ["before", "after"] {
        home.done(["store", "create", "--name", store, "--store-format", "VCF"]);
        home.done(["import", "-q", &format!("{store}.vcf"), "--store", store]);
    }
    let (mut before, after) = (rows(&home, "before"), rows(&home, "after"));
    assert_eq!(before.len(), 6);
    // A key that stands bare has the text of a flag once it is one.
    for row in &mut before {
        for flag in ["YY", "SOMATIC"] {
            if let Some(text) = row["attributes"].get_mut(flag) {
                assert_eq!(*text, ".");
                *text = "".into();
            }
        }
    }
    assert_eq!(before, after);
    assert_eq!(before[0]["attributes"]["XX"], "a,b");
    // Of the file as it was nothing but its values is left to mend by hand.
    let said = home.run(["check", "after.vcf"]);
    assert_eq!(said.code, 0, "{}", said.out);
}
