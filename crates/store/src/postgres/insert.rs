//! Many rows in one statement: each column travels as one array, so a statement has one parameter per column, is prepared
//! once, and is found again whatever the number of rows.

use super::dialect::{Builder, Connection, INSERT};
use super::sql::{Worded, failed};
use crate::StoreError;

/// Rows per statement; what is kept of a request is capped, so that this many stay far below the 1 GB of a message.
const ROWS_PER_STATEMENT: usize = 2_000;

/// One value of a row.
#[derive(Debug)]
pub(super) enum Value {
    Whole(Option<i64>),
    Real(Option<f64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

/// The values of one column.
#[derive(Debug)]
enum Column {
    Whole(Vec<Option<i64>>),
    Real(Vec<Option<f64>>),
    Text(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

/// Collects the values of one row after the other, in the order of the columns.
#[derive(Debug, Default)]
pub(super) struct Values {
    columns: Vec<Column>,
    at: usize,
}

impl Values {
    /// The next column's value.
    pub(super) fn add(&mut self, value: impl Into<Value>) -> &mut Self {
        let value = value.into();
        match self.columns.get_mut(self.at) {
            Some(column) => column.push(value),
            None => self.columns.push(Column::of(value)),
        }
        self.at += 1;
        self
    }
}

impl Column {
    fn of(value: Value) -> Self {
        match value {
            Value::Whole(value) => Self::Whole(vec![value]),
            Value::Real(value) => Self::Real(vec![value]),
            Value::Text(value) => Self::Text(vec![value]),
            Value::Bytes(value) => Self::Bytes(vec![value]),
        }
    }

    fn push(&mut self, value: Value) {
        match (self, value) {
            (Self::Whole(values), Value::Whole(value)) => values.push(value),
            (Self::Real(values), Value::Real(value)) => values.push(value),
            (Self::Text(values), Value::Text(value)) => values.push(value),
            (Self::Bytes(values), Value::Bytes(value)) => values.push(value),
            (column, value) => debug_assert!(false, "{value:?} does not belong into {column:?}"),
        }
    }

    fn bind(self, query: &mut Builder) {
        match self {
            Self::Whole(values) => query.push_bind(values).push("::BIGINT[]"),
            Self::Real(values) => query.push_bind(values).push("::DOUBLE PRECISION[]"),
            Self::Text(values) => query.push_bind(values).push("::TEXT[]"),
            Self::Bytes(values) => query.push_bind(values).push("::BYTEA[]"),
        };
    }
}

/// Runs `INSERT INTO head SELECT … tail` over all rows, where the selection has one row for each.
pub(super) async fn insert_rows<T>(
    connection: &mut Connection,
    doing: &'static str,
    head: &'static str,
    rows: &[T],
    tail: &'static str,
    bind: impl Fn(&T, &mut Values),
) -> Result<(), StoreError> {
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        let mut values = Values::default();
        for row in chunk {
            values.at = 0;
            bind(row, &mut values);
        }
        let mut query = Builder::new(INSERT);
        query.push(head).push(" SELECT * FROM UNNEST(");
        for (at, column) in values.columns.into_iter().enumerate() {
            query.push(if at == 0 { "" } else { ", " });
            column.bind(&mut query);
        }
        query.push(")").push(tail);
        query.build().execute(&mut *connection).await.map_err(failed(doing))?;
    }
    Ok(())
}

/// Nothing: the indexes see to it.
pub(super) async fn list_words(
    _connection: &mut Connection,
    _of: Worded,
    _ids: impl Iterator<Item = i64>,
) -> Result<(), StoreError> {
    Ok(())
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Whole(Some(value))
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        Self::Whole(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(Some(value))
    }
}

impl From<Option<f64>> for Value {
    fn from(value: Option<f64>) -> Self {
        Self::Real(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<Option<&str>> for Value {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(str::to_owned))
    }
}

impl From<Option<&[u8]>> for Value {
    fn from(value: Option<&[u8]>) -> Self {
        Self::Bytes(value.map(<[u8]>::to_vec))
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(Some(value.to_vec()))
    }
}
