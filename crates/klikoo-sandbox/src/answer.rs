//! What the sandbox says: the envelope, and the codes it uses.

use serde_json::{Value, json};

/// The third part of a response code: which part of Klikoo speaks (API description §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Unknown,
    Auth,
    Transaction,
    Transport,
}

impl Service {
    const fn digits(self) -> &'static str {
        match self {
            Self::Unknown => "00",
            Self::Auth => "01",
            Self::Transaction => "02",
            Self::Transport => "05",
        }
    }
}

/// A documented ending of a call: HTTP status, case digits, and words of our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) status: u16,
    pub(crate) digits: &'static str,
    pub(crate) message: &'static str,
}

const fn case(status: u16, digits: &'static str, message: &'static str) -> Case {
    Case {
        status,
        digits,
        message,
    }
}

pub(crate) const SUCCESS: Case = case(200, "2000", "Berhasil");
pub(crate) const CREATED: Case = case(201, "2001", "Berhasil dibuat");
pub(crate) const TIMESTAMP: Case = case(400, "6505", "Timestamp tidak sesuai");
pub(crate) const SIGNATURE: Case = case(400, "6508", "Signature tidak sesuai");
pub(crate) const VALIDATION: Case = case(400, "6510", "Validasi gagal");
pub(crate) const EMPTY: Case = case(400, "6512", "Isian wajib masih kosong");
pub(crate) const GRANT_TYPE: Case = case(400, "6569", "Grant type tidak sesuai");
pub(crate) const TOKEN_INVALID: Case = case(401, "6500", "Token tidak sah");
pub(crate) const TOKEN_EXPIRED: Case = case(401, "6535", "Token kedaluwarsa");
pub(crate) const CREDENTIALS: Case = case(401, "6570", "Kredensial tidak sesuai");
pub(crate) const IP_REFUSED: Case = case(403, "6571", "IP tidak terdaftar");
pub(crate) const PRODUCT: Case = case(404, "7003", "Produk tidak ditemukan");
pub(crate) const TRANSACTION: Case = case(404, "7005", "Transaksi tidak ditemukan");
pub(crate) const DUPLICATE: Case = case(409, "6563", "Nomor referensi partner sudah dipakai");
pub(crate) const DATABASE: Case = case(500, "8504", "Gagal menulis basis data");
pub(crate) const DATABASE_READ: Case = case(500, "8505", "Gagal membaca basis data");
pub(crate) const SUPPLIER: Case = case(503, "9991", "Pemasok sedang terganggu");

// No code is published for the cases below: the numbers are the sandbox's own
// choice, unlisted on purpose, so that a client must judge them by the status.
pub(crate) const SEAT_TAKEN: Case = case(400, "7801", "Kursi tidak tersedia");
pub(crate) const SEAT_UNKNOWN: Case = case(400, "7802", "Kursi tidak ada di bus ini");
pub(crate) const NOT_BOOKABLE: Case = case(400, "7803", "Transaksi tidak dapat dipesan");
pub(crate) const NO_SUCH_PATH: Case = case(404, "7804", "Alamat tidak dikenal");
pub(crate) const WRONG_METHOD: Case = case(405, "7805", "Metode tidak diterima");
pub(crate) const BODY_TOO_LARGE: Case = case(413, "7806", "Isi permintaan melebihi 1 MiB");
pub(crate) const TOO_MANY: Case = case(429, "7807", "Terlalu banyak permintaan");

/// A reply before it becomes bytes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) data: Value,
    /// Stands beside `data` in the transaction history alone.
    pub(crate) meta: Option<Value>,
}

impl Answer {
    pub(crate) fn success(case: Case, service: Service, data: Value) -> Self {
        Self {
            status: case.status,
            code: format!("{}{}{}", case.status, service.digits(), case.digits),
            message: case.message.to_owned(),
            data,
            meta: None,
        }
    }

    pub(crate) fn refusal(case: Case, service: Service) -> Self {
        Self::success(case, service, Value::Null)
    }

    /// A refusal that says which value was wrong and what is accepted.
    pub(crate) fn refusal_because(case: Case, service: Service, why: &str) -> Self {
        let mut answer = Self::refusal(case, service);
        answer.message = format!("{}: {why}", case.message);
        answer
    }

    pub(crate) fn envelope(&self) -> Vec<u8> {
        let mut envelope = json!({
            "response_code": self.code,
            "response_message": self.message,
            "data": self.data,
        });
        if let (Some(meta), Some(object)) = (&self.meta, envelope.as_object_mut()) {
            object.insert("meta".to_owned(), meta.clone());
        }
        envelope.to_string().into_bytes()
    }
}
