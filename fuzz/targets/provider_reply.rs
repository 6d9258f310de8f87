//! The reply to a block, of any status and content.

#![no_main]

use booking_ports::BlockError;
use libfuzzer_sys::fuzz_target;

const STATUSES: [u16; 16] = [
    200, 201, 202, 204, 302, 307, 400, 401, 403, 404, 409, 429, 500, 502, 503, 504,
];

fuzz_target!(|reply: (u8, &[u8])| {
    let (status, body) = reply;
    let status = STATUSES[usize::from(status) % STATUSES.len()];
    let (order, outcome) = fuzz::block(status, body);
    match outcome {
        Ok(hold) => {
            assert!(matches!(status, 200 | 201), "held by {status}");
            assert_eq!(&hold.reference, order.reference());
        }
        // A no is believed of a 4xx alone, and of none that speaks of timing.
        Err(BlockError::Refused(_)) => assert!((400..500).contains(&status) && status != 429),
        Err(BlockError::NotSent(not_sent)) => panic!("it was sent: {not_sent:?}"),
        Err(BlockError::Expired(_)) => assert!(matches!(status, 200 | 201)),
        Err(error) => {
            let shown = error.to_string();
            assert!(!shown.chars().any(char::is_control), "{shown:?}");
        }
    }
});
