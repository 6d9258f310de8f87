//! What people sign instead of the right method, path and token.

use url::Url;

use super::{Facts, Mistake, Part, Slip, add, slip};

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
    let mut part = Part::new();
    add(&mut part, facts.method.into(), vec![]);
    for (slip, make) in WRONG {
        add(&mut part, make(facts.method).into(), vec![slip.into()]);
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
    let mut part = Part::new();
    add(&mut part, format!(":{}", facts.path).into(), vec![]);
    for (slip, make) in WRONG {
        if let Some(path) = make(facts.path, &base) {
            add(&mut part, format!(":{path}").into(), vec![slip.into()]);
        }
    }
    part
}

struct Base {
    origin: Option<String>,
    prefix: String,
}

impl Base {
    fn of(text: &str) -> Self {
        let url = Url::parse(text).ok();
        Self {
            origin: url.as_ref().map(|url| url.origin().ascii_serialization()),
            prefix: url
                .as_ref()
                .map_or(text, Url::path)
                .trim_end_matches('/')
                .to_owned(),
        }
    }
}

/// Each value carries the colon before it, so that the whole place can be left out.
pub(super) fn tokens(facts: &Facts<'_>) -> Part {
    type Make = fn(&str) -> String;
    const WRONG: [(Slip, Make); 4] = [
        (
            slip(
                "token_missing",
                "no access token was signed, its place was left empty; sign the token that is sent",
            ),
            |_| ":".to_owned(),
        ),
        (
            slip(
                "token_bearer",
                "the word `Bearer` was signed before the access token; sign the bare token",
            ),
            |token| format!(":Bearer {token}"),
        ),
        (
            slip(
                "token_trailing_newline",
                "the access token was signed with a line end after it (read from a file?); cut it off",
            ),
            |token| format!(":{token}\n"),
        ),
        (
            slip(
                "token_place_dropped",
                "the access token's place was left out with its colon; keep both colons, `METHOD:PATH:TOKEN:HASH:TIME`, even where there is no token",
            ),
            |_| String::new(),
        ),
    ];
    let right = facts.tokens.first().copied().unwrap_or_default();
    let mut part = Part::new();
    add(&mut part, format!(":{right}").into(), vec![]);
    for (slip, make) in WRONG {
        add(&mut part, make(right).into(), vec![slip.into()]);
    }
    for (index, other) in facts.tokens.iter().enumerate().skip(1) {
        let message = format!(
            "another access token was signed (number {} of those given); sign the one that this request sends{}",
            index + 1,
            if right.is_empty() { ", here none" } else { "" },
        );
        let code = "token_other";
        add(
            &mut part,
            format!(":{other}").into(),
            vec![Mistake { code, message }],
        );
    }
    part
}
