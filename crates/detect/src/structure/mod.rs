//! How values are built of values: JSON, lists of pairs, URLs. Pure scanners over bytes, lenient about everything:
//! whatever is wrong with a structure, no part of it is passed over.

pub(crate) mod json;
pub(crate) mod pairs;
pub(crate) mod url;
