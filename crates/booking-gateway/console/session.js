// Who is signed in. The key itself is handed on once and kept nowhere; the cookie cannot be read
// from here.

import { Problem, call, onEnded, setCsrf } from './api.js';
import { heedServer } from './time.js';

// Clocks drift, and a session can be ended at the server.
const LOOK_AGAIN = 5 * 60_000;

// Whoever signs out waits for it before leaving the desk.
const SIGN_OUT_WITHIN = 10_000;

const changes = new EventTarget();
let current = null;
let looking = null;
let ends = 0;
let stillIn = false;

/** The session, or `null`. */
export const session = () => current;

/** Whether the gateway did not hear of the sign-out, so that this browser's cookie still opens the session. */
export const isStillIn = () => stillIn;

/** Whether the key may do what needs this scope: `read`, `block`, `operate` or `admin`. */
export const can = (scope) => current?.scopes?.includes(scope) ?? false;

/** Called with `begun` or `ended`. */
export function onSession(then) {
    changes.addEventListener('begun', () => then('begun'));
    changes.addEventListener('ended', () => then('ended'));
}

/** Asks whether there is a session. `false` where there is none; any other fault is thrown. */
export async function resume() {
    try {
        await take('GET');
        return true;
    } catch (error) {
        if (error instanceof Problem && error.status === 401) return false;
        throw error;
    }
}

/** Begins a session with an operator's key. */
export async function signIn(key) {
    await take('POST', { key });
    stillIn = false;
    begin();
}

async function take(method, body) {
    const asked = Date.now();
    const before = ends;
    const answer = await call(method, '/console/session', body);
    heedServer(answer.body.server_time, asked, Date.now());
    // Signed out while it was on its way.
    if (before !== ends) return;
    current = answer.body;
    setCsrf(current.csrf);
}

/** Tells the page that a session is there. */
export function begin() {
    clearInterval(looking);
    looking = setInterval(look, LOOK_AGAIN);
    changes.dispatchEvent(new Event('begun'));
}

/** Ends the session here and at the server. It may be repeated where the server did not hear of it. */
export async function signOut() {
    try {
        await call('DELETE', '/console/session', undefined, AbortSignal.timeout(SIGN_OUT_WITHIN));
        stillIn = false;
    } catch {
        // Only the server can take the cookie away; the sign-in page says so.
        stillIn = true;
    }
    end();
}

/** Asks once more, and takes the server's time anew. */
export async function look() {
    if (!current) return;
    try {
        if (!(await resume())) end();
    } catch {
        // The stream of events shows that the gateway cannot be reached.
    }
}

function end() {
    if (!current) return;
    current = null;
    ends += 1;
    setCsrf(null);
    clearInterval(looking);
    changes.dispatchEvent(new Event('ended'));
}

onEnded(end);
document.addEventListener('visibilitychange', () => {
    if (!document.hidden) look();
});
