//! Where Klikoo is.

use std::borrow::Cow;
use std::fmt;

use url::{Host, Url};

/// The address before `/v1/…`, perhaps with a path prefix (`docs/klikoo-api.md` §1). The prefix
/// is part of the URL and not of the signed path.
///
/// ```
/// use klikoo_adapter::BaseUrl;
///
/// let base = BaseUrl::parse("https://api.example.com/klikoo-b2b/").unwrap();
/// assert_eq!(base.to_string(), "https://api.example.com/klikoo-b2b");
/// assert_eq!(base.path_prefix(), "/klikoo-b2b");
/// assert!(BaseUrl::parse("http://api.example.com").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    url: Url,
}

/// Why a text is no base URL. It repeats nothing of the text, which may hold a password.
///
/// ```
/// use klikoo_adapter::BaseUrl;
///
/// let error = BaseUrl::parse("ftp://example.com").unwrap_err();
/// assert!(error.to_string().starts_with("the base URL has to begin with https://"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BaseUrlError {
    /// No URL at all.
    #[error("the base URL is not a URL ({0}); write it as https://host or https://host/prefix")]
    NotAUrl(String),
    /// Neither https nor, on loopback, http.
    #[error(
        "the base URL has to begin with https:// (http:// is accepted for this machine's own loopback address only)"
    )]
    Scheme,
    /// A user name or password in the URL.
    #[error(
        "the base URL carries a user name or password; leave them out, requests are signed instead"
    )]
    UserInfo,
    /// A query or a fragment.
    #[error("the base URL carries a query or fragment; leave out everything from '?' or '#' on")]
    QueryOrFragment,
    /// The path already names the API.
    #[error("the base URL already contains /v1; end it before /v1")]
    ApiPath,
}

impl BaseUrl {
    /// Reads `https://host[:port][/prefix]`; `http` only for a loopback address or `localhost`.
    ///
    /// # Errors
    ///
    /// [`BaseUrlError`] for anything else.
    ///
    /// ```
    /// use klikoo_adapter::{BaseUrl, BaseUrlError};
    ///
    /// assert!(BaseUrl::parse("http://127.0.0.1:8080").is_ok());
    /// assert_eq!(BaseUrl::parse("https://user:pw@example.com"), Err(BaseUrlError::UserInfo));
    /// ```
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let url = Url::parse(text).map_err(|error| BaseUrlError::NotAUrl(error.to_string()))?;
        let sound_scheme = match (url.scheme(), url.host()) {
            ("https", Some(_)) => true,
            ("http", Some(host)) => is_loopback(&host),
            _ => false,
        };
        if !sound_scheme {
            return Err(BaseUrlError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::UserInfo);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BaseUrlError::QueryOrFragment);
        }
        if url
            .path_segments()
            .is_some_and(|mut segments| segments.any(|segment| segment == "v1"))
        {
            return Err(BaseUrlError::ApiPath);
        }
        Ok(Self { url })
    }

    /// The path before `/v1/…`, without a slash at its end; empty where there is none.
    ///
    /// ```
    /// use klikoo_adapter::BaseUrl;
    ///
    /// assert_eq!(BaseUrl::parse("https://api.example.com").unwrap().path_prefix(), "");
    /// ```
    #[must_use]
    pub fn path_prefix(&self) -> &str {
        self.url.path().trim_end_matches('/')
    }

    /// Whether requests go through TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Where a call goes: `path` begins with `/v1/` and is what is signed.
    pub(crate) fn endpoint(&self, path: &'static str) -> Endpoint {
        let mut url = self.url.clone();
        url.set_path(&format!("{}{path}", self.path_prefix()));
        Endpoint {
            path: Cow::Borrowed(path),
            url,
        }
    }
}

/// The address of one call, parsed once: that costs more than signing.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    /// From `/v1/` on: what is signed.
    pub(crate) path: Cow<'static, str>,
    pub(crate) url: Url,
}

