//! `seatblock check`: is everything there that a block needs?

mod findings;
mod gateway;
mod ledger;

use booking_domain::{PartnerReference, ProductCode, TripId};
use booking_ports::InquiryError;

use self::findings::Findings;
use crate::Run;
use crate::exit::Exit;
use crate::input::shown;
use crate::settings::{
    self, ClientSecret, KlikooSettings, Loaded, Mistake, NamedFile, Purpose, Settings,
};
use crate::wiring::Provider;

/// A clock difference that is worth mending, though Klikoo is assumed to tolerate a few minutes.
const CLOCK_FINE: time::Duration = time::Duration::seconds(30);

/// Checks what can be checked without blocking a seat.
///
/// # Errors
///
/// An internal failure only: what is to be mended is a line and exit code 1.
pub(crate) async fn run(run: Run) -> anyhow::Result<Exit> {
    let mut findings = Findings::default();
    match Settings::load(run.config.as_deref(), Purpose::RecordedCalls) {
        Ok(Settings::EmbeddedSandbox) => {
            let embedded = format!(
                "{}, so a sandbox inside this process answers and no real seat is held; set klikoo.base_url and credentials for Klikoo",
                settings::why_embedded(run.config.as_deref())
            );
            findings.sandbox = true;
            findings.ok("settings", embedded);
            calls(
                &mut findings,
                &Provider::embedded_sandbox(run.clock.clone(), None).await?,
                true,
                &run,
            )
            .await;
        }
        Ok(Settings::Klikoo(loaded)) => {
            files(&mut findings, &loaded);
            findings.ok("base URL", loaded.klikoo.base_url.to_string());
            connect(&mut findings, loaded.klikoo, &run).await;
        }
        Err(mistakes) => findings.fix_each("settings", &mistakes),
    }
    ledger::ledger(&mut findings, run.config.as_deref()).await;
    gateway::gateway(&mut findings, run.config.as_deref(), run.clock.clone());
    run.output.result(&findings);
    Ok(findings.exit())
}

/// A connection, and what can be asked over it.
async fn connect(findings: &mut Findings, klikoo: KlikooSettings, run: &Run) {
    let (bearer, ca_file) = (klikoo.bearer, klikoo.ca_file.clone());
    match Provider::klikoo(klikoo, run.clock.clone(), None) {
        Ok(provider) => {
            if let Some(file) = ca_file {
                let root = format!("{}: an extra trust root", shown(&file.path));
                findings.ok(file.key, root);
            }
            calls(findings, &provider, bearer, run).await;
        }
        Err(mistakes) => {
            // Most were told with their file; the HTTPS client sees more of a trust root.
            for mistake in mistakes.0 {
                if findings.has_to_fix(&mistake.place) {
                    continue;
                }
                let name = match &ca_file {
                    Some(file) if mistake.place.starts_with(file.key) => file.key,
                    _ => "connection",
                };
                findings.fix(name, mistake.message);
            }
            findings.skip("token", "not tried: mend the above first");
        }
    }
}

fn files(findings: &mut Findings, loaded: &Loaded) {
    let klikoo = &loaded.klikoo;
    let read = loaded
        .file
        .as_ref()
        .map_or_else(|| "the environment".to_owned(), |path| shown(path));
    findings.ok(
        "settings",
        format!("read from {read}, signing by {}", klikoo.scheme),
    );
    match &klikoo.client_secret {
        Some(secret @ ClientSecret::File(file)) => {
            tell(
                findings,
                file,
                settings::client_secret(secret).map(|_| "a secret"),
            );
        }
        Some(ClientSecret::Value(_)) => findings.ok("klikoo.client_secret", "is set"),
        None => {}
    }
    if let Some(file) = &klikoo.private_key_file {
        tell(findings, file, private_key(klikoo, file));
    }
    if let Some(file) = &klikoo.signing_key_file {
        tell(
            findings,
            file,
            settings::request_key(file).map(|_| "a P-256 key"),
        );
    }
    if let Some(file) = &klikoo.ca_file
        && let Err(mistake) = settings::trust_root(file)
    {
        findings.fix(file.key, mistake.message);
    }
    for exposure in loaded.exposures() {
        findings.fix("file mode", exposure);
    }
}

