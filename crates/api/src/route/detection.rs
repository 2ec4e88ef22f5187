//! What detection would do if it were set otherwise.

use axum::extract::State;

use crate::ApiState;
use crate::envelope::Ranged;
use crate::error::ApiError;
use crate::param::{Params, RangeParams, WhatIfParams};
use crate::view::what_if::WhatIf;

/// Which stored requests another threshold for blocking would have judged otherwise than the one in force: how many, of
/// which paths and clients, with samples. Read from stored scores; nothing is changed. What a list, an exception or a
/// signal decided stays as it is; only a signal that asked to block what the model blocked as well was not kept.
#[utoipa::path(get, path = "/api/v1/detection/what-if", tag = "detection", operation_id = "whatIf",
    params(RangeParams, WhatIfParams),
    responses((status = 200, description = "What would change", body = Ranged<WhatIf>)))]
pub(crate) async fn what_if(State(api): State<ApiState>, params: Params) -> Result<Ranged<WhatIf>, ApiError> {
    let (range, WhatIfParams { threshold }) = WhatIfParams::parse(params)?;
    let answer = api.engine.what_if(&range, threshold).await?;
    let what_if = WhatIf::new(answer.in_force, threshold, &answer.changes);
    Ok(Ranged::new(api.now(), api.window(answer.span, None), what_if))
}
