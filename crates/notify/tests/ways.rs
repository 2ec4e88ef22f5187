//! Mail and syslog against small receivers on this machine.

use std::time::Duration;

use bartizan_model::{Alert, Occasion, Severity, Timestamp};
use bartizan_notify::{Mail, MailSecurity, Message, Notice, Syslog, Way};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, UdpSocket};

fn message(title: &str) -> Message {
    let now = Timestamp::from_secs(1_772_600_000);
    let alert = Alert::system("k".to_owned(), Severity::High, title.to_owned(), "9 hits".to_owned(), now);
    Message { id: "d7".to_owned(), at: now, notices: vec![Notice { occasion: Occasion::Raised, alert }] }
}

/// A mail server for one session: answers `reply` to the mail, and hands out what it was sent.
async fn mail_server(reply: &'static str) -> (u16, tokio::sync::watch::Receiver<String>) {
    let (sender, received_by_test) = tokio::sync::watch::channel(String::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a client");
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 test\r\n").await.expect("sent");
        let (mut received, mut in_data) = (String::new(), false);
        loop {
            let mut bytes = Vec::new();
            if stream.read_until(b'\n', &mut bytes).await.unwrap_or(0) == 0 {
                return;
            }
            let line = String::from_utf8_lossy(&bytes).to_string();
            received.push_str(&line);
            sender.send_replace(received.clone());
            let answer = match line.trim_end() {
                "." if in_data => {
                    in_data = false;
                    reply
                }
                _ if in_data => continue,
                "DATA" => {
                    in_data = true;
                    "354 go"
                }
                line if line.starts_with("EHLO") => "250 test",
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            let sent = stream.write_all(format!("{answer}\r\n").as_bytes()).await;
            if sent.is_err() || answer.starts_with("221") {
                return;
            }
        }
    });
    (port, received_by_test)
}

fn mail(port: u16) -> Way {
    let to = ["ops@example.com".to_owned(), "b@example.com".to_owned()];
    let mail = Mail::new("127.0.0.1", Some(port), MailSecurity::None, None, "bartizan@example.com", &to);
    Way::Mail(Box::new(mail.expect("sound")))
}

#[tokio::test]
async fn a_mail_arrives_and_its_subject_stays_one_line() {
    let (port, received) = mail_server("250 taken").await;
    mail(port).send(&message("broken\r\nBcc: victim@example.com")).await.expect("taken");
    let received = received.borrow().clone();
    for part in
        ["MAIL FROM:<bartizan@example.com>", "RCPT TO:<ops@example.com>", "RCPT TO:<b@example.com>", "9 hits"]
    {
        assert!(received.contains(part), "{part}: {received}");
    }
    assert!(!received.lines().any(|line| line.starts_with("Bcc:")), "{received}");
    assert!(received.contains("Message-ID: <d7@bartizan.invalid>"), "{received}");
}

#[tokio::test]
async fn what_a_mail_server_refuses_is_told_apart_from_what_it_puts_off() {
    for (reply, is_lasting) in [("550 no such user", true), ("451 later", false)] {
        let (port, _serving) = mail_server(reply).await;
        let error = mail(port).send(&message("title")).await.expect_err("refused");
        assert_eq!(error.is_lasting, is_lasting, "{reply}: {error}");
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let error = mail(port).send(&message("title")).await.expect_err("nobody is there");
    assert!(!error.is_lasting, "{error}");
}

#[tokio::test]
async fn a_siem_gets_one_line_by_datagram_and_by_stream() {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
    let address = socket.local_addr().expect("an address");
    let way = Way::Syslog(Syslog::new(&format!("udp://{address}")).expect("sound"));
    way.send(&message("title\nof two lines")).await.expect("sent");
    let mut bytes = vec![0; 4_096];
    let length = tokio::time::timeout(Duration::from_secs(30), socket.recv(&mut bytes));
    let length = length.await.expect("in time").expect("received");
    let text = String::from_utf8_lossy(&bytes[..length]).to_string();
    assert!(text.contains("CEF:0|Bartizan|") && !text.contains('\n'), "{text}");

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let way = Way::Syslog(Syslog::new(&format!("tcp://{address}")).expect("sound"));
    let accepting = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a client");
        let mut text = String::new();
        stream.read_to_string(&mut text).await.expect("read");
        text
    });
    way.send(&message("title")).await.expect("sent");
    let framed = accepting.await.expect("no panic");
    let (length, text) = framed.split_once(' ').expect("a length");
    assert_eq!(length.parse(), Ok(text.len()), "{framed}");
}
