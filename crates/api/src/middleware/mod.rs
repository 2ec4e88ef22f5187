//! What happens to every request before it is routed, and to every answer before it leaves.

pub(crate) mod address;
pub(crate) mod cors;
pub(crate) mod finish;
pub(crate) mod guard;
pub(crate) mod identify;
