//! Which columns give the place of a row, and where their positions begin.

use annostore::infer::Inferred;
use annostore::model::HeaderKey;

use crate::{check_note, kind, of, schema};

/// The column of a role.
fn column(it: &Inferred, key: HeaderKey) -> usize {
    let name = &it.store.format_to_header[&key];
    it.store.schema.iter().position(|it| it.name == *name).unwrap()
}

#[test]
fn marks_of_absence_are_no_alleles() {
    let layout = "Chromosome\tStart\tStop\tReferenceAllele\tAlternateAllele\tPositionVCF\t\
        ReferenceAlleleVCF\tAlternateAlleleVCF\n";
    let found = of(format!("{layout}7\t5\t8\tna\tna\t5\tGGAT\tT\n7\t9\t9\tna\tna\t9\tA\tG\n"));
    let role = |key| found.store.format_to_header[&key].as_str();
    assert_eq!(kind(&found), "CHR_POS_REF_ALT");
    assert_eq!(
        (role(HeaderKey::Pos), role(HeaderKey::Ref), role(HeaderKey::Alt)),
        ("positionvcf", "referenceallelevcf", "alternateallelevcf")
    );
    for mark in ["NA", "na", "N/A", ".", "-", "0", ""] {
        let all = of(format!("chrom\tpos\tref\talt\n1\t5\t{mark}\t{mark}\n1\t6\t{mark}\t{mark}\n"));
        assert_eq!(kind(&all), "CHR_POS", "{mark}");
    }
    let some = of("chrom\tpos\tref\talt\n1\t5\tNA\tNA\n1\t6\tA\tG\n");
    assert_eq!(kind(&some), "CHR_POS_REF_ALT");
    check_note(&some, "column `ref` has `NA`, which is no allele");
}

#[test]
fn lengths_of_alleles_show_where_positions_begin() {
    for (rows, expected) in [
        ("1\t99\t100\tA\tG\n1\t199\t202\tCTT\tC\n", "CHR_START_END_REF_ALT_ZERO_BASE"),
        ("1\t100\t100\tA\tG\n1\t200\t202\tCTT\tC\n", "CHR_START_END_REF_ALT_ONE_BASE"),
        ("1\t99\t100\tA\tG\n1\t5\t7\tAC\t-\n1\t7\t7\t-\tA\n", "CHR_START_END_REF_ALT_ZERO_BASE"),
        ("chr1\t2100\t2100\tA\tG\nchr1\t2200\t2200\t-\tC\n", "CHR_START_END_REF_ALT_ONE_BASE"),
    ] {
        let headed = of(format!("chrom\tstart\tend\tref\talt\n{rows}"));
        assert_eq!(kind(&headed), expected, "{rows}");
        check_note(&headed, "the lengths of alleles show");
        assert_eq!(kind(&of(rows.replace("1\t", "chr1\t").replace("chrchr", "chr"))), expected);
    }
    let single = of("chrom\tstart\tend\talleles\n1\t99\t100\tA/G\n1\t199\t201\tCT/-\n");
    assert_eq!(kind(&single), "CHR_START_END_ZERO_BASE");
    let without = of("chrom\tstart\tend\tref\n1\t9\t10\tA\n1\t99\t101\tAC\n");
    assert_eq!(kind(&without), "CHR_START_END_ZERO_BASE");
    let names_lie = of("chrom\tchromStart\tchromEnd\tref\talt\n1\t100\t100\tA\tG\n");
    assert_eq!(kind(&names_lie), "CHR_START_END_REF_ALT_ONE_BASE");
    let snvs = of("chrom\tstart\tend\n1\t100\t100\n1\t200\t201\n");
    check_note(&snvs, "some rows end where they start");
}

