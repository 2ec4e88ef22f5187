//! Values that we make ourselves: kinds of benign value, and attacks by grammar.

pub(crate) mod attack;
pub(crate) mod benign;
pub(crate) mod benign_path;
pub(crate) mod benign_text;
pub(crate) mod binary;
pub(crate) mod encode;
pub(crate) mod injection;
