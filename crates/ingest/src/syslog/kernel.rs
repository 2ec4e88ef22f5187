//! What the kernel does with datagrams before we see them: it keeps some, and drops what does not fit.

use std::net::UdpSocket;

/// Bytes of datagrams that the kernel is asked to keep for us: a second of messages at the rate that is taken, as long as
/// most are. It gives less where `net.core.rmem_max` is less.
const RECEIVE_BUFFER_BYTES: usize = 8 * 1024 * 1024;

/// Asks for a large receive buffer. Without it bursts are lost earlier, and counted: nothing else depends on it.
pub(super) fn enlarge_buffer(socket: &UdpSocket) {
    // Beyond the limit for all programs only with CAP_NET_ADMIN.
    #[cfg(target_os = "linux")]
    if rustix::net::sockopt::set_socket_recv_buffer_size_force(socket, RECEIVE_BUFFER_BYTES).is_ok() {
        return;
    }
    if let Err(error) = rustix::net::sockopt::set_socket_recv_buffer_size(socket, RECEIVE_BUFFER_BYTES) {
        tracing::debug!(%error, "the kernel gave no larger receive buffer for syslog");
    }
}

/// Counts the datagrams of one socket that the kernel dropped, because its receive buffer was full.
///
/// Linux tells it in a table of all sockets; elsewhere nothing is counted.
#[derive(Debug, Default)]
pub(super) struct KernelDrops {
    #[cfg(target_os = "linux")]
    of: Option<linux::Socket>,
    /// What was told already. A new socket has dropped nothing.
    #[cfg(target_os = "linux")]
    told: u32,
}

#[cfg(target_os = "linux")]
impl KernelDrops {
    pub(super) fn of(socket: &UdpSocket) -> Self {
        Self { of: linux::Socket::of(socket), told: 0 }
    }

    /// Datagrams dropped since the last look.
    pub(super) fn look(&mut self) -> u64 {
        let Some(total) = self.of.as_ref().and_then(linux::Socket::drops) else { return 0 };
        // The kernel's counter has 32 bits and begins anew beyond them.
        u64::from(total.wrapping_sub(std::mem::replace(&mut self.told, total)))
    }
}

#[cfg(not(target_os = "linux"))]
impl KernelDrops {
    pub(super) fn of(_socket: &UdpSocket) -> Self {
        Self::default()
    }

    /// Nobody tells.
    #[expect(clippy::unused_self, reason = "elsewhere it has something to look at")]
    pub(super) fn look(&mut self) -> u64 {
        0
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::File;
    use std::io::Read;
    use std::net::UdpSocket;
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::MetadataExt;

    /// Longest table that is read, in bytes: some 30,000 sockets.
    const MAX_TABLE_BYTES: u64 = 4 * 1024 * 1024;

    /// Where in the kernel's table a socket stands.
    #[derive(Debug)]
    pub(super) struct Socket {
        table: &'static str,
        inode: u64,
    }

    impl Socket {
        pub(super) fn of(socket: &UdpSocket) -> Option<Self> {
            let is_ipv4 = socket.local_addr().ok()?.is_ipv4();
            let table = if is_ipv4 { "/proc/self/net/udp" } else { "/proc/self/net/udp6" };
            let inode = std::fs::metadata(format!("/proc/self/fd/{}", socket.as_raw_fd())).ok()?.ino();
            Some(Self { table, inode })
        }

        /// Datagrams dropped since there is this socket; `None` when the kernel does not tell.
        pub(super) fn drops(&self) -> Option<u32> {
            let mut table = String::new();
            File::open(self.table).ok()?.take(MAX_TABLE_BYTES).read_to_string(&mut table).ok()?;
            drops(&table, self.inode)
        }
    }

    /// The last column of the socket's row (proc(5), `/proc/net/udp`; the kernel's `udp4_format_sock`).
    fn drops(table: &str, inode: u64) -> Option<u32> {
        const INODE: usize = 9;
        const DROPS: usize = 12;
        let header = table.lines().next()?;
        if !header.trim_end().ends_with("drops") {
            return None;
        }
        let inode = inode.to_string();
        let row =
            table.lines().skip(1).find(|row| row.split_ascii_whitespace().nth(INODE) == Some(&inode))?;
        row.split_ascii_whitespace().nth(DROPS)?.parse().ok()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_row_of_the_socket_is_read() {
            let table = "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops            \n\
                 4711: 0100007F:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 77 2 0000000000000000 9\n\
                 4712: 0100007F:158B 00000000:0000 07 00000000:00034800 00:00000000 00000000     0        0 78 2 0000000000000000 4294967295         \n";
            assert_eq!(drops(table, 77), Some(9));
            assert_eq!(drops(table, 78), Some(u32::MAX));
            assert_eq!(drops(table, 79), None);
            assert_eq!(drops(&table.replace("drops", ""), 77), None, "an old kernel");
            assert_eq!(drops("", 77), None);
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_drops_is_counted_once() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let socket = match UdpSocket::bind(address) {
                Ok(socket) => socket,
                // Not every machine has IPv6.
                Err(_) if address.starts_with('[') => continue,
                Err(error) => panic!("an address of our own: {error}"),
            };
            rustix::net::sockopt::set_socket_recv_buffer_size(&socket, 4_096).expect("a small buffer");
            let mut drops = KernelDrops::of(&socket);
            assert_eq!(drops.look(), 0);
            let sender = UdpSocket::bind(address).expect("an address of our own");
            sender.connect(socket.local_addr().expect("bound")).expect("there");
            for _ in 0..200 {
                sender.send(&[b'x'; 200]).expect("sent");
            }
            socket.set_nonblocking(true).expect("a socket");
            let received = std::iter::from_fn(|| socket.recv(&mut [0; 300]).ok()).count();
            assert_eq!(drops.look(), 200 - received as u64, "{address}: {received} of 200 were received");
            assert!(received < 200);
            assert_eq!(drops.look(), 0);
        }
    }

    #[test]
    fn a_larger_buffer_is_asked_for() {
        let size =
            |socket: &UdpSocket| rustix::net::sockopt::socket_recv_buffer_size(socket).expect("a size");
        let socket = UdpSocket::bind("127.0.0.1:0").expect("an address of our own");
        let before = size(&socket);
        enlarge_buffer(&socket);
        assert!(size(&socket) >= before, "{before} became {}", size(&socket));
    }
}
