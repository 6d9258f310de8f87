//! Everything that a seed can let go wrong: one line for each way, with its row of the failure
//! model and the states in which a reference can meet it.

/// Where a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The next exchange about blocking seats.
    Block,
    /// The next request for an access token.
    Token,
    /// The next search of the history.
    History,
    /// The next question for one transaction.
    Detail,
    /// The next ledger call of a kind.
    Ledger(Op),
    /// A process dies when it comes there next.
    Death(Point),
    /// At once, at the hands of the history.
    World,
}

/// What a ledger is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Begin,
    End,
    Claim,
    Repeat,
    Learn,
}

/// Where a process can die on purpose. It also dies anywhere, at chance ([`Fault::Killed`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Point {
    BeforeMark,
    AfterMark,
    BeforeExecution,
    AfterExecution,
    BeforeOutcome,
    AfterOutcome,
    AfterClaim,
    AfterRepeatMark,
}

/// One line of the table.
pub(crate) struct Row {
    pub(crate) fault: Fault,
    /// Its number in the failure model, section 1.
    pub(crate) number: &'static str,
    pub(crate) place: Place,
    pub(crate) words: &'static str,
    /// The states that it must have met in a run of the usual length.
    pub(crate) states: &'static [&'static str],
}

const NEW: &str = "new";
const SENDING: &str = "sending";
const UNKNOWN: &str = "unknown";
const HELD: &str = "held";
const UNPROVEN: &str = "held without receipt";
const REFUSED: &str = "refused";
const NOT_SENT: &str = "not sent";
const EXPIRED: &str = "expired";

/// An order goes out from a caller, or as the resolver's repeat.
const SENT: &[&str] = &[SENDING, UNKNOWN];
const ASKED: &[&str] = &[UNKNOWN, UNPROVEN];
const ANY: &[&str] = &[SENDING, HELD, REFUSED, NOT_SENT, UNKNOWN, UNPROVEN, EXPIRED];

macro_rules! faults {
    ($($fault:ident $number:literal $place:expr, $words:literal, $states:expr;)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Fault { $($fault,)+ }

        pub(crate) const TABLE: &[Row] = &[$(Row {
            fault: Fault::$fault,
            number: $number,
            place: $place,
            words: $words,
            states: $states,
        },)+];
    };
}

use Op::{Begin, Claim, End, Learn, Repeat};
use Place::{Block, Death, Detail, History, Ledger, Token, World};
use Point::{
    AfterClaim, AfterExecution, AfterMark, AfterOutcome, AfterRepeatMark, BeforeExecution,
    BeforeMark, BeforeOutcome,
};

