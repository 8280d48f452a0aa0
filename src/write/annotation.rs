//! The entries of annotations become lists of rows.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, NullBufferBuilder, StructArray, new_null_array};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Fields};

use super::columns::{Misfit, Offsets, TextLists, TextMaps, Texts, list_array, not_the_type};
use super::room::{Buffers, Growing};
use super::unsound;
use crate::model::annotation::Shape;
use crate::model::{AnnotationKind, Result};

/// `annotations` of the rows under way: a list for each kind that the file has.
pub struct AnnotationRows {
    vep: Option<Entries>,
    ann: Option<Entries>,
}

/// The lists of one kind. The columns are filled entry by entry, but only where an entry has a
/// value.
pub struct Entries {
    kind: AnnotationKind,
    offsets: Offsets,
    /// Entries begun.
    count: usize,
    columns: Vec<Values>,
    extras: TextMaps,
    /// Whether the list of the last row has not ended.
    open: bool,
    misfit: Misfit,
}

enum Values {
    Text(Texts),
    Texts(TextLists),
    Pair(Pairs),
}

/// Rows of two texts; null where none was set.
struct Pairs {
    nulls: NullBufferBuilder,
    first: Texts,
    second: Texts,
}

impl AnnotationRows {
    /// Empty lists for the kinds that a file has.
    pub fn new(kinds: &[AnnotationKind]) -> Self {
        let entries = |kind| kinds.contains(&kind).then(|| Entries::new(kind));
        Self { vep: entries(AnnotationKind::Vep), ann: entries(AnnotationKind::Ann) }
    }

    /// The lists of a kind that the file has.
    pub fn of(&mut self, kind: AnnotationKind) -> &mut Entries {
        let entries = match kind {
            AnnotationKind::Vep => &mut self.vep,
            AnnotationKind::Ann => &mut self.ann,
        };
        entries.get_or_insert_with(|| {
            let mut entries = Entries::new(kind);
            entries.misfit.note(kind.name());
            entries
        })
    }

    /// The array of `rows` rows, null where a row has no annotations of any kind; none where the
    /// file has none.
    pub fn finish(self, rows: usize, data_type: &DataType) -> Result<Option<ArrayRef>> {
        if self.vep.is_none() && self.ann.is_none() {
            return Ok(None);
        }
        let DataType::Struct(fields) = data_type else {
            return Err(not_the_type("struct", data_type));
        };
        let mut arrays = Vec::with_capacity(fields.len());
        for (entries, field) in [self.vep, self.ann].into_iter().zip(fields) {
            arrays.push(match entries {
                Some(entries) => entries.finish(rows, field.data_type())?,
                None => new_null_array(field.data_type(), rows),
            });
        }
        let present = |row: usize| arrays.iter().any(|it: &ArrayRef| it.is_valid(row));
        let nulls = (0..rows).map(present).collect::<NullBuffer>();
        let array = StructArray::try_new(fields.clone(), arrays, Some(nulls)).map_err(unsound)?;
        Ok(Some(Arc::new(array)))
    }
}

impl Entries {
    fn new(kind: AnnotationKind) -> Self {
        let values = |shape| match shape {
            Shape::Text => Values::Text(Texts::default()),
            Shape::Texts => Values::Texts(TextLists::default()),
            Shape::Pair(..) => Values::Pair(Pairs::new()),
        };
        Self {
            kind,
            offsets: Offsets::default(),
            count: 0,
            columns: kind.columns().iter().map(|it| values(it.shape)).collect(),
            extras: TextMaps::default(),
            open: false,
            misfit: Misfit::default(),
        }
    }

    /// Begins the list of a row.
    pub fn begin_list(&mut self, row: usize) {
        self.end_list();
        self.offsets.fill(row);
        self.open = true;
    }

    /// Begins an entry.
    pub fn begin(&mut self) {
        self.count += 1;
    }

    fn end_list(&mut self) {
        if std::mem::take(&mut self.open) {
            self.offsets.end(self.count);
        }
    }

    fn entry(&self) -> usize {
        self.count.saturating_sub(1)
    }