impl Endpoint {
    /// The address below this one; `None` where `segment` has a character that a path would not
    /// carry as it is, so that two readers could sign two paths.
    pub(crate) fn below(&self, segment: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if segment.is_empty() || !segment.bytes().all(plain) {
            return None;
        }
        let mut url = self.url.clone();
        url.set_path(&format!("{}/{segment}", self.url.path()));
        Some(Self {
            path: Cow::Owned(format!("{}/{segment}", self.path)),
            url,
        })
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_str().trim_end_matches('/'))
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => *name == "localhost",
    }
}

#[cfg(test)]
mod tests {
    use super::{BaseUrl, BaseUrlError};

    #[test]
    fn only_https_or_loopback_is_taken() {
        for accepted in [
            "https://api.example.com",
            "https://api.example.com:8443/klikoo-b2b/",
            "http://127.0.0.1:1",
            "http://127.9.9.9",
            "http://[::1]:8080/prefix",
            "http://localhost:8080",
        ] {
            assert!(BaseUrl::parse(accepted).is_ok(), "{accepted}");
        }
        for (refused, why) in [
            ("http://api.example.com", BaseUrlError::Scheme),
            ("http://127.0.0.1.example.com", BaseUrlError::Scheme),
            ("http://localhost.example.com", BaseUrlError::Scheme),
            ("http://0.0.0.0", BaseUrlError::Scheme),
            ("http://192.168.1.1", BaseUrlError::Scheme),
            ("http://[::ffff:10.0.0.1]", BaseUrlError::Scheme),
            ("file:///etc/passwd", BaseUrlError::Scheme),
            ("unix:/run/socket", BaseUrlError::Scheme),
            ("https://user@api.example.com", BaseUrlError::UserInfo),
            ("http://127.0.0.1@api.example.com", BaseUrlError::Scheme),
            (
                "https://api.example.com/?a=b",
                BaseUrlError::QueryOrFragment,
            ),
            ("https://api.example.com/#x", BaseUrlError::QueryOrFragment),
            ("https://api.example.com/v1", BaseUrlError::ApiPath),
            (
                "https://api.example.com/b2b/v1/open-api",
                BaseUrlError::ApiPath,
            ),
        ] {
            assert_eq!(BaseUrl::parse(refused), Err(why), "{refused}");
        }
        assert!(matches!(
            BaseUrl::parse("api.example.com"),
            Err(BaseUrlError::NotAUrl(_))
        ));
        assert!(matches!(BaseUrl::parse(""), Err(BaseUrlError::NotAUrl(_))));
    }

    #[test]
    fn endpoints_carry_the_prefix() {
        let base = BaseUrl::parse("https://api.example.com/klikoo-b2b/").unwrap();
        assert_eq!(
            base.endpoint("/v1/open-api/access-token").url.as_str(),
            "https://api.example.com/klikoo-b2b/v1/open-api/access-token"
        );
        let without_prefix = BaseUrl::parse("http://127.0.0.1:8080").unwrap();
        assert_eq!(
            without_prefix.endpoint("/v1/x").url.as_str(),
            "http://127.0.0.1:8080/v1/x"
        );
    }

    #[test]
    fn nothing_below_an_endpoint_leaves_it() {
        let base = BaseUrl::parse("https://api.example.com/klikoo-b2b").unwrap();
        let all = base.endpoint("/v1/open-api/transactions");
        let one = all.below("14429004").unwrap();
        assert_eq!(one.path, "/v1/open-api/transactions/14429004");
        assert_eq!(
            one.url.as_str(),
            "https://api.example.com/klikoo-b2b/v1/open-api/transactions/14429004"
        );
        for odd in [
            "", ".", "..", "a/b", "../x", "a?b", "a#b", "%2e", "a b", "é",
        ] {
            assert!(all.below(odd).is_none(), "{odd}");
        }
    }
}