faults! {
    InvalidOrder "1" World, "an order with a mistake is offered", &[NEW];
    BeginFails "2" Ledger(Begin), "the intent cannot be written down", &[NEW, NOT_SENT, HELD, UNKNOWN];
    BeginReplyLost "2b" Ledger(Begin), "the intent is written down, and its commit's reply is lost", &[NEW, NOT_SENT];
    ConnectionRefused "3" Block, "the connection is refused", SENT;
    ConnectTimeout "3" Block, "no connection in time", SENT;
    TlsFails "4" Block, "the TLS handshake fails", SENT;
    ResetWhileWriting "5" Block, "reset while the request is written; a proxy passes it on later", SENT;
    ClosedUnread "6" Block, "closed without having been read", SENT;
    NoAnswer "6" Block, "no answer in time, nothing done", SENT;
    CallerHangsUp "6" World, "the caller hangs up", &[SENDING, UNKNOWN];
    AnswerLost "7" Block, "done, and the connection ends", SENT;
    AnswerTooLate "7" Block, "done, and no answer in time", SENT;
    Truncated "8" Block, "done, and the reply is cut", SENT;
    Stalls "8" Block, "done, and the reply does not end in time", SENT;
    Oversize "8" Block, "done, and the reply is longer than is read", SENT;
    WrongType "8" Block, "done, and the reply is declared as text", SENT;
    NotUtf8 "8" Block, "done, and the reply is not UTF-8", SENT;
    NotJson "8" Block, "done, and the reply is no JSON", SENT;
    WithoutTransaction "8" Block, "done, and the reply names no transaction", SENT;
    WithoutDeadline "8" Block, "done, and the reply names no deadline", SENT;
    ErrorCodeInSuccess "9" Block, "done: 201 with the code of an error", SENT;
    SuccessCodeInError "9" Block, "done: 400 with the code of a success", SENT;
    CodeOfOtherStatus "9" Block, "not done: 404 with a code that begins with 400", SENT;
    OtherReference "10" Block, "done, and the reply names another reference", SENT;
    OtherTrip "10" Block, "done, and the reply names another trip", SENT;
    FewerSeats "10" Block, "done for some of the seats, which the reply names", SENT;
    FailsBefore "11" Block, "500, nothing done", SENT;
    FailsAfter "11" Block, "500 after the hold was made", SENT;
    DisruptedBefore "11" Block, "503 with Retry-After, nothing done", SENT;
    DisruptedAfter "11" Block, "503 with Retry-After after the hold was made", SENT;
    GatewayBefore "11" Block, "a gateway's 502 page, nothing done", SENT;
    GatewayAfter "11" Block, "a gateway's 504 page after the hold was made", SENT;
    Redirected "12" Block, "307", SENT;
    WallBefore "12" Block, "a firewall's 403 page, nothing done", SENT;
    WallAfter "12" Block, "a proxy's 404 page after the hold was made", SENT;
    RequestTimeout "12" Block, "408 after the hold was made", SENT;
    TooEarly "12" Block, "425, nothing done", SENT;
    TooMany "12" Block, "429 with Retry-After, nothing done", SENT;
    HistoryFails "13" History, "the history answers 500", ASKED;
    HistorySilent "13" History, "the history gives no answer", ASKED;
    HistoryUnreadable "13" History, "the history's reply is no JSON", ASKED;
    HistoryLags "13" History, "the history does not show the newest", ASKED;
    DetailFails "13" Detail, "the question for a transaction is answered 500", &[HELD];
    DetailMissing "13" Detail, "the transaction that was found is not known", &[HELD];
    UsedBySomebody "14" Block, "somebody has used the reference before", &[SENDING];
    TakenBySomebody "15" Block, "somebody else takes the seats just before", SENT;
    TokenExpires "16" Block, "401: the token has expired", SENT;
    TokenInvalid "16" Block, "401: the token is invalid", SENT;
    TokenAlwaysRefused "16" Block, "401 twice", SENT;
    TokenUnreachable "16" Token, "no connection for a token", SENT;
    TokenFails "16" Token, "the request for a token fails", SENT;
    TokenDenied "16" Token, "the credentials are refused", SENT;
    TimestampRefused "17" Block, "400: the timestamp", SENT;
    SignatureRefused "17" Block, "400: the signature", SENT;
    ClockSteps "18" World, "a host's clock steps, by up to an hour", &[SENDING, HELD, REFUSED, NOT_SENT, UNKNOWN, EXPIRED];
    ClockMended "18" World, "a host's clock is set right", ANY;
    DiesBeforeMark "19" Death(BeforeMark), "killed before the mark", &[NEW];
    DiesAfterMark "20" Death(AfterMark), "killed after the mark, before the first byte", &[SENDING];
    DiesBeforeExecution "20" Death(BeforeExecution), "killed while the request is on its way", SENT;
    DiesAfterExecution "20" Death(AfterExecution), "killed while the answer is on its way", SENT;
    DiesBeforeOutcome "20" Death(BeforeOutcome), "killed with the answer in hand", SENT;
    DiesInRecovery "20" Death(AfterClaim), "killed while it settles", &[UNKNOWN, UNPROVEN];
    DiesAfterRepeatMark "20" Death(AfterRepeatMark), "killed after the mark of a repeat", &[UNKNOWN];
    Killed "20" World, "killed anywhere", ANY;
    EndFails "21" Ledger(End), "the outcome cannot be written down", SENT;
    EndReplyLost "21" Ledger(End), "the outcome is written down, and its commit's reply is lost", SENT;
    ClaimFails "21" Ledger(Claim), "the ledger fails as a resolver begins", &[SENDING, UNKNOWN, UNPROVEN];
    RepeatFails "21" Ledger(Repeat), "the mark of a repeat cannot be written down", &[UNKNOWN];
    RepeatReplyLost "21" Ledger(Repeat), "the mark of a repeat is written down, and its commit's reply is lost", &[UNKNOWN];
    LearnFails "21" Ledger(Learn), "evidence cannot be written down", &[UNKNOWN, UNPROVEN];
    DiesAfterOutcome "22" Death(AfterOutcome), "killed before the caller hears the answer", &[HELD, REFUSED, UNKNOWN];
    Frozen "23" World, "a process stands still for longer than its lease", ANY;
    OtherOrder "23" World, "another order is offered under the reference", &[SENDING, HELD, REFUSED, UNKNOWN];
    ExpiresInTransit "25" Block, "the hold ends while its reply is on its way", SENT;
    WithoutZone "26" Block, "done, and the deadline names no zone", SENT;
    PastDeadline "26" Block, "done, and the deadline has passed", SENT;
    AbsurdDeadline "26" Block, "done, and the deadline is a year away", SENT;
    ArrivesLate "27" Block, "no answer in time, and it arrives later", SENT;
    Shutdown "31" World, "the process is told to end, with some grace", ANY;
}

impl Fault {
    pub(crate) fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }
}

/// What no fault makes, but orders and seats among themselves: counted like the faults.
pub(crate) const EVENTS: &[(&str, &str, &[&str])] = &[
    (
        "13",
        "the reference is used, by an attempt of ours",
        &[UNKNOWN],
    ),
    ("15", "the seat is taken, at a repeat", &[UNKNOWN]),
    ("23", "another caller is at it", &[SENDING]),
    (
        "24",
        "the seat is taken by another order of ours",
        &[SENDING],
    ),
];
