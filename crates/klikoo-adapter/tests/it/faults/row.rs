//! One row: fault, outcome, sends, holds.

use klikoo_sandbox::Fault;

pub(super) struct Row {
    /// In the failure model's table.
    pub(super) number: &'static str,
    pub(super) fault: Fault,
    /// Only the first block meets it.
    pub(super) once: bool,
    pub(super) outcome: &'static str,
    pub(super) sends: usize,
    /// Whether the sandbox holds the seat afterwards.
    pub(super) holds: usize,
}

pub(super) fn row(
    number: &'static str,
    fault: Fault,
    outcome: &'static str,
    sends: usize,
    holds: usize,
) -> Row {
    Row {
        number,
        fault,
        once: false,
        outcome,
        sends,
        holds,
    }
}

pub(super) fn status(status: u16, code: Option<&str>) -> Fault {
    Fault::Status {
        status,
        code: code.map(str::to_owned),
        retry_after: None,
        location: None,
    }
}

pub(super) fn executed(status: u16, code: Option<&str>) -> Fault {
    Fault::ExecuteThenStatus {
        status,
        code: code.map(str::to_owned),
    }
}

pub(super) fn extra(name: &str, value: serde_json::Value) -> Fault {
    Fault::ExtraData {
        data: [(name.to_owned(), value)].into(),
    }
}

pub(super) fn expired_at(text: &str) -> Fault {
    Fault::ExpiredAt {
        text: text.to_owned(),
    }
}

pub(super) fn moved(code: u16) -> Fault {
    Fault::Status {
        status: code,
        code: None,
        retry_after: None,
        location: Some("/v1/open-api/elsewhere".to_owned()),
    }
}
