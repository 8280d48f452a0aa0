//! `CAST(json AS type)`: JSON as values of any type.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, LargeStringArray, ListArray, MapArray, NullBufferBuilder, StringArray, StructArray,
    new_null_array,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, FieldRef, Fields};
use datafusion::common::Result;

use super::value::Json;
use crate::query::faults::of_value;
use crate::query::types::sql_type;

/// Texts as values of a scalar type, as CAST reads them.
pub type Scalars = fn(&ArrayRef, &DataType) -> Result<ArrayRef>;

/// Makes values of one type.
pub struct Decoder {
    /// What reads the texts of scalars.
    pub scalars: Scalars,
    /// Whether a value that the type does not have is null, rather than an error.
    pub safe: bool,
}

impl Decoder {
    /// The values of a column of JSON. A row that fails in any part of it fails whole.
    pub fn column(&self, texts: &LargeStringArray, to: &DataType) -> Result<ArrayRef> {
        let parsed: Vec<Option<Json>> = texts.iter().map(|it| it.and_then(Json::parse)).collect();
        if !self.safe {
            return self.values(&parsed.iter().map(Option::as_ref).collect::<Vec<_>>(), to);
        }
        let strict = Self { scalars: self.scalars, safe: false };
        let all: Vec<_> = parsed.iter().map(Option::as_ref).collect();
        if let Ok(values) = strict.values(&all, to) {
            return Ok(values);
        }
        let each = all.iter().map(|it| {
            strict.values(std::slice::from_ref(it), to).unwrap_or_else(|_| new_null_array(to, 1))
        });
        let each: Vec<ArrayRef> = each.collect();
        Ok(arrow::compute::concat(&each.iter().map(AsRef::as_ref).collect::<Vec<_>>())?)
    }

    fn values(&self, given: &[Option<&Json>], to: &DataType) -> Result<ArrayRef> {
        let given: Vec<Option<&Json>> = match to {
            DataType::LargeUtf8 => {
                let texts = given.iter().map(|it| it.map(ToString::to_string));
                return Ok(Arc::new(texts.collect::<LargeStringArray>()));
            }
            _ => given.iter().map(|it| it.filter(|it| **it != Json::Null)).collect(),
        };
        match to {
            DataType::List(field) => self.lists(&given, field, to),
            DataType::Map(entry, is_sorted) => self.maps(&given, entry, *is_sorted, to),
            DataType::Struct(fields) => self.rows(&given, fields, to),
            _ => self.scalars(&given, to),
        }
    }

    fn scalars(&self, given: &[Option<&Json>], to: &DataType) -> Result<ArrayRef> {
        let each = given.iter().map(|it| match it {
            None => Ok(None),
            Some(value) => match (value.scalar(), to) {
                (None, _) => Err(fault(value, to)),
                // A boolean is 1 or 0, a number is true where it is not 0.
                (Some(_), _) if to.is_numeric() && matches!(value, Json::Boolean(_)) => {
                    Ok(Some(if **value == Json::Boolean(true) { "1" } else { "0" }.to_owned()))
                }
                (Some(text), DataType::Boolean) if matches!(value, Json::Number(_)) => {
                    Ok(Some((text.parse::<f64>().unwrap_or(0.0) != 0.0).to_string()))
                }
                (Some(text), _) if to.is_integer() && matches!(value, Json::Number(_)) => {
                    Ok(Some(rounded(text)))
                }
                (Some(text), _) => Ok(Some(text)),
            },
        });
        let texts: ArrayRef = Arc::new(each.collect::<Result<StringArray>>()?);
        (self.scalars)(&texts, to)
    }

