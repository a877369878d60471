//! A push service that takes everything: it notes whom it was to ring, and when.

use anyhow::Result;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// What has arrived: the number in the path, and microseconds since 1970.
type Arrived = Arc<Mutex<Vec<(i64, i64)>>>;

/// The push service. Its threads end with the process.
pub(crate) struct Sink {
    /// `http://127.0.0.1:port`.
    pub(crate) origin: String,
    arrived: Arrived,
}

impl Sink {
    pub(crate) fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let origin = format!("http://{}", listener.local_addr()?);
        let arrived = Arrived::default();
        let noted = Arc::clone(&arrived);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let noted = Arc::clone(&noted);
                // Whoever hangs up ends a thread.
                std::thread::spawn(move || serve(stream, &noted).ok());
            }
        });
        Ok(Self { origin, arrived })
    }

    pub(crate) fn count(&self) -> usize {
        self.arrived.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// What arrived after the first `skip`.
    pub(crate) fn after(&self, skip: usize) -> Vec<(i64, i64)> {
        self.arrived.lock().unwrap_or_else(PoisonError::into_inner).get(skip..).unwrap_or_default().to_vec()
    }
}

fn serve(stream: TcpStream, noted: &Arrived) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let at = crate::people::now_micros();
        let number = line.split([' ', '/']).find_map(|part| part.parse().ok()).unwrap_or(-1);
        let mut length = 0;
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            let header = line.trim().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        noted.lock().unwrap_or_else(PoisonError::into_inner).push((number, at));
        writer.write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n")?;
    }
}
