//! Taking ports, with an answer that helps when one is taken.

use crate::say::Trouble;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

/// How many connections may wait to be accepted.
const BACKLOG: i32 = 1024;

/// Takes one address.
///
/// # Errors
/// [`Trouble`] that names the port and what to do.
pub(crate) fn take(address: SocketAddr, instead: &str) -> Result<TcpListener, Trouble> {
    bind(address).map_err(|e| refused(address, &e, instead))
}

/// Takes a port on both of this machine's own addresses, 127.0.0.1 and ::1: a browser that is told `localhost`
/// may try either. Port 0 takes a free one. Without IPv6 the first alone.
///
/// # Errors
/// [`Trouble`] that names the port and what to do.
pub(crate) fn take_local(port: u16) -> Result<Vec<TcpListener>, Trouble> {
    const INSTEAD: &str = "stop the program that holds it, or choose another with --port N (--port 0 takes a free one)";
    // A free port on one address may be taken on the other: look for one that is free on both.
    for _ in 0..16 {
        let first = take(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), INSTEAD)?;
        let chosen = port_of(&first)?;
        let address = SocketAddr::from((Ipv6Addr::LOCALHOST, chosen));
        match bind(address) {
            Ok(second) => return Ok(vec![first, second]),
            Err(e) if e.kind() == ErrorKind::AddrInUse && port == 0 => {}
            Err(e) if e.kind() == ErrorKind::AddrInUse => return Err(refused(address, &e, INSTEAD)),
            Err(_) => return Ok(vec![first]),
        }
    }
    Err(Trouble::new("no port is free on both 127.0.0.1 and ::1: choose one with --port N"))
}

/// Takes a port on 127.0.0.1, or any free one when that is taken.
///
/// # Errors
/// [`Trouble`] when no port at all can be taken.
pub(crate) fn take_near(port: u16) -> Result<TcpListener, Trouble> {
    let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    bind(wanted).or_else(|_| bind(free)).map_err(|e| refused(free, &e, "see what holds the ports"))
}

/// The port that a listener got.
///
/// # Errors
/// [`Trouble`] when the system does not say.
pub(crate) fn port_of(listener: &TcpListener) -> Result<u16, Trouble> {
    listener.local_addr().map(|a| a.port()).map_err(|e| Trouble::new(format!("ask for a listener's port: {e}")))
}

/// The address that the first of several listeners got.
///
/// # Errors
/// [`Trouble`] when the system does not say.
pub(crate) fn address_of(listeners: &[TcpListener]) -> Result<SocketAddr, Trouble> {
    let first = listeners.first().ok_or_else(|| Trouble::new("nothing listens"))?;
    first.local_addr().map_err(|e| Trouble::new(format!("ask for a listener's address: {e}")))
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    use socket2::{Domain, Protocol, Socket, Type};
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(address.ip() == Ipv6Addr::LOCALHOST)?;
    }
    // So that a restart need not wait for connections of the last run to time out. On Windows the same option
    // would let two programs hold one port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

fn refused(address: SocketAddr, error: &io::Error, instead: &str) -> Trouble {
    let port = address.port();
    Trouble::new(match error.kind() {
        ErrorKind::AddrInUse => format!("port {port} is taken ({address}): {instead}"),
        ErrorKind::PermissionDenied => {
            format!("port {port} may not be used by this user ({address}): use one above 1023 behind a proxy")
        }
        ErrorKind::AddrNotAvailable => format!("{} is no address of this machine: {instead}", address.ip()),
        _ => format!("can't listen on {address}: {error}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_with_what_to_do() {
        let held = take_local(0).unwrap();
        let port = port_of(&held[0]).unwrap();
        let text = take_local(port).unwrap_err().to_string();
        assert!(text.starts_with(&format!("port {port} is taken")) && text.contains("--port"), "{text}");
    }

    #[test]
    fn a_neighbour_that_is_taken_is_replaced_by_a_free_port() {
        let held = take_near(0).unwrap();
        let port = port_of(&held).unwrap();
        assert_ne!(port_of(&take_near(port).unwrap()).unwrap(), port);
    }
}