    /// Sets a text of the entry.
    pub fn text(&mut self, column: usize, value: &[u8]) {
        let entry = self.entry();
        match &mut self.columns[column] {
            Values::Text(it) => it.set(entry, value),
            _ => self.misfit.note(self.kind.columns()[column].name),
        }
    }

    /// Sets a list of the entry.
    pub fn texts(&mut self, column: usize, value: &[u8], separator: u8) {
        let entry = self.entry();
        match &mut self.columns[column] {
            Values::Texts(it) => {
                let list = it.begin(entry);
                value.split(|it| *it == separator).for_each(|it| list.push_text(it));
                list.end();
            }
            _ => self.misfit.note(self.kind.columns()[column].name),
        }
    }

    /// Sets two texts of the entry.
    pub fn pair(&mut self, column: usize, first: Option<&[u8]>, second: Option<&[u8]>) {
        let entry = self.entry();
        match &mut self.columns[column] {
            Values::Pair(it) => it.set(entry, first, second),
            _ => self.misfit.note(self.kind.columns()[column].name),
        }
    }

    /// Adds a field without a column.
    pub fn extra(&mut self, key: &str, value: &[u8]) {
        self.extras.add(self.entry(), key.as_bytes(), value);
    }

    fn finish(mut self, rows: usize, list: &DataType) -> Result<ArrayRef> {
        self.misfit.check()?;
        self.end_list();
        let fields = match list {
            DataType::List(element) => struct_fields(element.data_type())?,
            other => return Err(not_the_type("list", other)),
        };
        let count = self.count;
        let mut arrays = Vec::with_capacity(fields.len());
        for (values, field) in self.columns.into_iter().zip(fields) {
            arrays.push(values.finish(count, field.data_type())?);
        }
        if let Some(field) = fields.get(arrays.len()) {
            arrays.push(self.extras.finish(count, field.data_type())?);
        }
        let entries = StructArray::try_new(fields.clone(), arrays, None).map_err(unsound)?;
        list_array(self.offsets, rows, Arc::new(entries), list)
    }
}

impl Values {
    fn finish(self, rows: usize, data_type: &DataType) -> Result<ArrayRef> {
        match self {
            Self::Text(it) => it.finish(rows),
            Self::Texts(it) => it.finish(rows, data_type),
            Self::Pair(it) => it.finish(rows, data_type),
        }
    }
}

impl Pairs {
    fn new() -> Self {
        let nulls = NullBufferBuilder::new(0);
        Self { nulls, first: Texts::default(), second: Texts::default() }
    }

    fn set(&mut self, row: usize, first: Option<&[u8]>, second: Option<&[u8]>) {
        self.nulls.append_n_nulls(row.saturating_sub(self.nulls.len()));
        self.nulls.append_non_null();
        if let Some(first) = first {
            self.first.set(row, first);
        }
        if let Some(second) = second {
            self.second.set(row, second);
        }
    }

    fn finish(mut self, rows: usize, data_type: &DataType) -> Result<ArrayRef> {
        self.nulls.append_n_nulls(rows.saturating_sub(self.nulls.len()));
        let fields = struct_fields(data_type)?.clone();
        let arrays = vec![self.first.finish(rows)?, self.second.finish(rows)?];
        let array = StructArray::try_new(fields, arrays, self.nulls.finish()).map_err(unsound)?;
        Ok(Arc::new(array))
    }
}

impl Buffers for AnnotationRows {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        for entries in [&mut self.vep, &mut self.ann].into_iter().flatten() {
            entries.offsets.each_buffer(see);
            for values in &mut entries.columns {
                match values {
                    Values::Text(it) => it.each_buffer(see),
                    Values::Texts(it) => it.each_buffer(see),
                    Values::Pair(it) => {
                        it.first.each_buffer(see);
                        it.second.each_buffer(see);
                    }
                }
            }
            entries.extras.each_buffer(see);
        }
    }
}

fn struct_fields(data_type: &DataType) -> Result<&Fields> {
    match data_type {
        DataType::Struct(fields) => Ok(fields),
        other => Err(not_the_type("struct", other)),
    }
}
