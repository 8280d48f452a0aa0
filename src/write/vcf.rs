//! Records of a VCF file become rows: one per record, or one per sample of it.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StructArray, new_null_array};
use arrow::datatypes::{DataType, FieldRef, Fields, Float64Type, Int32Type, Int64Type, SchemaRef};

use super::annotation::AnnotationRows;
use super::columns::{Arrays, Flags, Misfit, NumberLists, Numbers, TextLists, TextMaps, Texts};
use super::repeat::Repeat;
use super::room::{Buffers, Growing, Room};
use super::samples::SampleRows;
use super::schema::vcf_schema;
use super::shared::{JobIds, Nulls};
use super::{MAX_OTHER_KEYS, Rows, Wanted, unsound};
use crate::model::{AnnotationKind, HalfOpen, InfoColumn, Result, ValueType};
use crate::read::vcf::{Fixed, SampleColumn, Sink};

/// What the sinks of one import share.
pub struct VcfLayout {
    /// The schema of the file's rows.
    pub schema: SchemaRef,
    /// The samples, in the order of the file.
    pub samples: Vec<String>,
    columns: Vec<InfoColumn>,
    annotations: Vec<AnnotationKind>,
    job_ids: JobIds,
    nulls: Nulls,
    room: Room,
    wanted: Wanted,
}

impl VcfLayout {
    /// The layout of a file with these INFO columns, samples and annotations.
    pub fn new(
        columns: Vec<InfoColumn>,
        samples: Vec<String>,
        annotations: Vec<AnnotationKind>,
        job_id: &str,
    ) -> Self {
        let schema = vcf_schema(&columns);
        let (job_ids, nulls) = (JobIds::new(job_id), Nulls::of(&schema));
        let (room, wanted) = (Room::default(), Wanted::all());
        Self { schema, samples, columns, annotations, job_ids, nulls, room, wanted }
    }

    /// Leaves all fields of `info` null that are not wanted.
    #[must_use]
    pub fn wanting(self, wanted: Wanted) -> Self {
        Self { wanted, ..self }
    }
}

/// Appends records to columns.
pub struct VcfRows {
    layout: Arc<VcfLayout>,
    records: usize,
    contig: Texts,
    start: Numbers<Int64Type>,
    end: Numbers<Int64Type>,
    names: TextLists,
    reference: Texts,
    alternates: TextLists,
    quality: Numbers<Float64Type>,
    filters: TextLists,
    split: Flags,
    info: Vec<InfoValues>,
    misfit: Misfit,
    stray: Stray,
    other: TextMaps,
    annotations: AnnotationRows,
    samples: SampleRows,
}

/// Takes what comes for a list of another kind, or for a key without a column.
type Stray = (NumberLists<Int64Type>, NumberLists<Float64Type>, TextLists, NumberLists<Int32Type>);

/// The values of one INFO key.
enum InfoValues {
    Integer(Numbers<Int64Type>),
    Integers(NumberLists<Int64Type>),
    Float(Numbers<Float64Type>),
    Floats(NumberLists<Float64Type>),
    Text(Texts),
    Texts(TextLists),
    Flag(Flags),
    /// Nobody wants them.
    Skipped,
}

impl InfoValues {
    fn new(column: &InfoColumn) -> Self {
        match (column.value, column.list) {
            (ValueType::Integer, false) => Self::Integer(Numbers::default()),
            (ValueType::Integer, true) => Self::Integers(NumberLists::default()),
            (ValueType::Float, false) => Self::Float(Numbers::default()),
            (ValueType::Float, true) => Self::Floats(NumberLists::default()),
            (ValueType::String, false) => Self::Text(Texts::default()),
            (ValueType::String, true) => Self::Texts(TextLists::default()),
            (ValueType::Flag, _) => Self::Flag(Flags::default()),
        }
    }

    fn truncate(&mut self, rows: usize) {
        match self {
            Self::Integer(it) => it.truncate(rows),
            Self::Integers(it) => it.truncate(rows),
            Self::Float(it) => it.truncate(rows),
            Self::Floats(it) => it.truncate(rows),
            Self::Text(it) => it.truncate(rows),
            Self::Texts(it) => it.truncate(rows),
            Self::Flag(it) => it.truncate(rows),
            Self::Skipped => {}
        }
    }

