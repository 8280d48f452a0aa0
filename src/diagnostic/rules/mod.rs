//! The one list of rules, in the order of the manual.

pub mod file;
pub mod gff_attribute;
pub mod gff_file;
pub mod gff_hierarchy;
pub mod gff_row;
pub mod reference;
pub mod request;
pub mod tsv_file;
pub mod tsv_row;
pub mod vcf_annotation;
pub mod vcf_header;
pub mod vcf_record;
pub mod vcf_sample;

use super::Rule;

/// Every rule, in the order of its code.
pub static RULES: &[&Rule] = &[
    &file::COMPRESSION_AND_NAME_DISAGREE,
    &file::NO_FINAL_NEWLINE,
    &file::NO_RECORDS,
    &file::INVALID_UTF8,
    &reference::CONTIG_NOT_IN_REFERENCE,
    &reference::REFERENCE_MISMATCH,
    &reference::BEYOND_CONTIG,
    &reference::NOT_NORMALIZED,
    &reference::DUPLICATE_ONCE_NORMALIZED,
    &reference::FIRST_ALTERNATE_ONLY,
    &request::NOT_JSON,
    &request::UNKNOWN_MEMBER,
    &request::WRONG_MEMBER_TYPE,
    &request::LENGTH_OUT_OF_LIMITS,
    &request::UNKNOWN_WORD,
    &request::MALFORMED_VALUE,
    &request::MISSING_MEMBER,
    &request::DUPLICATE_MEMBER,
    &request::NOT_ONE_UNION_MEMBER,
    &request::OTHER_DESTINATION,
    &request::SOURCE_NOT_IN_S3,
    &gff_file::MISSING_VERSION,
    &gff_file::UNSUPPORTED_VERSION,
    &gff_file::MISPLACED_VERSION,
    &gff_file::MALFORMED_SEQUENCE_REGION,
    &gff_file::DUPLICATE_SEQUENCE_REGION,
    &gff_file::OUTSIDE_SEQUENCE_REGION,
    &gff_file::FASTA_WITHOUT_HEADER,
    &gff_file::ROW_AMONG_SEQUENCES,
    &gff_file::NEGATIVE_SEQUENCE_REGION,
    &gff_row::WRONG_COLUMN_COUNT,
    &gff_row::POSITION_NOT_AN_INTEGER,
    &gff_row::SCORE_NOT_A_NUMBER,
    &gff_row::PHASE_NOT_AN_INTEGER,
    &gff_row::MISSING_POSITION,
    &gff_row::START_BELOW_ONE,
    &gff_row::END_BEFORE_START,
    &gff_row::INVALID_STRAND,
    &gff_row::INVALID_PHASE,
    &gff_row::CDS_WITHOUT_PHASE,
    &gff_row::EMPTY_COLUMN,
    &gff_row::MISSING_COLUMN,
    &gff_row::UNESCAPED_SEQID,
    &gff_row::CONTROL_CHARACTER,
    &gff_row::QUOTED_COLUMN,
    &gff_row::SCORE_OUT_OF_RANGE,
    &gff_row::MALFORMED_MD5_SEQID,
    &gff_row::EMPTY_NAME,
    &gff_attribute::ATTRIBUTE_WITHOUT_EQUALS,
    &gff_attribute::UNESCAPED_EQUALS,
    &gff_attribute::EMPTY_TAG,
    &gff_attribute::EMPTY_VALUE,
    &gff_attribute::DUPLICATE_TAG,
    &gff_attribute::COLLIDING_TAGS,
    &gff_attribute::SEVERAL_EMPTY_ENTRIES,
    &gff_attribute::RESERVED_TAG,
    &gff_attribute::SIMILAR_TAG,
    &gff_attribute::GTF_ATTRIBUTES,
    &gff_attribute::BLANK_AROUND_TAG,
    &gff_attribute::BAD_ESCAPE,
    &gff_attribute::ESCAPE_NOT_UTF8,
    &gff_attribute::ESCAPES_NOT_DECODED,
    &gff_attribute::UNESCAPED_CHARACTER,
    &gff_attribute::MALFORMED_TARGET,
    &gff_attribute::MALFORMED_GAP,
    &gff_attribute::INVALID_IS_CIRCULAR,
    &gff_attribute::REFERENCE_WITHOUT_DATABASE,
    &gff_attribute::TAG_IN_INFORMATION,
    &gff_hierarchy::UNRESOLVED_PARENT,
    &gff_hierarchy::PARENT_CYCLE,
    &gff_hierarchy::PARENT_ON_OTHER_SEQID,
    &gff_hierarchy::ID_ON_SEVERAL_TYPES,
    &gff_hierarchy::ID_ON_SEVERAL_SEQIDS,
    &gff_hierarchy::ID_WITH_DIFFERENT_PARENTS,
    &gff_hierarchy::ID_ACROSS_TERMINATOR,
    &gff_hierarchy::WRONG_CDS_PHASE,
    &tsv_file::SEPARATOR_NOT_RESTATED,
    &tsv_file::HEADER_READ_AS_ROW,
    &tsv_file::HEADER_READ_AS_COMMENT,
    &tsv_file::COLUMNS_OUT_OF_ORDER,
    &tsv_file::HEADER_NAMES_DIFFER,
    &tsv_file::SCHEMA_NAME_BREAKS_IMPORT,
    &tsv_file::DUPLICATE_SCHEMA_NAME,
    &tsv_file::POSITION_COLUMN_NOT_INTEGER,
    &tsv_file::ROLE_WITHOUT_COLUMN,
    &tsv_file::RESERVED_COLUMN_NAME,
    &tsv_file::OPTION_FOR_WRITING_ONLY,
    &tsv_file::LINE_SEPARATOR_OF_TWO_CHARACTERS,
    &tsv_file::BYTE_ORDER_MARK,
    &tsv_file::FIRST_ROW_READ_AS_HEADER,
    &tsv_row::WRONG_ROW_LENGTH,
    &tsv_row::NOT_AN_INTEGER,
    &tsv_row::NOT_A_FLOAT,
    &tsv_row::NOT_A_BOOLEAN,
    &tsv_row::FLOAT_OUT_OF_RANGE,
    &tsv_row::UNESCAPED_QUOTE,
    &tsv_row::DOUBLED_QUOTE,
    &tsv_row::UNCLOSED_QUOTE,
    &tsv_row::QUOTE_IN_UNQUOTED_FIELD,
    &tsv_row::QUOTED_LINE_BREAK,
    &tsv_row::ROW_OF_BLANKS,
    &tsv_row::EMPTY_LINE,
    &tsv_row::CARRIAGE_RETURN_KEPT,
    &tsv_row::INVALID_IN_ENCODING,
    &tsv_row::END_BEFORE_START,
    &tsv_row::POSITION_BELOW_FIRST,
    &tsv_row::POSITION_MISSING,
    &tsv_row::UNUSUAL_ALLELE,
    &tsv_row::SEVERAL_CONTIG_STYLES,
    &tsv_row::DUPLICATE_ROW,
    &tsv_row::END_OUT_OF_RANGE,
    &vcf_header::MISSING_FILEFORMAT,
    &vcf_header::UNSUPPORTED_VERSION,
    &vcf_header::MISSING_COLUMN_LINE,
    &vcf_header::WRONG_COLUMN_NAMES,
    &vcf_header::MALFORMED_DEFINITION,
    &vcf_header::INVALID_TYPE,
    &vcf_header::INVALID_NUMBER,
    &vcf_header::DUPLICATE_DEFINITION,
    &vcf_header::DUPLICATE_SAMPLE,
    &vcf_header::FLAG_WITH_NUMBER,
    &vcf_header::UNKNOWN_VERSION,
    &vcf_header::MISSING_DESCRIPTION,
    &vcf_header::UNQUOTED_DESCRIPTION,
    &vcf_header::MEMBERS_OUT_OF_ORDER,
    &vcf_header::UNEXPECTED_MEMBER,
    &vcf_header::UNUSUAL_IDENTIFIER,
    &vcf_header::INVALID_ALT_ID,
    &vcf_header::UNKNOWN_ALT_TYPE,
    &vcf_header::INVALID_CONTIG_ID,
    &vcf_header::NOT_A_URL,
    &vcf_header::UNUSUAL_META_LINE,
    &vcf_header::UNUSUAL_SAMPLE_LINE,
    &vcf_header::UNUSUAL_PEDIGREE_LINE,
    &vcf_header::MALFORMED_STRUCTURED_LINE,
    &vcf_header::RESERVED_INFO_DEFINITION,
    &vcf_header::RESERVED_FORMAT_DEFINITION,
    &vcf_header::DUPLICATE_CONTIG,
    &vcf_header::FILTER_NAMED_ZERO,
    &vcf_header::FORMAT_WITHOUT_SAMPLES,
    &vcf_header::NUMBER_OF_LATER_VERSION,
    &vcf_header::REPEATED_FILEFORMAT,
    &vcf_header::TRAILING_TAB_IN_COLUMN_LINE,
    &vcf_record::WRONG_FIELD_COUNT,
    &vcf_record::POSITION_NOT_AN_INTEGER,
    &vcf_record::BLANK_LINE,
    &vcf_record::HEADER_LINE_AMONG_RECORDS,
    &vcf_record::UNKNOWN_BASE,
    &vcf_record::MALFORMED_ALLELE,
    &vcf_record::INVALID_REFERENCE_ALLELE,
    &vcf_record::UNDECLARED_INFO_KEY,
    &vcf_record::BLANK_IN_INFO,
    &vcf_record::EMPTY_FIELD,
    &vcf_record::INVALID_END,
    &vcf_record::INVALID_GENOTYPE,
    &vcf_record::QUALITY_NOT_A_NUMBER,
    &vcf_record::VALUE_DOES_NOT_FIT,
    &vcf_record::MISSING_INFO_VALUE,
    &vcf_record::FLAG_WITH_VALUE,
    &vcf_record::DUPLICATE_INFO_KEY,
    &vcf_record::TOO_MANY_SAMPLE_VALUES,
    &vcf_record::SAMPLE_VALUE_DOES_NOT_FIT,
    &vcf_record::INVALID_CONTIG_NAME,
    &vcf_record::UNUSUAL_CONTIG_NAME,
    &vcf_record::UNDECLARED_CONTIG,
    &vcf_record::INVALID_ID,
    &vcf_record::DUPLICATE_ID,
    &vcf_record::INVALID_FILTER,
    &vcf_record::FILTER_ZERO,
    &vcf_record::DUPLICATE_FILTER,
    &vcf_record::PASS_AMONG_FILTERS,
    &vcf_record::UNDECLARED_FILTER,
    &vcf_record::INVALID_SYMBOLIC_ALLELE,
    &vcf_record::UNKNOWN_STRUCTURAL_TYPE,
    &vcf_record::UNSPECIFIED_ALLELE_BEFORE_4_3,
    &vcf_record::DUPLICATE_ALLELE,
    &vcf_record::INVALID_BREAKEND_MATE,
    &vcf_record::NEGATIVE_QUALITY,
    &vcf_record::QUALITY_OF_MINUS_ONE,
    &vcf_record::INVALID_INFO_KEY,
    &vcf_record::UNUSUAL_INFO_KEY,
    &vcf_record::BLANK_IN_INFO_SINCE_4_3,
    &vcf_record::WRONG_VALUE_COUNT,
    &vcf_record::SEVERAL_CHARACTERS,
    &vcf_record::FLAG_WRITTEN_AS_NUMBER,
    &vcf_record::RESERVED_INFO_VALUE,
    &vcf_record::NEGATIVE_COUNT,
    &vcf_record::FREQUENCY_OUT_OF_RANGE,
    &vcf_record::INVALID_CIGAR,
    &vcf_record::INVALID_ANCESTRAL_ALLELE,
    &vcf_record::UNKNOWN_SVTYPE,
    &vcf_record::LENGTH_DISAGREES,
    &vcf_record::END_ONE_BEFORE_POSITION,
    &vcf_record::MISSING_SVLEN,
    &vcf_record::MISSING_SVCLAIM,
    &vcf_record::INVALID_SVCLAIM,
    &vcf_record::TANDEM_REPEAT_FIELDS,
    &vcf_record::WRONG_COUNT_PER_ALLELE,
    &vcf_record::GENOTYPE_NOT_FIRST,
    &vcf_record::DUPLICATE_FORMAT_KEY,
    &vcf_record::INVALID_FORMAT_KEY,
    &vcf_record::UNUSUAL_FORMAT_KEY,
    &vcf_record::UNDECLARED_FORMAT_KEY,
    &vcf_record::LEADING_PHASING_BEFORE_4_4,
    &vcf_record::GENOTYPE_ENDS_WITH_SEPARATOR,
    &vcf_record::WRONG_SAMPLE_VALUE_COUNT,
    &vcf_record::WRONG_SAMPLE_VALUE_TYPE,
    &vcf_record::RESERVED_SAMPLE_VALUE,
    &vcf_record::UNDEFINED_SAMPLE_VALUE_DOES_NOT_FIT,
    &vcf_record::PROBABILITY_OUT_OF_RANGE,
    &vcf_record::PHASE_SET_OF_UNPHASED_ALLELE,
    &vcf_record::INTERVAL_WITHOUT_COPY_NUMBER,
    &vcf_record::GENOTYPE_OF_ABSENT_ALLELE,
    &vcf_record::BLANK_IN_SAMPLE,
    &vcf_record::EMPTY_SAMPLE_VALUE,
    &vcf_record::POSITION_OUT_OF_ORDER,
    &vcf_record::CONTIG_SPLIT,
    &vcf_record::DUPLICATE_RECORD,
    &vcf_record::UNTERMINATED_LAST_LINE,
    &vcf_annotation::ANNOTATION_KEY_UNKNOWN,
    &vcf_annotation::ANNOTATION_FIELD_ABSENT,
    &vcf_annotation::ANNOTATION_LINE_NOT_UNIQUE,
    &vcf_annotation::ANNOTATION_FORMAT_NOT_STANDARD,
    &vcf_annotation::ANNOTATION_FIELDS_NOT_NAMED,
    &vcf_annotation::ANNOTATION_CODONS_REPLACED,
    &vcf_annotation::ANNOTATION_FIELD_COUNT,
    &vcf_sample::SEVERAL_SAMPLES,
];