    fn lists(&self, given: &[Option<&Json>], field: &FieldRef, to: &DataType) -> Result<ArrayRef> {
        let (mut inner, mut lengths) = (Vec::new(), Vec::new());
        let mut nulls = NullBufferBuilder::new(given.len());
        for value in given {
            let before = inner.len();
            match value {
                None => nulls.append_null(),
                Some(Json::Array(values)) => {
                    inner.extend(values.iter().map(Some));
                    nulls.append_non_null();
                }
                Some(other) => return Err(fault(other, to)),
            }
            lengths.push(inner.len() - before);
        }
        let values = self.values(&inner, field.data_type())?;
        let offsets = OffsetBuffer::from_lengths(lengths);
        Ok(Arc::new(ListArray::try_new(Arc::clone(field), offsets, values, nulls.finish())?))
    }

    fn maps(
        &self,
        given: &[Option<&Json>],
        entry: &FieldRef,
        is_sorted: bool,
        to: &DataType,
    ) -> Result<ArrayRef> {
        let DataType::Struct(fields) = entry.data_type() else {
            return Ok(new_null_array(to, given.len()));
        };
        let (mut names, mut inner, mut lengths) = (Vec::new(), Vec::new(), Vec::new());
        let mut nulls = NullBufferBuilder::new(given.len());
        for value in given {
            let before = inner.len();
            match value {
                None => nulls.append_null(),
                Some(Json::Object(members)) => {
                    names.extend(members.iter().map(|(name, _)| Json::Text(name.clone())));
                    inner.extend(members.iter().map(|(_, it)| Some(it)));
                    nulls.append_non_null();
                }
                Some(other) => return Err(fault(other, to)),
            }
            lengths.push(inner.len() - before);
        }
        let keys =
            self.values(&names.iter().map(Some).collect::<Vec<_>>(), fields[0].data_type())?;
        let columns = vec![keys, self.values(&inner, fields[1].data_type())?];
        let entries = StructArray::try_new(fields.clone(), columns, None)?;
        let offsets = OffsetBuffer::from_lengths(lengths);
        let map =
            MapArray::try_new(Arc::clone(entry), offsets, entries, nulls.finish(), is_sorted)?;
        Ok(Arc::new(map))
    }

    /// Of an array by place, of an object by name.
    fn rows(&self, given: &[Option<&Json>], fields: &Fields, to: &DataType) -> Result<ArrayRef> {
        let mut columns: Vec<Vec<Option<&Json>>> = vec![Vec::new(); fields.len()];
        let mut nulls = NullBufferBuilder::new(given.len());
        for value in given {
            match value {
                None => {
                    nulls.append_null();
                    for column in &mut columns {
                        column.push(None);
                    }
                }
                Some(Json::Array(values)) if values.len() == fields.len() => {
                    nulls.append_non_null();
                    columns.iter_mut().zip(values).for_each(|(column, it)| column.push(Some(it)));
                }
                Some(object @ Json::Object(members)) => {
                    nulls.append_non_null();
                    for (column, field) in columns.iter_mut().zip(fields) {
                        let lower =
                            |(name, _): &&(String, Json)| name.to_lowercase() == *field.name();
                        let any = || members.iter().find(lower).map(|(_, it)| it);
                        column.push(object.member(field.name()).or_else(any));
                    }
                }
                Some(other) => return Err(fault(other, to)),
            }
        }
        let columns = columns.iter().zip(fields);
        let columns = columns.map(|(column, field)| self.values(column, field.data_type()));
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let nulls = nulls.finish();
        Ok(Arc::new(StructArray::try_new_with_length(fields.clone(), columns, nulls, given.len())?))
    }
}

/// A number as an integer, rounded half away from zero.
fn rounded(text: String) -> String {
    if !text.contains(['.', 'e', 'E']) {
        return text;
    }
    match text.parse::<f64>() {
        Ok(value) if value.abs() < 9e18 => format!("{:.0}", value.round()),
        _ => text,
    }
}

fn fault(value: &Json, to: &DataType) -> datafusion::common::DataFusionError {
    let shown: String = value.to_string().chars().take(60).collect();
    let fault = format!("the JSON {shown} cannot be cast to {}", sql_type(to));
    of_value(&fault, "TRY_CAST gives null instead")
}
