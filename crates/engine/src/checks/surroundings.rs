//! What the engine does not know by itself, and checks need to.

use std::path::PathBuf;

/// How the server is set up around the engine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// The folder that rows are kept in, where they lie on a disk of this machine.
    pub data_folder: Option<PathBuf>,
    /// The address that is listened on.
    pub listen: String,
    /// Whether only this machine reaches it.
    pub loopback: bool,
    /// Whether callers have to say who they are.
    pub authenticated: bool,
    /// Origins whose pages may call.
    pub allowed_origins: Vec<String>,
}
