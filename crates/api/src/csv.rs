//! Lists as files (API.md 1.8): RFC 4180 in UTF-8, streamed page by page over all matching rows.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bartizan_engine::Page;
use futures_util::stream::{self, TryStreamExt as _};
use serde::Serialize;
use serde_json::Value;

use crate::ApiState;
use crate::error::ApiError;
use crate::listing::Listing;

/// Rows that are read at once.
const PAGE_ROWS: u32 = 1_000;

/// The file of everything that matches. The first rows are read before anything is answered, so that a failure there is
/// still told as one; later ones abort the connection.
pub(crate) async fn file<T: Listing>(
    api: ApiState,
    filter: T::Filter,
    ascending: bool,
) -> Result<Response, ApiError> {
    let max_rows = api.settings.max_export_rows;
    let mut page = Page { limit: PAGE_ROWS, ascending, after: None, count: false };
    let (first, more) = rows::<T>(&api, &filter, &mut page, max_rows).await?;
    let mut start = header_line::<T>();
    start.push_str(&first);
    let left = max_rows.saturating_sub(u64::from(PAGE_ROWS));
    let rest = stream::try_unfold((api, filter, page, left, more), async |state| {
        let (api, filter, mut page, left, more) = state;
        if !more || left == 0 {
            return Ok(None);
        }
        let (text, more) = rows::<T>(&api, &filter, &mut page, left).await?;
        let left = left.saturating_sub(u64::from(PAGE_ROWS));
        Ok(Some((Bytes::from(text), (api, filter, page, left, more))))
    });
    let rest = rest.map_err(|error: ApiError| {
        tracing::error!(cause = error.cause.as_deref(), "an export was aborted");
        std::io::Error::other(error.message)
    });
    let body = stream::once(async move { Ok(Bytes::from(start)) });
    let body = Body::from_stream(futures_util::StreamExt::chain(body, rest));
    Ok(response(T::FILE, max_rows, body))
}

fn response(file: &str, max_rows: u64, body: Body) -> Response {
    let mut response = ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], body).into_response();
    let headers = response.headers_mut();
    let name = format!("attachment; filename=\"bartizan-{file}.csv\"");
    if let Ok(name) = HeaderValue::try_from(name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    headers.insert("x-row-limit", HeaderValue::from(max_rows));
    response
}

/// The file of rows that are all there.
pub(crate) fn whole<T: Serialize>(
    file: &str,
    columns: &[&str],
    rows: &[T],
    max_rows: u64,
) -> Result<Response, ApiError> {
    let mut text = columns.join(",") + "\r\n";
    for row in rows.iter().take(usize::try_from(max_rows).unwrap_or(usize::MAX)) {
        write_line(&mut text, columns, row)?;
    }
    Ok(response(file, max_rows, Body::from(text)))
}

/// The lines of one page, at most `left` of them, and whether there are more; moves the page on.
async fn rows<T: Listing>(
    api: &ApiState,
    filter: &T::Filter,
    page: &mut Page,
    left: u64,
) -> Result<(String, bool), ApiError> {
    let paged = T::fetch(&api.engine, filter, page).await?;
    page.after = paged.next;
    let mut text = String::new();
    for row in paged.rows.iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
        write_line(&mut text, T::COLUMNS, &T::from(row))?;
    }
    Ok((text, paged.next.is_some()))
}

fn header_line<T: Listing>() -> String {
    T::COLUMNS.join(",") + "\r\n"
}

fn write_line<T: Serialize>(text: &mut String, columns: &[&str], row: &T) -> Result<(), ApiError> {
    let object = serde_json::to_value(row).map_err(|error| ApiError::internal(error.to_string()))?;
    for (n, column) in columns.iter().enumerate() {
        if n > 0 {
            text.push(',');
        }
        match object.get(column) {
            None | Some(Value::Null) => {}
            Some(Value::String(value)) => write_cell(text, value),
            Some(value) => write_cell(text, &value.to_string()),
        }
    }
    text.push_str("\r\n");
    Ok(())
}

/// Text of an attack must not become a formula of whoever opens the file.
fn write_cell(text: &mut String, value: &str) {
    let guard = if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if value.contains([',', '"', '\r', '\n']) {
        text.push('"');
        text.push_str(guard);
        text.push_str(&value.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(guard);
        text.push_str(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cell(value: &str) -> String {
        let mut text = String::new();
        write_cell(&mut text, value);
        text
    }

    #[test]
    fn cells_are_quoted_where_needed_and_never_formulas() {
        for (value, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=1+1", "'=1+1"),
            ("-", "'-"),
            ("@SUM(A1,A2)", "\"'@SUM(A1,A2)\""),
            ("\rx", "\"'\rx\""),
            ("two\nlines", "\"two\nlines\""),
            ("", ""),
        ] {
            assert_eq!(cell(value), expected);
        }
    }

    proptest! {
        #[test]
        fn a_quoted_cell_is_read_back_as_it_was(value in "\\PC{0,30}|[a\",\r\n]{0,12}") {
            let text = cell(&value);
            let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            let read = inner.map_or_else(|| text.clone(), |inner| inner.replace("\"\"", "\""));
            prop_assert_eq!(read.strip_prefix('\'').filter(|_| !value.starts_with('\'')).unwrap_or(&read), value);
        }
    }
}
