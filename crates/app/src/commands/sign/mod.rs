//! `seatblock sign`: every stage of a signature, and the mistake in another one.

mod comparison;
mod mask;
mod report;
mod request;

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use klikoo_adapter::{Facts, RequestScheme, RequestToSign, diagnose};
use secrecy::ExposeSecret;

use self::comparison::Comparison;
use self::report::{SignReport, Token};
use self::request::Request;
use crate::Run;
use crate::exit::Exit;
use crate::output::note;
use crate::settings::{self, KlikooSettings, Loaded, Purpose, Settings};
use crate::wiring;

/// What the settings have to hold, and what not.
const NEEDS: &str = "\
Settings it needs: klikoo.base_url, and the one to sign with: klikoo.client_secret_file (or
klikoo.client_secret) for request_signature \"hmac-sha512\", klikoo.signing_key_file (or
klikoo.private_key_file) for \"ecdsa-p256\". No klikoo.client_id: nothing is sent. With --expect, the
other scheme's secret or key is used too where it is set.";

#[derive(Debug, Args)]
#[command(after_help = NEEDS)]
pub(crate) struct Arguments {
    /// The method, such as POST
    #[arg(value_parser = request::method)]
    method: String,
    /// The path from /v1/ on, without the base URL's own path
    #[arg(value_parser = request::path)]
    path: String,
    /// The body: a JSON file, or - for stdin
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// A file that holds the access token that the call carries; given again: others that may have
    /// been signed instead
    #[arg(long, value_name = "F")]
    token_file: Vec<PathBuf>,
    /// The time as in the header, 2024-02-07T10:28:35.000+07:00 [default: now, without --expect]
    #[arg(long, value_name = "TS", value_parser = request::timestamp)]
    timestamp: Option<String>,
    /// Another signature: finds which usual mistake made it. It was made for one instant, so give
    /// its --timestamp too
    #[arg(
        long,
        value_name = "SIGNATURE",
        allow_hyphen_values = true,
        requires = "timestamp"
    )]
    expect: Option<String>,
    /// Show personal values and the token instead of masking them
    #[arg(long)]
    reveal: bool,
}

/// Signs, shows the stages, compares.
///
/// # Errors
///
/// Settings or files that cannot be used, a body without a canonical form.
pub(crate) fn run(run: &Run, arguments: &Arguments) -> anyhow::Result<Exit> {
    let loaded = load(run)?;
    for exposure in loaded.exposures() {
        note(format_args!("warning: {exposure}"));
    }
    let Some(signer) = wiring::signer(&loaded.klikoo).map_err(one)? else {
        bail!("the settings hold no key to sign with");
    };
    let request = Request::read(arguments, &*run.clock)?;
    let to_sign = |token| RequestToSign {
        method: &request.method,
        path: &request.path,
        access_token: token,
        body: &request.canonical_body,
        timestamp: &request.timestamp,
    };
    let token = request
        .tokens
        .first()
        .map(ExposeSecret::expose_secret)
        .filter(|token| !token.is_empty());
    let signature = signer.sign(&to_sign(token));
    let comparison = match &arguments.expect {
        Some(expected) => Some(compare(&loaded.klikoo, &request, expected)?),
        None => None,
    };
    let shown = token.map(|token| {
        if arguments.reveal {
            token.to_owned()
        } else {
            format!("[token of {} characters]", token.chars().count())
        }
    });
    let token = Token::new(shown, loaded.klikoo.bearer);
    let report = SignReport {
        request: &request,
        reveal: arguments.reveal,
        string_to_sign: to_sign(token.shown()).string_to_sign(),
        token,
        scheme: signer.scheme(),
        signature: signature.as_str(),
        comparison,
    };
    run.output.result(&report);
    Ok(report.exit())
}

fn load(run: &Run) -> anyhow::Result<Box<Loaded>> {
    match Settings::load(run.config.as_deref(), Purpose::Signing)? {
        Settings::Klikoo(loaded) => Ok(loaded),
        Settings::EmbeddedSandbox => bail!(
            "there are no settings to sign with; set klikoo.base_url and klikoo.client_secret_file (or, for request_signature \"ecdsa-p256\", klikoo.signing_key_file) in seatblock.toml; `seatblock sandbox --settings FILE` writes such a file"
        ),
    }
}

fn one(mistake: settings::Mistake) -> settings::Mistakes {
    settings::Mistakes(vec![mistake])
}

/// A secret or key that can be done without.
fn usable<T>(read: Result<T, settings::Mistake>) -> Option<T> {
    read.map_err(|mistake| note(format_args!("warning: not compared with it: {mistake}")))
        .ok()
}

/// Looks for the mistake with every key that the settings have, the other scheme's too.
fn compare(
    klikoo: &KlikooSettings,
    request: &Request,
    expected: &str,
) -> anyhow::Result<Comparison> {
    let secret = klikoo.client_secret.as_ref().map(settings::client_secret);
    let key = klikoo.request_key_file().map(settings::request_key);
    // What only the other scheme signs with may be out of order, and that is told.
    let (secret, key) = match klikoo.scheme {
        RequestScheme::HmacSha512 => {
            let named = klikoo.signing_key_file.is_some();
            // Without a signing key of its own the file may well hold an RSA key, which is right.
            let key = key.and_then(|key| if named { usable(key) } else { key.ok() });
            (secret.transpose().map_err(one)?, key)
        }
        RequestScheme::EcdsaP256 => (secret.and_then(usable), key.transpose().map_err(one)?),
    };
    let base_url = klikoo.base_url.to_string();
    let tokens: Vec<&str> = request
        .tokens
        .iter()
        .map(ExposeSecret::expose_secret)
        .collect();
    let facts = Facts {
        method: &request.method,
        path: &request.path,
        base_url: Some(&base_url),
        body: &request.body,
        tokens: &tokens,
        timestamp: &request.timestamp,
        scheme: klikoo.scheme,
        client_secret: secret.as_ref(),
        key: key.as_ref(),
    };
    Ok(Comparison(diagnose(&facts, expected)))
}
