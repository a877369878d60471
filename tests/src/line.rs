//! A line between a node and a server that it needs, which can be cut: what goes over it then is lost, whoever comes is taken and hears
//! nothing, and nobody is told. When it is whole again, connections of before stay dead, as after a firewall that has forgotten them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// The line. It ends with the test.
pub struct Line {
    port: u16,
    times: Times,
}

/// How often it was cut or made whole: odd while it is cut.
type Times = Arc<AtomicUsize>;

impl Line {
    /// A whole one to a port of this machine.
    pub async fn to(far: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let line = Self { port: listener.local_addr().unwrap().port(), times: Times::default() };
        let times = Arc::clone(&line.times);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, far, Arc::clone(&times)));
            }
        });
        line
    }

    /// Where its near end is.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Cuts it.
    pub fn cut(&self) {
        self.times.fetch_add(usize::from(!self.is_cut()), Ordering::SeqCst);
    }

    /// Makes it whole.
    pub fn mend(&self) {
        self.times.fetch_add(usize::from(self.is_cut()), Ordering::SeqCst);
    }

    fn is_cut(&self) -> bool {
        !self.times.load(Ordering::SeqCst).is_multiple_of(2)
    }
}

async fn carry(near: TcpStream, far: u16, times: Times) {
    let begun = times.load(Ordering::SeqCst);
    // Begun while it was cut, it never comes to life.
    let alive = || begun.is_multiple_of(2) && times.load(Ordering::SeqCst) == begun;
    let Ok(far) = TcpStream::connect(("127.0.0.1", far)).await else { return };
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.into_split(), far.into_split());
    tokio::select! {
        () = pass(&mut near_in, &mut far_out, &alive) => {}
        () = async {
            pass(&mut far_in, &mut near_out, &alive).await;
            if !alive() {
                // Nobody hears that the far end has hung up.
                std::future::pending::<()>().await;
            }
        } => {}
    }
}

async fn pass(from: &mut OwnedReadHalf, to: &mut OwnedWriteHalf, alive: &impl Fn() -> bool) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        if alive() && to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
