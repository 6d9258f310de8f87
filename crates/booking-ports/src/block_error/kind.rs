//! Why, in one word: programs branch on it, logs count it.

use std::fmt;

macro_rules! kind {
    (
        $(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }
        $example:literal
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// Every kind.
            #[doc = concat!("\n```\nassert!(booking_ports::", stringify!($name), "::ALL.len() > 5);\n```")]
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable word of this kind, `snake_case`.
            #[doc = concat!("\n```\n", $example, "\n```")]
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The kind of this word; `None` for a word that is none.
            #[doc = concat!("\n```\nassert!(booking_ports::", stringify!($name), "::of_word(\"\").is_none());\n```")]
            #[must_use]
            pub fn of_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

kind! {
    /// Why a provider refused.
    ///
    /// ```
    /// assert_eq!(booking_ports::RefusalKind::Signature.to_string(), "signature");
    /// ```
    RefusalKind {
        /// A seat is taken or does not exist. Klikoo publishes no code for it, so its adapter
        /// answers [`Other`](Self::Other) with Klikoo's words.
        SeatUnavailable = "seat_unavailable",
        /// The provider finds fault with a field of the order.
        InvalidOrder = "invalid_order",
        /// No such product or trip.
        Product = "product",
        /// The clock of this host, or of the request, is off.
        Clock = "clock",
        /// The signature does not match.
        Signature = "signature",
        /// The token or the credentials are not accepted.
        Credentials = "credentials",
        /// This partner, or this address, may not do that.
        NotAllowed = "not_allowed",
        /// Something is the matter with the partner's or customer's account.
        Account = "account",
        /// A refusal whose code nobody has told us the meaning of.
        Other = "other",
    }
    "assert_eq!(booking_ports::RefusalKind::SeatUnavailable.as_str(), \"seat_unavailable\");"
}

kind! {
    /// Why nothing was sent.
    ///
    /// ```
    /// assert_eq!(booking_ports::NotSentKind::NoToken.to_string(), "no_token");
    /// ```
    NotSentKind {
        /// No connection: name not found, refused, or not answered within the connect timeout.
        Unreachable = "unreachable",
        /// The other side could not prove who it is, or speaks no TLS that we accept.
        Tls = "tls",
        /// No access token could be had; trying again may help.
        NoToken = "no_token",
        /// The provider refused to give an access token; trying again will not help.
        TokenRefused = "token_refused",
        /// The clock of this host is too far off for a signature to be accepted.
        Clock = "clock",
        /// The request could not be made.
        Unsendable = "unsendable",
        /// The intent could not be written down, so nothing was sent.
        Unrecorded = "unrecorded",
        /// Too many calls are under way, or too many in this second.
        Overloaded = "overloaded",
    }
    "assert_eq!(booking_ports::NotSentKind::Unreachable.as_str(), \"unreachable\");"
}

kind! {
    /// Why it is not known whether seats are held.
    ///
    /// ```
    /// assert_eq!(booking_ports::UnknownKind::Timeout.to_string(), "timeout");
    /// ```
    UnknownKind {
        /// The connection ended after the request may have left, and before an answer came.
        ConnectionLost = "connection_lost",
        /// No answer in time.
        Timeout = "timeout",
        /// The caller stopped waiting.
        Interrupted = "interrupted",
        /// An answer that cannot be read: cut short, too long, of another type, incomplete.
        UnreadableReply = "unreadable_reply",
        /// An answer that says two things at once, such as a success with an error's code.
        ContradictoryReply = "contradictory_reply",
        /// A success that names other seats, another trip or another reference than asked.
        MismatchedReply = "mismatched_reply",
        /// The provider failed while it worked on the request (5xx).
        ProviderFailure = "provider_failure",
        /// An answer that is not the provider's final word: a redirect, a proxy's page, "too many
        /// requests".
        NotDefinitive = "not_definitive",
        /// The provider has seen this reference before, so an earlier attempt may have held; what
        /// it holds, no repeat will tell.
        ReferenceUsed = "reference_used",
        /// A repeat was told that the reference is used: the provider has the earlier attempt, but
        /// its transaction was not found.
        HeldWithoutReceipt = "held_without_receipt",
        /// The process that sent it ended before it wrote down an answer.
        SenderLost = "sender_lost",
        /// The answer could not be written down.
        Unrecorded = "unrecorded",
        /// It was held, its deadline has passed, and a booking of it ended unknown: it may be a
        /// ticket.
        BookingUnknown = "booking_unknown",
    }
    "assert_eq!(booking_ports::UnknownKind::ReferenceUsed.as_str(), \"reference_used\");"
}
