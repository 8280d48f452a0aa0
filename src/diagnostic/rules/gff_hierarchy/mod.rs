//! Rules about what holds the rows of a GFF3 file together: `ID` and `Parent`.

mod id_across_terminator;
mod id_on_several_seqids;
mod id_on_several_types;
mod id_with_different_parents;
mod parent_cycle;
mod parent_on_other_seqid;
mod unresolved_parent;
mod wrong_cds_phase;

pub use id_across_terminator::ID_ACROSS_TERMINATOR;
pub use id_on_several_seqids::ID_ON_SEVERAL_SEQIDS;
pub use id_on_several_types::ID_ON_SEVERAL_TYPES;
pub use id_with_different_parents::ID_WITH_DIFFERENT_PARENTS;
pub use parent_cycle::PARENT_CYCLE;
pub use parent_on_other_seqid::PARENT_ON_OTHER_SEQID;
pub use unresolved_parent::UNRESOLVED_PARENT;
pub use wrong_cds_phase::WRONG_CDS_PHASE;
