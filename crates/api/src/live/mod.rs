//! tmp
#[derive(Debug, Default)]
pub(crate) struct LiveFigures;
