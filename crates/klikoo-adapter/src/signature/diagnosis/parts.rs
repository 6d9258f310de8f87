//! What people sign instead of the right method, path and token.

use url::Url;

use super::{Facts, Mistake, Part, Slip, slip};

pub(super) fn methods(facts: &Facts<'_>) -> Part {
    type Make = fn(&str) -> String;
    const WRONG: [(Slip, Make); 2] = [
        (
            slip(
                "method_lower_case",
                "the method was signed in lower case; sign it in upper case, as it is sent",
            ),
            |method| method.to_ascii_lowercase(),
        ),
        (
            slip(
                "method_capitalised",
                "only the method's first letter was signed in upper case; sign all of it in upper case",
            ),
            |method| {
                let mut text = method.to_ascii_lowercase();
                if let Some(first) = text.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                text
            },
        ),
    ];
    let mut part = Part::new("method");
    part.add(facts.method, facts.method.into(), vec![]);
    for (slip, make) in WRONG {
        let method = make(facts.method);
        part.add(method.clone(), method.into(), vec![slip.into()]);
    }
    part
}

pub(super) fn paths(facts: &Facts<'_>) -> Part {
    type Make = fn(&str, &Base) -> Option<String>;
    const WRONG: [(Slip, Make); 8] = [
        (
            slip(
                "path_with_prefix",
                "the path was signed with the base URL's own path before it; sign from `/v1/` on",
            ),
            |path, base| Some(format!("{}{path}", base.prefix)),
        ),
        (
            slip(
                "path_full_url",
                "the whole URL was signed; sign only its path, from `/v1/` on",
            ),
            |path, base| Some(format!("{}{}{path}", base.origin.as_ref()?, base.prefix)),
        ),
        (
            slip(
                "path_without_leading_slash",
                "the path was signed without its leading slash; it begins with `/v1/`",
            ),
            |path, _| path.strip_prefix('/').map(str::to_owned),
        ),
        (
            slip(
                "path_trailing_slash",
                "the path was signed with a slash at its end; sign it as it is sent",
            ),
            |path, _| Some(format!("{path}/")),
        ),
        (
            slip(
                "path_without_version",
                "the path was signed without `/v1`; it begins with `/v1/`",
            ),
            |path, _| path.strip_prefix("/v1").map(str::to_owned),
        ),
        (
            slip(
                "path_without_version",
                "the path was signed without `/v1/open-api`; it begins with `/v1/open-api/`",
            ),
            |path, _| path.strip_prefix("/v1/open-api").map(str::to_owned),
        ),
        (
            slip(
                "path_without_query",
                "the path was signed without the query that stands in the one given here",
            ),
            |path, _| path.split_once('?').map(|(path, _)| path.to_owned()),
        ),
        (
            slip(
                "path_upper_case",
                "the path was signed in upper case; sign it as it is sent",
            ),
            |path, _| Some(path.to_ascii_uppercase()),
        ),
    ];
    let base = Base::of(facts.base_url.unwrap_or_default());
    let mut part = Part::new("path");
    part.add(facts.path, format!(":{}", facts.path).into(), vec![]);
    for (slip, make) in WRONG {
        if let Some(path) = make(facts.path, &base) {
            let message = format!("{}; signed was `{path}`", slip.message);
            let code = slip.code;
            part.add(
                path.as_str(),
                format!(":{path}").into(),
                vec![Mistake { code, message }],
            );
        }
    }
    part
}

/// What may stand before the path by mistake.
pub(super) struct Base {
    origin: Option<String>,
    /// Empty, or it begins with a slash and ends without one.
    pub(super) prefix: String,
}

impl Base {
    /// Takes a URL with a host, or a path. Of anything else nothing is shown or signed.
    pub(super) fn of(text: &str) -> Self {
        let url = Url::parse(text).ok().filter(Url::has_host);
        let path = match &url {
            Some(url) => url.path(),
            None if text.starts_with('/') => text,
            None => "",
        };
        Self {
            origin: url.as_ref().map(|url| url.origin().ascii_serialization()),
            prefix: path.trim_end_matches('/').to_owned(),
        }
    }
}

/// Each value carries the colon before it, so that the whole place can be left out.
pub(super) fn tokens(facts: &Facts<'_>) -> Part {
    type Make = fn(&str) -> String;
    const WRONG: [(&str, Slip, Make); 4] = [
        (
            "none, its place left empty",
            slip(
                "token_missing",
                "no access token was signed, its place was left empty; sign the token that is sent",
            ),
            |_| ":".to_owned(),
        ),
        (
            "with `Bearer ` before it",
            slip(
                "token_bearer",
                "the word `Bearer` was signed before the access token; sign the bare token",
            ),
            |token| format!(":Bearer {token}"),
        ),
        (
            "with a line end after it",
            slip(
                "token_trailing_newline",
                "the access token was signed with a line end after it (read from a file?); cut it off",
            ),
            |token| format!(":{token}\n"),
        ),
        (
            "its place left out with its colon",
            slip(
                "token_place_dropped",
                "the access token's place was left out with its colon; keep both colons, `METHOD:PATH:TOKEN:HASH:TIME`, even where there is no token",
            ),
            |_| String::new(),
        ),
    ];
    let right = facts.tokens.first().copied().unwrap_or_default();
    let mut part = Part::new("access token");
    let form = if right.is_empty() {
        "none"
    } else {
        "the one given"
    };
    part.add(form, format!(":{right}").into(), vec![]);
    for (form, slip, make) in WRONG {
        part.add(form, make(right).into(), vec![slip.into()]);
    }
    for (index, other) in facts.tokens.iter().enumerate().skip(1) {
        let number = index + 1;
        let message = format!(
            "another access token was signed (number {number} of those given); sign the one that this request sends{}",
            if right.is_empty() { ", here none" } else { "" },
        );
        let code = "token_other";
        part.add(
            format!("number {number} of those given"),
            format!(":{other}").into(),
            vec![Mistake { code, message }],
        );
    }
    part
}
