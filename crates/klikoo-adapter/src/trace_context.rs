//! Tells the provider which trace of ours a call belongs to: the `traceparent` of W3C Trace Context.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;

/// What gives the `traceparent` of a call.
type Hook = Arc<dyn Fn() -> Option<String> + Send + Sync>;

/// Where the `traceparent` of each call comes from; nowhere, unless told otherwise.
#[derive(Clone, Default)]
pub(crate) struct TraceContext(Option<Hook>);

impl TraceContext {
    pub(crate) fn of(hook: Hook) -> Self {
        Self(Some(hook))
    }

    /// The header of the call that is being made; `None` where there is none, or where it is not of
    /// the standard's form: whatever else the text may be, it is not for others to see.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let text = self.0.as_ref()?()?;
        if !is_traceparent(&text) {
            tracing::warn!("a trace context that is not of the W3C form is left out");
            return None;
        }
        HeaderValue::from_str(&text).ok()
    }
}

impl fmt::Debug for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "set" } else { "none" })
    }
}

/// `00-<32 hex>-<16 hex>-<2 hex>` in small letters, with neither id all zeros: version 00 of the
/// standard, the only one that there is.
fn is_traceparent(text: &str) -> bool {
    let hex = |part: &str, length| {
        part.len() == length
            && part
                .bytes()
                .all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
    };
    let id = |part: &str, length| hex(part, length) && part.bytes().any(|it| it != b'0');
    let mut parts = text.split('-');
    parts.next() == Some("00")
        && parts.next().is_some_and(|trace| id(trace, 32))
        && parts.next().is_some_and(|parent| id(parent, 16))
        && parts.next().is_some_and(|flags| hex(flags, 2))
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::is_traceparent;

    const SOUND: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn the_form_of_the_standard_is_kept() {
        assert!(is_traceparent(SOUND));
        assert!(is_traceparent(&SOUND.replace("-01", "-00")));
        for (part, other) in [
            ("00-0af", "01-0af"),
            ("00-0af", "ff-0af"),
            ("00-0af", "0-0af"),
            ("0af7", "0AF7"),
            ("0af7", "0ag7"),
            ("0af7", "af7"),
            ("b7ad", "b7ad0"),
            ("-01", "-1"),
            ("-01", ""),
            ("-01", "-01-"),
            ("-01", "-01-00"),
            ("-01", "-01\r\nx: y"),
            ("00-", " 00-"),
            (
                "0af7651916cd43dd8448eb211c80319c",
                "00000000000000000000000000000000",
            ),
            ("b7ad6b7169203331", "0000000000000000"),
        ] {
            let odd = SOUND.replacen(part, other, 1);
            assert_ne!(odd, SOUND);
            assert!(!is_traceparent(&odd), "{odd:?}");
        }
        assert!(!is_traceparent(""));
    }
}
