//! A home with a few rows, for the doors that need one.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use annostore::import::{ImportOptions, import};
use annostore::model::api::{
    CreateAnnotationStore, ImportItem, Reference, StartAnnotationImportJob,
};
use annostore::{Account, DEFAULT_CHUNK_BYTES, Pipe, Result, Service};
use tempfile::TempDir;

/// The name of the store.
pub const STORE: &str = "variants";

const VCF: &str = "##fileformat=VCFv4.3
##contig=<ID=1,length=1000>
##INFO=<ID=AC,Number=A,Type=Integer,Description=\"c\">
##INFO=<ID=AF,Number=A,Type=Float,Description=\"f\">
##INFO=<ID=DB,Number=0,Type=Flag,Description=\"b\">
##INFO=<ID=GENE,Number=1,Type=String,Description=\"g\">
##FORMAT=<ID=GT,Number=1,Type=String,Description=\"g\">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description=\"d\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ts1\ts2
1\t10\trs1\tA\tC\t50\tPASS\tAC=1;AF=0.5;DB;GENE=BRCA1\tGT:DP\t0/1:9\t1|1:4
1\t20\t.\tAT\tA,*\t.\tq10\tAC=1,2;AF=nan,0.25\tGT:DP\t0/2:.\t./.:0
2\t5\trs3;rs4\tG\t<DEL>\t1e3\t.\tOTHER=x\tGT\t0\t1
";

static FOLDER: LazyLock<TempDir> =
    LazyLock::new(|| tempfile::tempdir().expect("there is a folder for temporary files"));

/// The service of the home, which is made once.
pub static SERVICE: LazyLock<Service> =
    LazyLock::new(|| filled(FOLDER.path()).expect("the home can be made"));

fn filled(folder: &Path) -> Result<Service> {
    let account = Account::new(Account::DEFAULT)?;
    let service = Service::open(&folder.join("home"), account, "us-east-1")?;
    service.create_annotation_store(&CreateAnnotationStore {
        name: Some(STORE.to_owned()),
        store_format: Some("VCF".to_owned()),
        reference: Some(Reference::from("arn:x".to_owned())),
        ..CreateAnnotationStore::default()
    })?;
    let file = folder.join("variants.vcf");
    fs::write(&file, VCF).expect("the folder can be written");
    let file = file.to_str().expect("the folder has a name of text");
    let run = service.begin_import(&StartAnnotationImportJob {
        destination_name: Some(STORE.to_owned()),
        items: Some(vec![ImportItem::from(file.to_owned())]),
        ..StartAnnotationImportJob::default()
    })?;
    import(run, file, &Pipe::new(Some(1), DEFAULT_CHUNK_BYTES)?, &ImportOptions::default())?;
    Ok(service)
}