/// The rule with a code or a name, in any case.
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|it| {
        it.code.eq_ignore_ascii_case(code_or_name) || it.name.eq_ignore_ascii_case(code_or_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Effect, Policy, Severity, Specification, Subject};

    #[test]
    fn codes_and_names_are_unique() {
        for (index, rule) in RULES.iter().enumerate() {
            assert!(
                RULES[..index].iter().all(|it| it.code != rule.code && it.name != rule.name),
                "{}",
                rule.code
            );
        }
    }

    #[test]
    fn severity_follows_the_policy() {
        for rule in RULES {
            assert!(rule.otherwise != Severity::Error, "{}", rule.code);
            let fails = rule.effect != Effect::Accepted;
            let is_error = Policy::ALL.map(|it| rule.severity(it) == Severity::Error);
            let expected = match rule.specification {
                Specification::Forbids => [fails, true, true],
                Specification::Discourages => [fails, false, true],
                Specification::Allows => [fails, false, false],
                Specification::Silent => [fails; 3],
            };
            assert_eq!(is_error, expected, "{}", rule.code);
        }
    }

    #[test]
    fn only_tables_and_requests_have_no_specification() {
        for rule in RULES {
            let silent = rule.specification == Specification::Silent;
            let expected = [Subject::TsvFile, Subject::TsvRow, Subject::Request];
            assert_eq!(silent, expected.contains(&rule.subject), "{}", rule.code);
        }
    }

    #[test]
    fn rules_are_listed_by_subject_and_code() {
        assert!(RULES.is_sorted_by_key(|it| (it.subject, it.code)));
    }
}