    /// Whether all rows are null. Flags are false where nothing is.
    fn is_null(&self) -> bool {
        match self {
            Self::Integer(it) => it.is_empty(),
            Self::Integers(it) => it.is_empty(),
            Self::Float(it) => it.is_empty(),
            Self::Floats(it) => it.is_empty(),
            Self::Text(it) => it.is_empty(),
            Self::Texts(it) => it.is_empty(),
            Self::Flag(_) => false,
            Self::Skipped => true,
        }
    }

    fn finish(self, rows: usize, data_type: &DataType) -> Result<ArrayRef> {
        match self {
            Self::Integer(it) => Ok(it.finish(rows)),
            Self::Integers(it) => it.finish(rows, data_type),
            Self::Float(it) => Ok(it.finish(rows)),
            Self::Floats(it) => it.finish(rows, data_type),
            Self::Text(it) => it.finish(rows),
            Self::Texts(it) => it.finish(rows, data_type),
            Self::Flag(it) => Ok(it.finish(rows)),
            Self::Skipped => Ok(new_null_array(data_type, rows)),
        }
    }
}

impl VcfRows {
    /// Empty columns.
    pub fn new(layout: &Arc<VcfLayout>) -> Self {
        let values = |it: &InfoColumn| {
            if layout.wanted.has(&it.name) { InfoValues::new(it) } else { InfoValues::Skipped }
        };
        let info = layout.columns.iter().map(values).collect();
        let annotations = AnnotationRows::new(&layout.annotations);
        let mut new = Self {
            layout: Arc::clone(layout),
            records: 0,
            contig: Texts::default(),
            start: Numbers::default(),
            end: Numbers::default(),
            names: TextLists::default(),
            reference: Texts::default(),
            alternates: TextLists::default(),
            quality: Numbers::default(),
            filters: TextLists::default(),
            split: Flags::default(),
            info,
            misfit: Misfit::default(),
            stray: Default::default(),
            other: TextMaps::default(),
            annotations,
            samples: SampleRows::default(),
        };
        layout.room.make(&mut new);
        new
    }

    /// What takes a value that does not go into this column of INFO. The parser keeps the text of
    /// a key without a column; that a column is of another kind is a fault.
    #[cold]
    fn stray(&mut self, column: usize) -> &mut Stray {
        if matches!(self.info.get(column), Some(InfoValues::Skipped)) {
            return &mut self.stray;
        }
        if let Some(column) = self.layout.columns.get(column) {
            self.misfit.note(&column.key);
        }
        self.stray = Stray::default();
        &mut self.stray
    }
}

impl Buffers for VcfRows {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        self.contig.each_buffer(see);
        self.start.each_buffer(see);
        self.end.each_buffer(see);
        self.names.each_buffer(see);
        self.reference.each_buffer(see);
        self.alternates.each_buffer(see);
        self.quality.each_buffer(see);
        self.filters.each_buffer(see);
        for it in &mut self.info {
            it.each_buffer(see);
        }
        self.other.each_buffer(see);
        self.annotations.each_buffer(see);
        self.samples.each_buffer(see);
    }
}

impl Buffers for InfoValues {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        match self {
            Self::Integer(it) => it.each_buffer(see),
            Self::Integers(it) => it.each_buffer(see),
            Self::Float(it) => it.each_buffer(see),
            Self::Floats(it) => it.each_buffer(see),
            Self::Text(it) => it.each_buffer(see),
            Self::Texts(it) => it.each_buffer(see),
            Self::Flag(_) | Self::Skipped => {}
        }
    }
}

/// The column `info`. Of ten thousand fields few have a value in a chunk: the others of a type
/// share one array of nulls.
fn info(values: Vec<InfoValues>, fields: &Fields, records: usize) -> Result<ArrayRef> {
    let mut nulls: Vec<ArrayRef> = Vec::new();
    let mut array = |(it, field): (InfoValues, &FieldRef)| {
        if !it.is_null() {
            return it.finish(records, field.data_type());
        }
        let known = nulls.iter().find(|it| it.data_type() == field.data_type());
        Ok(known.cloned().unwrap_or_else(|| {
            let array = new_null_array(field.data_type(), records);
            nulls.push(Arc::clone(&array));
            array
        }))
    };
    let arrays: Result<_> = values.into_iter().zip(fields).map(&mut array).collect();
    let info = StructArray::try_new(fields.clone(), arrays?, None).map_err(unsound)?;
    Ok(Arc::new(info))
}

