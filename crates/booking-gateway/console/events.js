// What changes at the gateway, as it changes. The browser connects anew by itself and tells the
// gateway the last event that it saw; only where it gives up is a new stream begun here.

import { look } from './session.js';

const KINDS = ['changed', 'unknown', 'settled', 'expiring'];
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

const bus = new EventTarget();
let source = null;
let state = 'off';
let wait = FIRST_WAIT;
let timer = null;
let missed = false;
let first = true;
let begunAnew = false;

/** Begins to listen. */
export function connect() {
    disconnect();
    first = true;
    begunAnew = false;
    open();
}

/** Stops listening. */
export function disconnect() {
    clearTimeout(timer);
    source?.close();
    source = null;
    missed = false;
    tell('off');
}

function open() {
    source = new EventSource('/v1/events');
    source.onopen = () => {
        wait = FIRST_WAIT;
        begunAnew = false;
        tell('live');
        // What the gateway no longer keeps cannot be sent again, so the pages look for themselves;
        // also for what changed between their own first look and the beginning of the stream.
        if (missed || first) bus.dispatchEvent(new CustomEvent('again', { detail: !missed }));
        missed = false;
        first = false;
    };
    source.onerror = () => {
        // The gateway ends a stream with the cookie that opened it. The browser comes back with the next
        // cookie and the last event, so that nothing is missed, if it is let in.
        if (state === 'live' && !begunAnew && source?.readyState === EventSource.CONNECTING) {
            begunAnew = true;
            return;
        }
        missed = true;
        tell('lost');
        if (source?.readyState !== EventSource.CLOSED) return;
        // A refusal closes a stream for good. Perhaps the session has ended.
        look();
        timer = setTimeout(open, wait);
        wait = Math.min(wait * 2, LONGEST_WAIT);
    };
    for (const kind of KINDS) source.addEventListener(kind, (event) => heard(kind, event.data));
}

function heard(kind, text) {
    let hold;
    try {
        hold = JSON.parse(text);
    } catch {
        return;
    }
    bus.dispatchEvent(new CustomEvent('hold', { detail: { kind, hold } }));
}

function tell(next) {
    if (state === next) return;
    state = next;
    bus.dispatchEvent(new Event('state'));
}

/** `live`, `lost` or `off`. */
export const streamState = () => state;

/** Calls `then(hold, kind)` for each event until `signal` is aborted. */
export const onHold = (signal, then) =>
    bus.addEventListener('hold', (event) => then(event.detail.hold, event.detail.kind), { signal });

/** Calls `then(justBegun)` when events may have been missed: `true` where only the stream's first moment was. */
export const onMissed = (signal, then) =>
    bus.addEventListener('again', (event) => then(event.detail), { signal });

/** Calls `then` when the stream is lost or found again. */
export const onStream = (signal, then) => bus.addEventListener('state', then, { signal });
