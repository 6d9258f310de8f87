//! A collector of spans: takes OTLP over HTTP, and keeps what it was told.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;

/// Lives as long as the test's process.
pub(super) struct Collector {
    address: SocketAddr,
    told: Arc<Mutex<Vec<Posted>>>,
}

/// One batch.
#[derive(Clone)]
pub(super) struct Posted {
    pub(super) path: String,
    pub(super) kind: String,
    pub(super) body: Vec<u8>,
    pub(super) batch: ExportTraceServiceRequest,
}

impl Collector {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let told = Arc::<Mutex<Vec<Posted>>>::default();
        let keep = Arc::clone(&told);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let keep = Arc::clone(&keep);
                std::thread::spawn(move || take(stream, &keep));
            }
        });
        Self { address, told }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn posted(&self) -> Vec<Posted> {
        self.told.lock().unwrap().clone()
    }

    pub(super) fn spans(&self) -> Vec<Span> {
        self.posted()
            .into_iter()
            .flat_map(|posted| posted.batch.resource_spans)
            .flat_map(|of_resource| of_resource.scope_spans)
            .flat_map(|of_scope| of_scope.spans)
            .collect()
    }
}

/// Reads requests of HTTP/1.1 until the client goes.
fn take(stream: TcpStream, keep: &Mutex<Vec<Posted>>) {
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if line.trim_end().is_empty() {
                break;
            }
            head.push(line.trim_end().to_owned());
        }
        let header = |name: &str| {
            head.iter().skip(1).find_map(|line| {
                let (found, value) = line.split_once(':')?;
                found
                    .eq_ignore_ascii_case(name)
                    .then(|| value.trim().to_owned())
            })
        };
        let length = header("content-length").unwrap().parse().unwrap();
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let posted = Posted {
            path: head[0].split(' ').nth(1).unwrap().to_owned(),
            kind: header("content-type").unwrap_or_default(),
            batch: ExportTraceServiceRequest::decode(&*body).unwrap(),
            body,
        };
        keep.lock().unwrap().push(posted);
        writer
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n")
            .unwrap();
    }
}
