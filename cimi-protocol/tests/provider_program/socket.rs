//! The example provider with its socket.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// The program, which `cargo test` builds beside the tests; it ends with the test.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: String,
}

impl Program {
    pub(crate) fn start(options: &[&str]) -> Self {
        let mut path: PathBuf = std::env::current_exe().unwrap();
        path.pop();
        path.pop();
        let path = path.join("examples").join(format!("provider{}", std::env::consts::EXE_SUFFIX));
        let mut command = Command::new(path);
        let mut child = command
            .args(["--listen", "127.0.0.1:0"])
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.strip_prefix("http://").and_then(|rest| rest.split_once('/')).expect("a URL").0.to_owned();
        Self { child, address }
    }

    /// Sends all of a request before it looks for the answer, as most consumers do.
    pub(crate) fn answer(&self, head: &str, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(format!("{head}\r\nHost: cloud\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn whoever_sends_too_much_is_told_so() {
    let program = Program::start(&[]);
    let body = vec![b' '; 24 << 20];
    let head = "POST /cimi/machines HTTP/1.1\r\nContent-Type: application/json";
    let told = program.answer(&format!("{head}\r\nContent-Length: {}", body.len()), &body);
    assert!(told.starts_with("HTTP/1.1 413 ") && told.contains("FAILED"), "{told}");
    let chunks = [format!("{:x}\r\n", body.len()).as_bytes(), &body, b"\r\n0\r\n\r\n"].concat();
    let told = program.answer(&format!("{head}\r\nTransfer-Encoding: chunked"), &chunks);
    assert!(told.starts_with("HTTP/1.1 413 ") && told.contains("FAILED"), "{told}");
    let told = program.answer("GET /cimi/machines HTTP/1.1", b"");
    assert!(told.starts_with("HTTP/1.1 200 "), "{told}");
}