#[test]
fn known_layouts_give_their_places() {
    for (header, row, expected) in [
        ("CHROMOSOME GENOME_START GENOME_STOP", "1 5 9", "ONE"),
        ("bin genoName genoStart genoEnd", "9 chr1 5 9", "ZERO"),
        ("name chrom txStart txEnd cdsStart cdsEnd", "x chr1 5 9 6 8", "ZERO"),
        ("id gene_chr gene_start gene_end", "x 1 5 9", "ONE"),
        ("Gene Chromosome/scaffold-name Gene-start-(bp) Gene-end-(bp)", "x 1 5 9", "ONE"),
        ("SV_chrom SV_start SV_end Tx_start Tx_end", "1 5 9 6 7", "ONE"),
        ("ID chrom loc.start loc.end", "x 1 5 9", "ONE"),
        ("GRCh38_chr chr_start chr_end x", "NC_1 5 9 x", "ONE"),
        ("chromosome coordSTART coordEND x", "1 5 9 x", "ONE"),
    ] {
        let row = row.replace(' ', "\t");
        let found = of(format!("{}\n{row}\n{row}\n", header.replace(' ', "\t")));
        assert_eq!(kind(&found), format!("CHR_START_END_{expected}_BASE"), "{header}");
        let role = |key| column(&found, key);
        let value = |at: usize| row.split('\t').nth(at).unwrap().to_owned();
        assert!(["1", "chr1", "NC_1"].contains(&value(role(HeaderKey::Chr)).as_str()), "{header}");
        assert_eq!(
            (value(role(HeaderKey::Start)), value(role(HeaderKey::End))),
            ("5".to_owned(), "9".to_owned())
        );
        check_note(&found, "guess");
    }
    for (header, contig, position) in [
        ("IlmnID\tChr\tMapInfo\tx", "chr", "mapinfo"),
        ("hm_chr\tx\thm_pos\teffect_allele", "hm_chr", "hm_pos"),
        ("rsID\tchr_name\tchr_position\teffect_allele", "chr_name", "chr_position"),
    ] {
        let row = header.split('\t').map(|it| match it {
            it if it.to_lowercase().contains("allele") => "A",
            "x" | "rsID" | "IlmnID" => "y",
            _ => "7",
        });
        let row = row.collect::<Vec<_>>().join("\t");
        let found = of(format!("{header}\n{row}\n{row}\n"));
        let roles = &found.store.format_to_header;
        assert_eq!(kind(&found), "CHR_POS", "{header}");
        assert_eq!(
            (roles[&HeaderKey::Chr].as_str(), roles[&HeaderKey::Pos].as_str()),
            (contig, position)
        );
    }
    check_note(
        &of("hm_chr\thm_pos\teffect_allele\n1\t5\tA\n"),
        "alleles of which no name says that they are REF and ALT: `effect_allele`",
    );
}

#[test]
fn columns_that_do_not_belong_together_give_no_place() {
    let mixed = of("hg19_chr\thg38_pos\n1\t5\n2\t6\n");
    assert_eq!(kind(&mixed), "GENERIC");
    check_note(&mixed, "columns that look like a place, but");
    check_note(&of("gene\tstart\tend\nA\t5\t9\n"), "no column has the name of one of contigs");
    check_note(&of("gene\tchrom\nA\t5\n"), "no column has the name of one of positions");
    check_note(&of("id\tLocation\nA\t1:5-9\nB\tchrX:7\n"), "give them a column each: `Location`");
}

#[test]
fn genes_without_a_header_are_found_behind_their_strand() {
    let found = of("NM_1\tchr1\t-\t671640\t672310\t7\nNM_2\tchrX\t+\t5000\t10000\t8\n");
    assert_eq!(kind(&found), "CHR_START_END_ZERO_BASE");
    check_note(&found, "column 2 `chrom`, column 4 `chromStart`");
}

#[test]
fn a_position_that_begins_at_0_is_the_start_of_a_stretch() {
    let alone = of("chr\tpos_0_based\tref\talt\n1\t100\tA\tG\n");
    assert_eq!(kind(&alone), "GENERIC");
    check_note(&alone, "column `pos_0_based` begins at 0 and has no end beside it");
    for header in ["pos_0_based\tend", "start0\tend", "start_0based\tend_0based"] {
        let found = of(format!("chr\t{header}\n1\t100\t200\n1\t300\t500\n"));
        assert_eq!(kind(&found), "CHR_START_END_ZERO_BASE", "{header}");
    }
    let both = of("chr\tpos0\tpos1_1based\n1\t99\t100\n");
    assert!(
        kind(&both) == "GENERIC"
            && of("chr\tpos0\tpos\n1\t9\t10\n").store.format_to_header[&HeaderKey::Pos] == "pos"
    );
    let shown = "#CHROM\tPOS\tEND\tREF\tALT\n1\t99\t100\tA\tG\n1\t199\t202\tCTT\tC\n";
    assert_eq!(kind(&of(shown)), "CHR_START_END_REF_ALT_ZERO_BASE");
    let of_vcf = "#CHROM\tPOS\tEND\tREF\tALT\n1\t100\t100\tA\tG\n1\t200\t202\tCTT\tC\n";
    assert_eq!(kind(&of(of_vcf)), "CHR_POS_REF_ALT");
}