/// The private key, for what it is used: to sign token requests, requests, or both.
fn private_key(klikoo: &KlikooSettings, file: &NamedFile) -> Result<&'static str, Mistake> {
    let is_p256 = settings::request_key(file);
    let signs_requests = klikoo.scheme == klikoo_adapter::RequestScheme::EcdsaP256
        && klikoo.signing_key_file.is_none();
    if signs_requests {
        return is_p256.map(|_| "a P-256 key");
    }
    settings::auth_key(file)?;
    Ok(if is_p256.is_ok() {
        "a P-256 key"
    } else {
        "an RSA key"
    })
}

fn tell(findings: &mut Findings, file: &NamedFile, outcome: Result<&'static str, Mistake>) {
    match outcome {
        Ok(what) => findings.ok(file.key, format!("{}: {what}", shown(&file.path))),
        Err(mistake) => findings.fix(file.key, mistake.message),
    }
}

/// A token, and one question that changes nothing: what is free on trip 1.
async fn calls(findings: &mut Findings, provider: &Provider, bearer: bool, run: &Run) {
    let token = provider.client.check_token().await;
    match &token {
        Ok(()) if bearer => findings.ok("token", "credentials and token are in order"),
        Ok(()) => findings.ok("token", "none is used (klikoo.access_token = \"none\")"),
        Err(error) if error.refused => findings.fix(
            "token",
            format!(
                "{error}; compare klikoo.client_id, the client secret and the public half of klikoo.private_key_file with what Klikoo has"
            ),
        ),
        Err(error) => findings.fix("token", provider.with_address(&error.to_string())),
    }
    if token.is_err() {
        let why = "not looked at, because there is no token; mend that first";
        findings.skip("signature", why);
        findings.skip("history", why);
    } else if signed_question(findings, provider).await {
        history(findings, provider, run).await;
    } else {
        findings.skip("history", "not looked at; mend the signature first");
    }
    match provider.client.clock_difference() {
        None if !findings.all_ok() => findings.skip("clock", "not compared: nobody answered"),
        None => findings.fix("clock", "not compared: no answer told the server's time"),
        Some(difference) => {
            let seconds = difference.whole_seconds();
            let side = if seconds < 0 { "behind" } else { "ahead of" };
            let told = format!("{} s {side} the server's", seconds.unsigned_abs());
            if difference.abs() <= CLOCK_FINE {
                findings.ok("clock", told);
            } else {
                let advice =
                    format!("{told}; set this host's clock (NTP), signatures carry its time");
                findings.fix("clock", advice);
            }
        }
    }
}

/// Whether the signature was accepted.
async fn signed_question(findings: &mut Findings, provider: &Provider) -> bool {
    let (Ok(product), Ok(trip)) = (ProductCode::new("BUS"), TripId::new(1)) else {
        return false;
    };
    match provider.seat_maps.seat_map(&product, trip).await {
        Ok(_) => findings.ok("signature", "accepted"),
        // Klikoo's words for a signature or timestamp that does not match end in 6508 and 6505.
        Err(InquiryError::Refused { code, message })
            if code.ends_with("6508") || code.ends_with("6505") || code.starts_with("401") =>
        {
            findings.fix(
                "signature",
                format!("refused (code {code}): {message}; see `seatblock sign --help`"),
            );
        }
        Err(InquiryError::Refused { code, .. } | InquiryError::NotFound { code, .. }) => findings
            .ok(
                "signature",
                format!("accepted (trip 1 was asked for and answered with code {code})"),
            ),
        Err(error @ InquiryError::Unavailable { .. }) => {
            let error = provider.with_address(&error.to_string());
            findings.fix("signature", format!("not checked: {error}"));
        }
        Err(error @ InquiryError::Unreadable { .. }) => {
            findings.fix("signature", format!("not checked: {error}"));
        }
    }
    !findings.has_to_fix("signature")
}

/// A search of the history for a reference that nobody has: its signature may differ, since it has
/// a query (A6 of `docs/klikoo-api.md`).
async fn history(findings: &mut Findings, provider: &Provider, run: &Run) {
    let Ok(reference) = PartnerReference::new("seatblock-check") else {
        return;
    };
    let since = run.clock.now() - time::Duration::MINUTE;
    match provider.transactions.by_reference(&reference, since).await {
        Ok(_) => findings.ok("history", "can be searched"),
        Err(InquiryError::Refused { code, message }) if code.ends_with("6508") => findings.fix(
            "history",
            format!(
                "the signature of a search is refused (code {code}): {message}; turn klikoo.signed_query round (\"yes\" for \"no\")"
            ),
        ),
        // Nothing that can be mended here.
        Err(error) => findings.ok(
            "history",
            format!(
                "cannot be searched ({error}); what is unknown is then settled by one repeat, by an operator or by time"
            ),
        ),
    }
}
