//! A load generator: so many connections, each sending its next request when the last is answered.
//! One thread, HTTP/1.1 with keep-alive, and only as much reading of answers as is needed.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a run did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Load {
    /// Requests answered with the expected status.
    pub answered: u64,
    /// Requests answered otherwise.
    pub failed: u64,
    /// Answers a second.
    pub rate: f64,
    /// The time that 99 of 100 requests took at most, in milliseconds.
    pub p99_ms: f64,
}

/// Sends requests over so many connections for a time. `request` makes the bytes of the n-th request
/// of a connection, or none when there are no more.
pub fn drive(
    address: SocketAddr,
    connections: usize,
    time: Duration,
    expected: &'static str,
    request: impl Fn(usize, u64) -> Option<Vec<u8>> + Send + Sync + 'static,
) -> Load {
    drive_paced(address, connections, time, Duration::ZERO, expected, request)
}

/// As [`drive`], but each connection sends a request every so often, and an answer's time counts from
/// when its request was due: who waits in a queue is counted too.
pub fn drive_paced(
    address: SocketAddr,
    connections: usize,
    time: Duration,
    every: Duration,
    expected: &'static str,
    request: impl Fn(usize, u64) -> Option<Vec<u8>> + Send + Sync + 'static,
) -> Load {
    let request = Arc::new(request);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let began = Instant::now();
        let tasks: Vec<_> = (0..connections)
            .map(|connection| {
                let request = Arc::clone(&request);
                // Not all at the same moment.
                let due = began
                    + every * u32::try_from(connection).unwrap_or(0)
                        / u32::try_from(connections).unwrap_or(1);
                let pace = Pace { began, time, due, every };
                tokio::spawn(one(address, pace, expected, move |n| request(connection, n)))
            })
            .collect();
        let (mut load, mut times) = (Load::default(), Vec::new());
        for task in tasks {
            let (answered, failed, took) = task.await.unwrap();
            load.answered += answered;
            load.failed += failed;
            times.extend(took);
        }
        load.rate = load.answered as f64 / began.elapsed().as_secs_f64();
        times.sort_unstable();
        let at = times.len() * 99 / 100;
        load.p99_ms = times.get(at).map_or(0.0, |time| *time as f64 / 1000.0);
        load
    })
}

/// When a connection sends.
struct Pace {
    began: Instant,
    time: Duration,
    due: Instant,
    every: Duration,
}

async fn one(
    address: SocketAddr,
    mut pace: Pace,
    expected: &str,
    request: impl Fn(u64) -> Option<Vec<u8>>,
) -> (u64, u64, Vec<u32>) {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).unwrap();
    let (mut answered, mut failed, mut times) = (0, 0, Vec::new());
    let mut buffer = Vec::with_capacity(16 * 1024);
    let mut number = 0;
    while pace.began.elapsed() < pace.time {
        let Some(bytes) = request(number) else { break };
        number += 1;
        let mut sent = Instant::now();
        if pace.every > Duration::ZERO {
            tokio::time::sleep_until(pace.due.into()).await;
            sent = pace.due;
            pace.due += pace.every;
        }
        stream.write_all(&bytes).await.unwrap();
        if read(&mut stream, &mut buffer).await.starts_with(expected.as_bytes()) {
            answered += 1;
        } else {
            if failed == 0 {
                eprintln!("unexpected: {}", String::from_utf8_lossy(&buffer));
            }
            failed += 1;
        }
        times.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
    (answered, failed, times)
}

/// Reads one answer; gives what follows `HTTP/1.1 `.
async fn read<'a>(stream: &mut TcpStream, buffer: &'a mut Vec<u8>) -> &'a [u8] {
    buffer.clear();
    loop {
        let count = stream.read_buf(buffer).await.unwrap();
        assert!(count > 0, "the server closed the connection");
        let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
        let length = head.split("\r\n").find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        if buffer.len() >= end + 4 + length {
            return &buffer["HTTP/1.1 ".len()..];
        }
    }
}
