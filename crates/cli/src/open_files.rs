//! The limit of open files and what connections may take of it: whoever opens many must not keep the database, the logs
//! and the next accepted connection from having one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Most open files that are asked for: more than connections, sockets and logs at their limits take.
const MOST_FILES: u64 = 1 << 20;

/// Most connections that are served at a time, sockets apart.
const MOST_CONNECTIONS: usize = 4_096;

/// How many files this process may have open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OpenFiles {
    limit: u64,
}

impl OpenFiles {
    /// Raises the soft limit to the hard one. Where the system refuses, what there is has to do.
    pub(crate) fn raise() -> Self {
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        let wanted = maximum.unwrap_or(MOST_FILES).min(MOST_FILES);
        if current.is_some_and(|current| current < wanted)
            && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum })
        {
            tracing::warn!(%error, "the limit of open files could not be raised to {wanted}");
        }
        Self { limit: getrlimit(Resource::Nofile).current.unwrap_or(MOST_FILES) }
    }

    /// Connections that may be served at a time: a quarter of the files at most.
    pub(crate) fn connections(self) -> usize {
        self.part(4).min(MOST_CONNECTIONS)
    }

    /// WebSockets that may be open, of those that were set: half of the files at most. The last quarter is for the
    /// database, the logs and what else is opened.
    pub(crate) fn sockets(self, set: usize) -> usize {
        let most = self.part(2);
        if most < set {
            tracing::warn!(
                "websocket.max_sockets is {set}, but only {most} sockets will be open, since this process may have no more \
                 than {} open files; raise the limit (ulimit -Hn, LimitNOFILE= of systemd)",
                self.limit
            );
        }
        set.min(most)
    }

    fn part(self, of: u64) -> usize {
        usize::try_from(self.limit / of).unwrap_or(usize::MAX).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_and_sockets_leave_files_for_the_rest() {
        for (limit, connections, sockets) in
            [(1_024, 256, 512), (64, 16, 32), (1, 1, 1), (20_000, 4_096, 1_000)]
        {
            let files = OpenFiles { limit };
            assert_eq!((files.connections(), files.sockets(1_000)), (connections, sockets), "{limit}");
        }
    }

    #[test]
    fn the_soft_limit_is_raised() {
        let files = OpenFiles::raise();
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        let hard = maximum.unwrap_or(MOST_FILES).min(MOST_FILES);
        assert!(current.is_none_or(|current| current >= hard) && files.limit >= hard);
    }
}
