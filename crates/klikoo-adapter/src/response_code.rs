//! Klikoo's response codes: HTTP status, service and case in one number (`docs/klikoo-api.md` §5).

use std::fmt;

use serde::{Deserialize, Deserializer, de};

use crate::printable::printable;

/// A response code as received, with its parts where it has the documented form.
///
/// ```
/// use klikoo_adapter::{Case, ResponseCode};
///
/// let code = ResponseCode::parse("401016535");
/// assert_eq!((code.http_status(), code.case()), (Some(401), Some(Case::TokenExpired)));
/// let odd = ResponseCode::parse("no code");
/// assert_eq!((odd.as_str(), odd.http_status()), ("no code", None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseCode {
    text: String,
    parts: Option<(u16, u16)>,
}

impl ResponseCode {
    /// Reads nine digits (status 3, service 2, case 4) or the older seven (status 3, service 2,
    /// case 2); anything else is kept as text, made fit to print.
    ///
    /// ```
    /// use klikoo_adapter::ResponseCode;
    ///
    /// assert_eq!(ResponseCode::parse("2000200").http_status(), Some(200));
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let parts = (digits && matches!(text.len(), 7 | 9))
            .then(|| Some((text.get(..3)?.parse().ok()?, text.get(5..)?.parse().ok()?)))
            .flatten();
        Self {
            text: printable(text, LONGEST),
            parts,
        }
    }

    /// The code as received.
    ///
    /// ```
    /// assert_eq!(klikoo_adapter::ResponseCode::parse("201052001").as_str(), "201052001");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The HTTP status that the code begins with.
    ///
    /// ```
    /// assert_eq!(klikoo_adapter::ResponseCode::parse("503059991").http_status(), Some(503));
    /// ```
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.parts.map(|(status, _)| status)
    }

    /// Whether this is a code of the older form, seven digits, whose cases are not published.
    pub(crate) fn is_short(&self) -> bool {
        self.parts.is_some() && self.text.len() == 7
    }

    /// What the code means, where it is listed; the service makes no difference.
    ///
    /// ```
    /// use klikoo_adapter::{Case, ResponseCode};
    ///
    /// assert_eq!(ResponseCode::parse("409056563").case(), Some(Case::ReferenceUsed));
    /// assert_eq!(ResponseCode::parse("400057301").case(), None);
    /// ```
    #[must_use]
    pub fn case(&self) -> Option<Case> {
        let (status, case) = self.parts?;
        CASES
            .iter()
            .find(|(listed, number, _)| (*listed, *number) == (status, case))
            .map(|(_, _, case)| *case)
    }
}

/// More than any code; keeps a hostile one short.
const LONGEST: usize = 32;

impl fmt::Display for ResponseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for ResponseCode {
    /// A string as documented, or a number, as other calls of this API write numbers.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = ResponseCode;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a response code")
            }

            fn visit_str<E>(self, text: &str) -> Result<ResponseCode, E> {
                Ok(ResponseCode::parse(text))
            }

            fn visit_u64<E>(self, number: u64) -> Result<ResponseCode, E> {
                Ok(ResponseCode::parse(&number.to_string()))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

macro_rules! cases {
    ($($status:literal $number:literal $case:ident $meaning:literal,)+) => {
        /// The listed cases of a [`ResponseCode`] (`docs/klikoo-api.md` §5).
        ///
        /// ```
        /// use klikoo_adapter::Case;
        ///
        /// assert_eq!(Case::SignatureMismatch.meaning(), "signature does not match");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Case {
            $(#[doc = concat!("`", $status, "xx", $number, "`: ", $meaning)] $case,)+
        }

        impl Case {
            /// What the case means, in a few words.
            ///
            /// ```
            /// assert_eq!(klikoo_adapter::Case::TokenExpired.meaning(), "token expired");
            /// ```
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$case => $meaning,)+ }
            }
        }

        const CASES: &[(u16, u16, Case)] = &[$(($status, $number, Case::$case),)+];
    };
}

cases! {
    200 2000 Success "success",
    201 2001 Created "created",
    400 6505 TimestampMismatch "timestamp does not match",
    400 6508 SignatureMismatch "signature does not match",
    400 6510 ValidationError "validation error",
    400 6512 FieldEmpty "a field is empty",
    400 6525 ProductMismatch "product does not match",
    400 6568 UuidMismatch "UUID does not match",
    400 6569 GrantTypeMismatch "grant type does not match",
    401 6500 TokenInvalid "token invalid",
    401 6535 TokenExpired "token expired",
    401 6570 CredentialsMismatch "credentials do not match",
    403 6524 VerificationNeeded "verification needed first",
    403 6567 NotB2b "user type is not B2B",
    403 6571 AddressNotAllowed "IP not on the allow-list",
    403 6572 NotIrs "user type is not IRS",
    404 6525 ProductNotFoundOrMismatch "product does not match",
    404 7001 UserDataMissing "user data could not be fetched",
    404 7002 CustomerNotFound "customer number not found",
    404 7003 ProductNotFound "product not found",
    404 7005 TransactionNotFound "transaction not found",
    404 7009 AccountDisabled "account disabled or blocked",
    404 7011 WrongCustomer "wrong customer number",
    404 7012 LastInstalment "last instalment, visit a branch",
    409 6563 ReferenceUsed "partner reference already used",
    500 8504 DatabaseWriteFailed "database write failed",
    500 8505 DatabaseReadFailed "database read failed",
    500 8601 CacheWriteFailed "cache write failed",
    500 9975 UserDataNotSetUp "user data not set up",
    500 9992 ProviderUnknown "provider unknown",
    500 9999 ContactAdministrator "contact the administrator",
    501 9976 NotImplemented "not implemented",
    503 9991 SupplierDisruption "supplier has a disruption",
    503 9998 PaymentBelowMinimum "payment below the minimum",
}

#[cfg(test)]
mod tests {
    use super::{CASES, ResponseCode};

    #[test]
    fn every_listed_code_is_typed_whatever_its_service() {
        for (status, case, expected) in CASES {
            for service in 0..=5 {
                let code = ResponseCode::parse(&format!("{status}{service:02}{case}"));
                assert_eq!(code.case(), Some(*expected), "{code}");
                assert_eq!(code.http_status(), Some(*status));
            }
        }
        assert_eq!(CASES.len(), 34);
    }

    #[test]
    fn what_cannot_be_parsed_is_kept_as_text() {
        for (text, kept) in [
            ("", ""),
            ("20105200", "20105200"),
            ("2010520011", "2010520011"),
            ("20105200a", "20105200a"),
            ("+01052001", "+01052001"),
            ("\u{1b}[31m", "\\u{1b}[31m"),
        ] {
            let code = ResponseCode::parse(text);
            assert_eq!(
                (code.as_str(), code.http_status(), code.case()),
                (kept, None, None)
            );
        }
    }

    #[test]
    fn a_number_is_read_as_well_as_a_string() {
        let code: ResponseCode = serde_json::from_str("201052001").unwrap();
        assert_eq!(code, ResponseCode::parse("201052001"));
        assert!(serde_json::from_str::<ResponseCode>("null").is_err());
    }
}
