//! Starting and stopping.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use wechat_standin::StandIn;

use crate::harness::{APPID, Harness, SECRET};

/// One request without any runtime; the status line of the answer.
fn status_line(address: SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    let request =
        "GET /sns/jscode2session HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("read");
    answer.lines().next().unwrap_or_default().to_owned()
}

fn is_refused_within_five_seconds(address: SocketAddr) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(5) {
        if TcpStream::connect(address).is_err_and(|e| e.kind() == ErrorKind::ConnectionRefused) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

#[test]
fn it_starts_without_any_runtime_and_stops_when_dropped() {
    let running = StandIn::builder(APPID, SECRET).start(("127.0.0.1", 0)).expect("started");
    let address = running.address();
    assert_ne!(address.port(), 0);
    assert_eq!(running.base_url(), format!("http://{address}"));
    assert_eq!(status_line(address), "HTTP/1.1 200 OK");
    drop(running);
    assert!(is_refused_within_five_seconds(address));
}

#[actix_web::test]
async fn it_stops_inside_a_runtime() {
    let harness = Harness::new();
    harness.token().await;
    let address = harness.running.address();
    harness.running.stop().await;
    assert!(is_refused_within_five_seconds(address));
}

#[actix_web::test]
async fn two_of_them_do_not_share_codes() {
    let (one, other) = (Harness::new(), Harness::new());
    let code = one.running.new_login_code("o-zhang");
    assert_eq!(other.login(&code).await["errcode"], 40029);
    assert_eq!(one.login(&code).await["openid"], "o-zhang");
}

#[test]
fn a_taken_port_is_an_error() {
    let first = StandIn::builder(APPID, SECRET).start(("127.0.0.1", 0)).expect("started");
    let second = StandIn::builder(APPID, SECRET).start(first.address());
    assert_eq!(second.err().map(|error| error.kind()), Some(ErrorKind::AddrInUse));
}

#[test]
fn in_the_foreground_it_tells_its_address_and_serves() {
    let (sender, receiver) = mpsc::channel();
    // The thread ends with the test's process, as the foreground server ends with its program.
    std::thread::spawn(move || {
        let ready = move |address| sender.send(address).expect("somebody waits");
        let run = StandIn::builder(APPID, SECRET).run(("127.0.0.1", 0), ready);
        actix_web::rt::System::new().block_on(run)
    });
    let address = receiver.recv_timeout(Duration::from_secs(10)).expect("an address");
    assert_eq!(status_line(address), "HTTP/1.1 200 OK");
}
