//! Log lines that are sent instead of read.

use axum::extract::State;

use crate::ApiState;
use crate::envelope::Answer;
use crate::error::ApiError;
use crate::lines::Lines;
use crate::view::ingest::Ingested;

/// Takes in log lines, in any format that a log file may have, or JSON: one object per line, or an array of such objects.
/// All of them are kept when this answers. With a key, the same lines sent again within a day are not kept twice; after a failure they are
/// taken up where they were interrupted.
#[utoipa::path(post, path = "/api/v1/ingest", tag = "ingest", operation_id = "ingest",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "What makes a batch the same when it is sent again"),
        ("Content-Encoding" = Option<String>, Header, description = "`gzip` or `zstd`"),
    ),
    request_body(content = String, content_type = "text/plain",
        description = "Lines, or a JSON array of objects, each of them counted as a line; at most 8 MiB as sent and 16 MiB unpacked"),
    responses((status = 200, description = "What the lines brought", body = Answer<Ingested>)))]
pub(crate) async fn ingest(
    State(api): State<ApiState>,
    Lines { admission, push }: Lines,
) -> Result<Answer<Ingested>, ApiError> {
    let ingested = admission.take(push).await?;
    Ok(Answer::new(api.now(), ingested.into()))
}
