//! One request to an operation: labels of the path, query string and body, read as the operation
//! asks for them.

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::body::parse;
use crate::model::{Error, Result, excerpt};

/// A request to an operation.
#[derive(Debug, Default)]
pub struct Call {
    labels: Vec<(String, String)>,
    query: Vec<(String, String)>,
    body: Bytes,
}

impl Call {
    /// A request with decoded labels, the query string as it came, and the body. `known` are the
    /// parameters that the operation takes; without, others are left alone.
    pub fn new(
        labels: Vec<(String, String)>,
        query: &str,
        known: Option<&[&str]>,
        body: Bytes,
    ) -> Result<Self> {
        // The parser would put a sign of its own in the place of what is no text.
        if percent_encoding::percent_decode_str(query).decode_utf8().is_err() {
            return Err(Error::invalid("the query string is not UTF-8"));
        }
        let query: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let Some(known) = known else { return Ok(Self { labels, query, body }) };
        if let Some((unknown, _)) = query.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            let takes = match known {
                [] => "none".to_owned(),
                known => known.join(", "),
            };
            return Err(Error::invalid(format!(
                "`{}` is no parameter of this operation",
                excerpt(unknown)
            ))
            .with_help(format!("it takes {takes} in the query string")));
        }
        for name in known.iter().filter(|it| **it != "tagKeys") {
            if query.iter().filter(|(found, _)| found == name).count() > 1 {
                return Err(Error::invalid(format!("{name} is given more than once")));
            }
        }
        Ok(Self { labels, query, body })
    }

    /// A label of the path, such as `name`.
    pub fn label(&self, name: &str) -> Result<&str> {
        let found = self.labels.iter().find(|(found, _)| found == name);
        found
            .map(|(_, value)| value.as_str())
            .ok_or_else(|| Error::internal("a route has no such label"))
    }

    /// The body as the operation's request. An absent body is an empty one.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T> {
        let text = std::str::from_utf8(&self.body)
            .map_err(|_| Error::invalid("the body is not UTF-8").with_help("send JSON in UTF-8"))?;
        match text.trim() {
            "" => parse("{}"),
            text if text.starts_with('{') => parse(text),
            _ => Err(Error::invalid("the body is no JSON object")),
        }
    }

    /// Refuses a body with members where the operation has none.
    pub fn no_body(&self) -> Result<()> {
        let members: serde_json::Map<String, serde_json::Value> = self.body()?;
        match members.keys().next() {
            None => Ok(()),
            Some(member) => Err(Error::invalid(format!(
                "`{}` is no member of this operation's request",
                excerpt(member)
            ))),
        }
    }

    /// `maxResults` and `nextToken`.
    pub fn page(&self) -> Result<(Option<i64>, Option<String>)> {
        let number = |it: &str| {
            it.parse().map_err(|_| {
                Error::invalid(format!("maxResults is `{}`, but has to be a number", excerpt(it)))
            })
        };
        let max_results = self.one("maxResults").map(number).transpose()?;
        Ok((max_results, self.one("nextToken").map(str::to_owned)))
    }

    /// A parameter that is true or false; false where absent.
    pub fn flag(&self, name: &str) -> Result<bool> {
        match self.one(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(Error::invalid(format!(
                "{name} is `{}`, but has to be true or false",
                excerpt(other)
            ))),
        }
    }

    /// All values of a parameter; none where it is absent.
    pub fn all(&self, name: &str) -> Option<Vec<String>> {
        let found: Vec<_> =
            self.query.iter().filter(|(it, _)| it == name).map(|(_, it)| it.clone()).collect();
        (!found.is_empty()).then_some(found)
    }

    fn one(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_once_and_known() {
        let call = Call::new(
            Vec::new(),
            "tagKeys=a%26b&tagKeys=c+d%2520",
            Some(&["tagKeys"]),
            Bytes::new(),
        );
        assert_eq!(call.unwrap().all("tagKeys").unwrap(), ["a&b", "c d%20"]);
        let error =
            Call::new(Vec::new(), "maxResult=3", Some(&["maxResults"]), Bytes::new()).unwrap_err();
        assert!(error.message().contains("maxResult"), "{error}");
        let twice = Call::new(Vec::new(), "force=true&force=false", Some(&["force"]), Bytes::new());
        assert!(twice.is_err());
        for not_text in ["tagKeys=%ff", "%c3=a&tagKeys=%28"] {
            let error =
                Call::new(Vec::new(), not_text, Some(&["tagKeys"]), Bytes::new()).unwrap_err();
            assert_eq!(error.message(), "the query string is not UTF-8");
        }
    }

    #[test]
    fn an_absent_body_is_empty_and_a_list_is_none() {
        let call =
            |body: &str| Call { body: Bytes::copy_from_slice(body.as_bytes()), ..Call::default() };
        assert!(call("").no_body().is_ok() && call("{}").no_body().is_ok());
        for wrong in ["[]", "{", "{\"a\": 1}", "null", "\u{0}"] {
            assert!(call(wrong).no_body().is_err(), "{wrong}");
        }
    }
}