/// Appends what stands between separators, or nothing where the field is `.`.
fn split(
    lists: &mut TextLists,
    row: usize,
    field: &[u8],
    separator: u8,
    push: fn(&mut TextLists, &[u8]),
) {
    if field == b"." {
        return;
    }
    let list = lists.begin(row);
    field.split(|it| *it == separator).for_each(|it| push(list, it));
    list.end();
}

impl Sink for VcfRows {
    type Output = Rows;
    type Integers = NumberLists<Int64Type>;
    type SampleIntegers = NumberLists<Int32Type>;
    type Floats = NumberLists<Float64Type>;
    type Texts = TextLists;

    fn record(&mut self, fixed: &Fixed<'_>) {
        let row = self.records;
        self.contig.push(fixed.contig);
        split(&mut self.names, row, fixed.ids, b';', TextLists::push_text);
        self.reference.push_allele(fixed.reference);
        split(&mut self.alternates, row, fixed.alternates, b',', TextLists::push_allele);
        if let Some(quality) = fixed.quality {
            self.quality.set(row, quality);
        }
        split(&mut self.filters, row, fixed.filters, b';', TextLists::push_text);
        if fixed.is_split {
            self.split.set(row);
        }
    }

    fn integer(&mut self, column: usize, value: i64) {
        match self.info.get_mut(column) {
            Some(InfoValues::Integer(it)) => it.set(self.records, value),
            _ => _ = self.stray(column),
        }
    }

    fn float(&mut self, column: usize, value: f64) {
        match self.info.get_mut(column) {
            Some(InfoValues::Float(it)) => it.set(self.records, value),
            _ => _ = self.stray(column),
        }
    }

    fn text(&mut self, column: usize, value: &[u8]) {
        match self.info.get_mut(column) {
            Some(InfoValues::Text(it)) => it.set(self.records, value),
            _ => _ = self.stray(column),
        }
    }

    fn flag(&mut self, column: usize) {
        match self.info.get_mut(column) {
            Some(InfoValues::Flag(it)) => it.set(self.records),
            _ => _ = self.stray(column),
        }
    }

    fn integers(&mut self, column: usize) -> &mut Self::Integers {
        if !matches!(self.info.get(column), Some(InfoValues::Integers(_))) {
            return &mut self.stray(column).0;
        }
        match &mut self.info[column] {
            InfoValues::Integers(it) => it.begin(self.records),
            _ => &mut self.stray.0,
        }
    }

    fn floats(&mut self, column: usize) -> &mut Self::Floats {
        if !matches!(self.info.get(column), Some(InfoValues::Floats(_))) {
            return &mut self.stray(column).1;
        }
        match &mut self.info[column] {
            InfoValues::Floats(it) => it.begin(self.records),
            _ => &mut self.stray.1,
        }
    }

    fn texts(&mut self, column: usize) -> &mut Self::Texts {
        if !matches!(self.info.get(column), Some(InfoValues::Texts(_))) {
            return &mut self.stray(column).2;
        }
        match &mut self.info[column] {
            InfoValues::Texts(it) => it.begin(self.records),
            _ => &mut self.stray.2,
        }
    }

    fn forget(&mut self, column: usize) {
        if let Some(values) = self.info.get_mut(column) {
            values.truncate(self.records);
        }
    }

    fn other(&mut self, key: &[u8], value: &[u8]) {
        self.other.add(self.records, key, value);
    }

    fn annotations(&mut self, kind: AnnotationKind) {
        self.annotations.of(kind).begin_list(self.records);
    }

    fn annotation(&mut self, kind: AnnotationKind) {
        self.annotations.of(kind).begin();
    }

    fn annotation_text(&mut self, kind: AnnotationKind, column: usize, value: &[u8]) {
        self.annotations.of(kind).text(column, value);
    }

    fn annotation_texts(
        &mut self,
        kind: AnnotationKind,
        column: usize,
        value: &[u8],
        separator: u8,
    ) {
        self.annotations.of(kind).texts(column, value, separator);
    }

    fn annotation_pair(
        &mut self,
        kind: AnnotationKind,
        column: usize,
        first: Option<&[u8]>,
        second: Option<&[u8]>,
    ) {
        self.annotations.of(kind).pair(column, first, second);
    }