#[test]
fn lengths_and_stretches_that_adjoin_show_where_positions_begin() {
    for (text, expected, how) in [
        ("length\n1\t100\t200\t100\n1\t300\t450\t150\n", "ZERO", "the column of lengths shows"),
        ("width\n1\t101\t200\t100\n1\t301\t450\t150\n", "ONE", "the column of lengths shows"),
        ("x\n1\t0\t10\ta\n1\t10\t20\tb\n1\t20\t30\tc\n", "ZERO", "rows that adjoin show"),
        ("x\n1\t1\t10\ta\n1\t11\t20\tb\n1\t21\t30\tc\n", "ONE", "rows that adjoin show"),
    ] {
        let found = of(format!("chrom\tstart\tend\t{text}"));
        assert_eq!(kind(&found), format!("CHR_START_END_{expected}_BASE"), "{text:?}");
        check_note(&found, how);
    }
    let other = of("chrom\tstart\tend\tlength\n1\t100\t200\t100\n1\t300\t450\t90\n");
    check_note(&other, "nothing shows");
}

#[test]
fn symbols_and_breakends_are_alleles_without_a_length() {
    let rows = "1\t100\t101\tN\t<INS>\n1\t200\t201\tA\t<DEL>\n";
    let found = of(format!("chrom\tstart\tend\tref\talt\n{rows}"));
    check_note(&found, "nothing shows");
    let ends = of("chrom\tpos\tid\tref\talt\n1\t100\ta\tN\tN]2:500]\n1\t200\tb\tA\t[X:5[T\n");
    assert_eq!(kind(&ends), "CHR_POS_REF_ALT");
    let odd = of("chrom\tpos\tref\talt\n1\t100\tA\tG\n1\t200\tA\tx9\n");
    assert_eq!(kind(&odd), "CHR_POS");
    check_note(&odd, "column `alt` is one of alleles by its name, but has `x9`");
}

#[test]
fn bands_and_sizes_of_contigs_give_no_place() {
    let found = of("chrom\tchromosome\tstart\tend\n1p36\t1\t5\t9\nXq28\tX\t6\t8\n");
    assert_eq!(column(&found, HeaderKey::Chr), 1);
    let alone = of("chrom\tstart\tend\n1p36\t5\t9\nXq28\t6\t8\n");
    check_note(&alone, "column `chrom` has `1p36`, which is a band");
    let paf = "r1\t5000\t10\t4990\t+\tchr1\t248956422\t1000\t6000\t60\n";
    let found = of(paf.repeat(2));
    assert_eq!(kind(&found), "CHR_START_END_ZERO_BASE");
    assert_eq!((column(&found, HeaderKey::Chr), column(&found, HeaderKey::Start)), (5, 7));
    for sizes in
        ["chr1\t248956422\nchr2\t242193529\n", "chr1\t9000\t6\t60\t61\nchrM\t800\t9\t60\t61\n"]
    {
        let found = of(sizes);
        assert_eq!(kind(&found), "GENERIC");
        check_note(&found, "may be the contig");
    }
}

#[test]
fn contigs_are_known_by_more_names() {
    for header in ["chr_hg19", "chromosome_hg38", "Chrm", "seq_region_name", "hg19chr", "refName"] {
        let found = of(format!("{header}\tx\n1\t5\n2\t6\n"));
        assert!(schema(&found).contains(" STRING, x INT"), "{}", schema(&found));
    }
    let pairs = of("CHR_A\tBP_A\tCHR_B\tBP_B\n1\t5\t1\t7\n");
    assert!(schema(&pairs).starts_with("chr_a STRING, bp_a INT, chr_b STRING"));
    check_note(&pairs, "do not say which belong together: `CHR_A`, `BP_A`, `CHR_B`, `BP_B`");
    let numbered = of("# [1]CHROM\t[2]POS\t[3]REF\t[4]ALT\n1\t5\tA\tG\n");
    assert_eq!(schema(&numbered), "chrom STRING, pos INT, ref STRING, alt STRING");
    for id in ["chr1_64764_C_T_b38", "1-100-A-G", "NC_000001.11:g.100A>G"] {
        check_note(&of(format!("id\tn\n{id}\t5\n{id}\t6\n")), "give them a column each: `id`");
    }
}
