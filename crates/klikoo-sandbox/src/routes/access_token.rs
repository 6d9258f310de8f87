//! `POST access-token` (API description §3).

use serde_json::json;
use subtle::ConstantTimeEq as _;

use crate::answer::{Answer, CREDENTIALS, GRANT_TYPE, SIGNATURE, SUCCESS, Service};
use crate::auth::{SIGNATURE_HEADER, check_content_type, check_timestamp, single};
use crate::call::{Call, Verdict};
use crate::journal::SignatureVerdict;
use crate::json::{Members, Problem};
use crate::kernel::Kernel;

const SERVICE: Service = Service::Auth;

struct TokenRequest {
    grant_type: String,
    client_id: String,
    client_secret: String,
}

impl TokenRequest {
    fn read(body: &[u8]) -> Result<Self, Problem> {
        let mut request = Members::of_body(body)?;
        let grant_type = request.string("grant_type")?;
        let mut client = request.object("additional_info")?;
        let client_id = client.string("client_id")?;
        let client_secret = client.string("client_secret")?;
        client.finish()?;
        request.finish()?;
        Ok(Self {
            grant_type,
            client_id,
            client_secret,
        })
    }
}

pub(crate) fn run(kernel: &Kernel, call: &Call) -> Verdict {
    let mut signature = SignatureVerdict::NotChecked;
    let answer = grant(kernel, call, &mut signature);
    Verdict::new(signature, answer.unwrap_or_else(|refusal| refusal))
}

fn grant(kernel: &Kernel, call: &Call, signature: &mut SignatureVerdict) -> Result<Answer, Answer> {
    check_content_type(call, SERVICE)?;
    let timestamp = check_timestamp(kernel, call, SERVICE)?;
    let request = TokenRequest::read(&call.body).map_err(|problem| problem.answer(SERVICE))?;
    *signature = verdict(kernel, call, &request.client_id, timestamp);
    if request.grant_type != "client_credentials" {
        return Err(Answer::refusal(GRANT_TYPE, SERVICE));
    }
    let id = request.client_id.as_bytes();
    let secret = request.client_secret.as_bytes();
    let known = id.ct_eq(kernel.options.client_id.as_bytes())
        & secret.ct_eq(kernel.options.client_secret.as_bytes());
    if !bool::from(known) {
        return Err(Answer::refusal(CREDENTIALS, SERVICE));
    }
    if !signature.is_valid() {
        return Err(Answer::refusal(SIGNATURE, SERVICE));
    }
    // A clock turned to the end of the calendar has no room for a token.
    let token = kernel
        .mint
        .issue(&request.client_id, call.at)
        .ok_or_else(|| Answer::refusal(crate::answer::SUPPLIER, SERVICE))?;
    let data = json!({
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": kernel.mint.lifetime_seconds(),
    });
    Ok(Answer::success(SUCCESS, SERVICE, data))
}

fn verdict(kernel: &Kernel, call: &Call, client_id: &str, timestamp: &str) -> SignatureVerdict {
    let Some(signature) = single(&call.headers, SIGNATURE_HEADER) else {
        return SignatureVerdict::Missing;
    };
    kernel
        .verifier
        .token_request(client_id, timestamp, signature)
        .map_or(SignatureVerdict::Invalid, |scheme| {
            SignatureVerdict::Valid { scheme }
        })
}
