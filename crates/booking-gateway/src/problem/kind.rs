//! The kinds of problem, each with its status and its words.

use utoipa::ToSchema;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $status:literal, $name:literal, $title:literal;)+) => {
        /// What kind of problem it is: its `type` is `/docs/problems#` and the name.
        ///
        /// ```
        /// assert_eq!(booking_gateway::ProblemKind::Busy.name(), "busy");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ToSchema)]
        #[non_exhaustive]
        pub enum ProblemKind { $($(#[$doc])* $variant,)+ }

        impl ProblemKind {
            /// Every kind.
            ///
            /// ```
            /// assert!(booking_gateway::ProblemKind::ALL.len() > 10);
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The HTTP status.
            ///
            /// ```
            /// assert_eq!(booking_gateway::ProblemKind::Conflict.status(), 422);
            /// ```
            #[must_use]
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }

            /// Its name, the last part of its `type`.
            ///
            /// ```
            /// assert_eq!(booking_gateway::ProblemKind::InvalidOrder.name(), "invalid-order");
            /// ```
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// In a few words, for people.
            ///
            /// ```
            /// assert!(!booking_gateway::ProblemKind::Refused.title().is_empty());
            /// ```
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }
        }
    };
}

kinds! {
    /// The order is none; `problems` has every fault. Nothing was sent.
    InvalidOrder = 400, "invalid-order", "The order is not valid";
    /// The request is none.
    InvalidRequest = 400, "invalid-request", "The request is not valid";
    /// No key, or one that opens nothing.
    Unauthenticated = 401, "unauthenticated", "A valid key is needed";
    /// The key lacks the scope, or the session's token is missing.
    Forbidden = 403, "forbidden", "This key may not do that";
    /// There is no such thing, or it is another tenant's.
    NotFound = 404, "not-found", "There is no such thing";
    /// The method is not one of the path's.
    MethodNotAllowed = 405, "method-not-allowed", "The path has no such method";
    /// The provider's definitive no: this attempt holds nothing.
    Refused = 409, "refused", "The provider refused the order";
    /// Somebody else is at this reference.
    Busy = 409, "busy", "The reference is being worked on";
    /// It cannot become a ticket now.
    NotBookable = 409, "not-bookable", "It cannot be booked";
    /// It needs no settling, or not this one.
    NotSettleable = 409, "not-settleable", "There is nothing to settle";
    /// The hold is over.
    Expired = 410, "expired", "The hold is over";
    /// The body is longer than 64 KiB.
    TooLarge = 413, "too-large", "The body is too long";
    /// The body is not JSON by its `Content-Type`.
    NotJson = 415, "not-json", "The body has to be JSON";
    /// The reference is another order's.
    Conflict = 422, "conflict", "The reference is another order's";
    /// More than this key may ask, or hold; or too many tries without a key.
    TooMany = 429, "too-many", "Too much is asked";
    /// Our mistake.
    Internal = 500, "internal", "The gateway failed";
    /// The provider refuses this gateway: credentials, clock, account. Nothing is wrong with the order.
    GatewayRefused = 502, "gateway-refused", "The provider refuses this gateway";
    /// The provider answered with a no.
    ProviderRefused = 502, "provider-refused", "The provider refused the question";
    /// The provider's answer makes no sense.
    ProviderUnreadable = 502, "provider-unreadable", "The provider's answer cannot be read";
    /// Nothing was sent by this call. Repeat with the same reference.
    NotSent = 503, "not-sent", "Nothing was sent";
    /// Too much is under way.
    Overloaded = 503, "overloaded", "Too much is under way";
    /// The ledger cannot be used, or the gateway is ending.
    Unavailable = 503, "unavailable", "Not available now";
    /// The provider gives no answer.
    ProviderUnavailable = 504, "provider-unavailable", "The provider gives no answer";
}
