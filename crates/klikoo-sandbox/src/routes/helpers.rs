//! The two signing helpers of Klikoo's stage (API description §3), for other
//! people's clients. This project never calls them: one takes the private key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::answer::{Answer, CREDENTIALS, SUCCESS, Service, VALIDATION};
use crate::auth::{BodyHash, Signed, auth_string, check_content_type, sign_with};
use crate::call::{Call, Verdict};
use crate::journal::SignatureVerdict;
use crate::json::Members;
use crate::kernel::Kernel;

const SERVICE: Service = Service::Auth;

pub(crate) fn auth_signature(_: &Kernel, call: &Call) -> Verdict {
    answer(sign_auth(call))
}

pub(crate) fn signature(kernel: &Kernel, call: &Call) -> Verdict {
    answer(sign_request(kernel, call))
}

fn answer(signed: Result<String, Answer>) -> Verdict {
    let answer = match signed {
        Ok(signature) => Answer::success(SUCCESS, SERVICE, json!({ "signature": signature })),
        Err(refusal) => refusal,
    };
    Verdict::new(SignatureVerdict::NotChecked, answer)
}

fn sign_auth(call: &Call) -> Result<String, Answer> {
    check_content_type(call, SERVICE)?;
    let read = || {
        let mut body = Members::of_body(&call.body)?;
        let parts = (
            body.string("client_id")?,
            body.string("timestamp")?,
            body.string("private_key")?,
        );
        body.finish().map(|()| parts)
    };
    let (client_id, timestamp, key) = read().map_err(|problem| problem.answer(SERVICE))?;
    let text = auth_string(&client_id, &timestamp);
    STANDARD
        .decode(key)
        .ok()
        .and_then(|pem| sign_with(&pem, text.as_bytes()))
        .map(|signature| STANDARD.encode(signature))
        .ok_or_else(|| {
            let why = "`private_key` must be base64 of a PKCS#8 PEM, RSA or P-256";
            Answer::refusal_because(VALIDATION, SERVICE, why)
        })
}

fn sign_request(kernel: &Kernel, call: &Call) -> Result<String, Answer> {
    check_content_type(call, SERVICE)?;
    let read = || {
        let mut body = Members::of_body(&call.body)?;
        let parts = (
            body.string("client_id")?,
            body.string("method")?,
            body.string("path")?,
            body.optional_string("token")?.unwrap_or_default(),
            body.string("timestamp")?,
        );
        body.anything("body");
        body.finish().map(|()| parts)
    };
    let (client_id, method, path, token, timestamp) =
        read().map_err(|problem| problem.answer(SERVICE))?;
    if client_id != kernel.options.client_id {
        return Err(Answer::refusal(CREDENTIALS, SERVICE));
    }
    let signed = Signed {
        method: &method,
        path: &path,
        token: &token,
        hashed_bytes: &body_to_sign(&call.body),
        timestamp: &timestamp,
    };
    Ok(kernel.verifier.hmac_base64(&signed))
}

/// The member `body`: text as it stands, an object minified and sorted, none as no bytes.
fn body_to_sign(request: &[u8]) -> Vec<u8> {
    let body = serde_json::from_slice::<Value>(request)
        .ok()
        .and_then(|mut request| Some(request.get_mut("body")?.take()));
    match body {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(text)) => text.into_bytes(),
        Some(object) => BodyHash::Sorted
            .input(object.to_string().as_bytes())
            .into_owned(),
    }
}
