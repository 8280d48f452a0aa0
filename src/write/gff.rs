//! Features of a GFF3 file become rows, in the columns of the service's table.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type, SchemaRef};

use super::columns::{Booleans, Misfit, Numbers, TextLists, TextMaps, Texts};
use super::room::{Buffers, Growing, Room};
use super::schema::gff_schema;
use super::shared::JobIds;
use super::{Rows, unsound};
use crate::model::Result;
use crate::read::gff::{Feature, Sink, Tag};

/// What the sinks of one import share.
pub struct GffLayout {
    /// The schema of the file's rows.
    pub schema: SchemaRef,
    job_ids: JobIds,
    room: Room,
}

impl GffLayout {
    /// The layout of the rows of a job.
    pub fn new(job_id: &str) -> Self {
        Self { schema: gff_schema(), job_ids: JobIds::new(job_id), room: Room::default() }
    }
}

/// Appends features to columns.
pub struct GffRows {
    layout: Arc<GffLayout>,
    rows: usize,
    seqid: Texts,
    source: Texts,
    kind: Texts,
    start: Numbers<Int64Type>,
    end: Numbers<Int64Type>,
    score: Numbers<Float64Type>,
    strand: Texts,
    phase: Numbers<Int32Type>,
    attributes: Attributes,
    is_circular: Booleans,
    information: TextMaps,
    misfit: Misfit,
}

/// The columns of tags with texts.
#[derive(Default)]
struct Attributes {
    id: Texts,
    name: Texts,
    alias: Texts,
    parent: TextLists,
    target: Texts,
    gap: Texts,
    derives_from: Texts,
    note: TextLists,
    dbxref: TextLists,
    ontology_term: TextLists,
}

impl Attributes {
    fn text(&mut self, tag: Tag) -> Option<&mut Texts> {
        Some(match tag {
            Tag::Id => &mut self.id,
            Tag::Name => &mut self.name,
            Tag::Alias => &mut self.alias,
            Tag::Target => &mut self.target,
            Tag::Gap => &mut self.gap,
            Tag::DerivesFrom => &mut self.derives_from,
            _ => return None,
        })
    }

    fn list(&mut self, tag: Tag) -> Option<&mut TextLists> {
        Some(match tag {
            Tag::Parent => &mut self.parent,
            Tag::Note => &mut self.note,
            Tag::Dbxref => &mut self.dbxref,
            Tag::OntologyTerm => &mut self.ontology_term,
            _ => return None,
        })
    }
}

impl GffRows {
    /// Empty columns.
    pub fn new(layout: &Arc<GffLayout>) -> Self {
        let mut new = Self {
            layout: Arc::clone(layout),
            rows: 0,
            seqid: Texts::default(),
            source: Texts::default(),
            kind: Texts::default(),
            start: Numbers::default(),
            end: Numbers::default(),
            score: Numbers::default(),
            strand: Texts::default(),
            phase: Numbers::default(),
            attributes: Attributes::default(),
            is_circular: Booleans::default(),
            information: TextMaps::default(),
            misfit: Misfit::default(),
        };
        layout.room.make(&mut new);
        new
    }
}

impl Buffers for GffRows {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        let fixed = [&mut self.seqid, &mut self.source, &mut self.kind, &mut self.strand];
        for it in fixed {
            it.each_buffer(see);
        }
        self.start.each_buffer(see);
        self.end.each_buffer(see);
        self.score.each_buffer(see);
        self.phase.each_buffer(see);
        self.attributes.each_buffer(see);
        self.information.each_buffer(see);
    }
}

impl Buffers for Attributes {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        let texts = [
            &mut self.id,
            &mut self.name,
            &mut self.alias,
            &mut self.target,
            &mut self.gap,
            &mut self.derives_from,
        ];
        for it in texts {
            it.each_buffer(see);
        }
        let lists = [&mut self.parent, &mut self.note, &mut self.dbxref, &mut self.ontology_term];
        for it in lists {
            it.each_buffer(see);
        }
    }
}

impl Sink for GffRows {
    type Output = Rows;

    fn feature(&mut self, _: u64, feature: &Feature<'_>) {
        let row = self.rows;
        let texts = [
            (&mut self.seqid, feature.seqid),
            (&mut self.source, feature.source),
            (&mut self.kind, feature.kind),
            (&mut self.strand, feature.strand),
        ];
        for (column, value) in texts {
            if let Some(value) = value {
                column.set(row, value);
            }
        }
        self.start.push(feature.start);
        self.end.push(feature.end);
        if let Some(score) = feature.score {
            self.score.set(row, score);
        }
        if let Some(phase) = feature.phase {
            self.phase.set(row, phase);
        }
    }

    fn text(&mut self, tag: Tag, value: &[u8]) {
        match self.attributes.text(tag) {
            Some(column) => column.set(self.rows, value),
            None => self.misfit.note(tag.as_str()),
        }
    }

    fn begin_list(&mut self, tag: Tag) {
        match self.attributes.list(tag) {
            Some(column) => drop(column.begin(self.rows)),
            None => self.misfit.note(tag.as_str()),
        }
    }

    fn element(&mut self, tag: Tag, value: &[u8]) {
        match self.attributes.list(tag) {
            Some(column) => column.push_text(value),
            None => self.misfit.note(tag.as_str()),
        }
    }

    fn end_list(&mut self, tag: Tag) {
        match self.attributes.list(tag) {
            Some(column) => column.end(),
            None => self.misfit.note(tag.as_str()),
        }
    }

    fn is_circular(&mut self, value: bool) {
        self.is_circular.set(self.rows, value);
    }

    fn other(&mut self, tag: &[u8], value: &[u8]) {
        self.information.add(self.rows, tag, value);
    }

    fn end_feature(&mut self) {
        self.rows += 1;
    }

    fn finish(mut self) -> Result<Rows> {
        let layout = Arc::clone(&self.layout);
        layout.room.keep(&mut self);
        self.misfit.check()?;
        let rows = self.rows;
        let schema = Arc::clone(&layout.schema);
        let kind = |name: &str| schema.field_with_name(name).map(|it| it.data_type().clone());
        let kind = |name: &str| kind(name).map_err(unsound);
        let attributes = self.attributes;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(layout.job_ids.rows(rows)),
            self.seqid.finish(rows)?,
            self.source.finish(rows)?,
            self.kind.finish(rows)?,
            self.start.finish(rows),
            self.end.finish(rows),
            self.score.finish(rows),
            self.strand.finish(rows)?,
            self.phase.finish(rows),
            attributes.id.finish(rows)?,
            attributes.name.finish(rows)?,
            attributes.alias.finish(rows)?,
            attributes.parent.finish(rows, &kind("parent")?)?,
            attributes.target.finish(rows)?,
            attributes.gap.finish(rows)?,
            attributes.derives_from.finish(rows)?,
            attributes.note.finish(rows, &kind("note")?)?,
            attributes.dbxref.finish(rows, &kind("dbxref")?)?,
            attributes.ontology_term.finish(rows, &kind("ontologyterm")?)?,
            self.is_circular.finish(rows),
            self.information.finish(rows, &kind("information")?)?,
        ];
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns).map_err(unsound)?;
        Ok(Rows { batch, other_keys: BTreeSet::new() })
    }
}
