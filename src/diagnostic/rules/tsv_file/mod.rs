//! Rules about TSV files as such: options, schema and header.

mod byte_order_mark;
mod columns_out_of_order;
mod duplicate_schema_name;
mod first_row_read_as_header;
mod header_names_differ;
mod header_read_as_comment;
mod header_read_as_row;
mod line_separator_of_two_characters;
mod option_for_writing_only;
mod position_column_not_integer;
mod reserved_column_name;
mod role_without_column;
mod schema_name_breaks_import;
mod separator_not_restated;

pub use byte_order_mark::BYTE_ORDER_MARK;
pub use columns_out_of_order::COLUMNS_OUT_OF_ORDER;
pub use duplicate_schema_name::DUPLICATE_SCHEMA_NAME;
pub use first_row_read_as_header::FIRST_ROW_READ_AS_HEADER;
pub use header_names_differ::HEADER_NAMES_DIFFER;
pub use header_read_as_comment::HEADER_READ_AS_COMMENT;
pub use header_read_as_row::HEADER_READ_AS_ROW;
pub use line_separator_of_two_characters::LINE_SEPARATOR_OF_TWO_CHARACTERS;
pub use option_for_writing_only::OPTION_FOR_WRITING_ONLY;
pub use position_column_not_integer::POSITION_COLUMN_NOT_INTEGER;
pub use reserved_column_name::RESERVED_COLUMN_NAME;
pub use role_without_column::ROLE_WITHOUT_COLUMN;
pub use schema_name_breaks_import::SCHEMA_NAME_BREAKS_IMPORT;
pub use separator_not_restated::SEPARATOR_NOT_RESTATED;
