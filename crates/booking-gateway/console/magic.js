// The sandbox's magic seats: each trip of a sandbox has them, and each ends in one way, so that a
// person can try every outcome. Longer names begin with the same words (`CUT2`).

const ENDINGS = {
    TAKEN: 'refused',
    INVALID: 'refused',
    SIGNED: 'refused',
    CLOCK: 'refused',
    TOKENBAD: 'refused',
    BLOCKED: 'refused',
    TOKEN: 'held',
    SLOW: 'held',
    ODD: 'held',
    USED: 'unknown',
    CUT: 'unknown',
    LOST: 'unknown',
    SILENT: 'unknown',
    E500: 'unknown',
    E503: 'unknown',
    GATEWAY: 'unknown',
    GARBAGE: 'unknown',
    TRUNC: 'unknown',
    NOID: 'unknown',
    NOTIME: 'unknown',
    LIMIT: 'unknown',
    MOVED: 'unknown',
    PAGE: 'unknown',
    OTHER: 'unknown',
    PAST: 'expired',
};

/** The state in which a block of this seat ends; `null` for a seat like any other. */
export function ending(seat) {
    const words = Object.keys(ENDINGS).filter((word) => seat.startsWith(word));
    const longest = words.sort((one, other) => other.length - one.length)[0];
    return longest ? ENDINGS[longest] : null;
}