    fn annotation_extra(&mut self, kind: AnnotationKind, key: &str, value: &[u8]) {
        self.annotations.of(kind).extra(key, value);
    }

    fn sample(&mut self, index: usize) {
        self.samples.rows = self.records * self.layout.samples.len() + index + 1;
        match self.layout.samples.get(index) {
            Some(name) => self.samples.id.set(self.samples.row(), name.as_bytes()),
            None => self.misfit.note("sampleid"),
        }
    }

    fn phased(&mut self, phased: bool) {
        self.samples.phased.set(self.samples.row(), phased);
    }

    fn sample_integer(&mut self, column: SampleColumn, value: i32) {
        let row = self.samples.row();
        match column {
            SampleColumn::Quality => self.samples.quality.set(row, value),
            SampleColumn::Depth => self.samples.depth.set(row, value),
            SampleColumn::PhaseSet => self.samples.phase_set.set(row, value),
            _ => self.misfit.note(format_args!("{column:?}")),
        }
    }

    fn sample_integers(&mut self, column: SampleColumn) -> &mut Self::SampleIntegers {
        let row = self.samples.row();
        match column {
            SampleColumn::Calls => self.samples.calls.begin(row),
            SampleColumn::PhredLikelihoods => self.samples.phred_likelihoods.begin(row),
            SampleColumn::AlleleDepths => self.samples.allele_depths.begin(row),
            SampleColumn::Spl => self.samples.spl.begin(row),
            _ => self.misfit.instead(format_args!("{column:?}"), &mut self.stray.3),
        }
    }

    fn sample_floats(&mut self, column: SampleColumn) -> &mut Self::Floats {
        let row = self.samples.row();
        match column {
            SampleColumn::Likelihoods => self.samples.likelihoods.begin(row),
            _ => self.misfit.instead(format_args!("{column:?}"), &mut self.stray.1),
        }
    }

    fn information(&mut self, key: &str, value: &[u8]) {
        self.samples.information.add(self.samples.row(), key.as_bytes(), value);
    }

    fn end_record(&mut self, span: HalfOpen) {
        self.start.push(Some(span.start));
        self.end.push(Some(span.end));
        self.records += 1;
    }

    fn finish(mut self) -> Result<Rows> {
        let layout = Arc::clone(&self.layout);
        layout.room.keep(&mut self);
        self.misfit.check()?;
        let schema = Arc::clone(&layout.schema);
        let other_keys = self.other.keys(MAX_OTHER_KEYS);
        let samples = layout.samples.len().max(1);
        let (records, rows) = (self.records, self.records * samples);
        let repeated = Repeat::new(records, samples)?;
        let mut arrays = Arrays::new(&schema, &layout.nulls);
        arrays.push(Arc::new(layout.job_ids.rows(rows)));
        arrays.push(repeated.apply(self.contig.finish(records)?)?);
        arrays.push(repeated.apply(self.start.finish(records))?);
        arrays.push(repeated.apply(self.end.finish(records))?);
        arrays.push(repeated.apply(self.names.finish(records, arrays.next_type())?)?);
        arrays.push(repeated.apply(self.reference.finish(records)?)?);
        arrays.push(repeated.apply(self.alternates.finish(records, arrays.next_type())?)?);
        arrays.push(repeated.apply(self.quality.finish(records))?);
        arrays.push(repeated.apply(self.filters.finish(records, arrays.next_type())?)?);
        arrays.push(repeated.apply(self.split.finish(records))?);
        self.samples.finish(rows, &mut arrays)?;
        match self.annotations.finish(records, arrays.next_type())? {
            Some(annotations) => arrays.push(repeated.apply(annotations)?),
            None => arrays.push_nulls(rows),
        }
        if let DataType::Struct(fields) = arrays.next_type() {
            arrays.push(repeated.apply(info(self.info, fields, records)?)?);
        }
        if other_keys.is_empty() {
            arrays.push_nulls(rows);
        } else {
            arrays.push(repeated.apply(self.other.finish(records, arrays.next_type())?)?);
        }
        let columns = arrays.finish();
        let batch = RecordBatch::try_new(schema, columns).map_err(unsound)?;
        Ok(Rows { batch, other_keys })
    }
}
