// Calls the gateway. Two things can go wrong, and they are not alike: a `Problem` is the gateway's
// own answer; `Unreachable` says that no answer came, so that what was asked may have been done.

import { now } from './time.js';

/** The gateway's answer that something is wrong (`application/problem+json`). */
export class Problem extends Error {
    constructor(status, body, retryAfter) {
        super(body.title ?? `HTTP ${status}`);
        this.name = 'Problem';
        this.status = status;
        this.body = body;
        this.retryAfter = retryAfter;
        // It may be shown long after it was told.
        this.retryAt = retryAfter && now() + retryAfter * 1000;
    }
}

/** No answer, or one that cannot be read. */
export class Unreachable extends Error {
    constructor(cause) {
        super('no answer', { cause });
        this.name = 'Unreachable';
    }
}

let csrf = null;
let ended = () => {};

/** The session's token against forged requests; `null` without a session. */
export function setCsrf(token) {
    csrf = token;
}

/** Called when the gateway says that there is no session any more. */
export function onEnded(then) {
    ended = then;
}

/**
 * Sends one request and returns `{ status, body, retryAfter }`. Nothing is repeated here: who asks
 * knows what a repetition means.
 */
export async function call(method, path, body, signal) {
    const headers = { Accept: 'application/json' };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (method !== 'GET' && csrf) headers['X-CSRF-Token'] = csrf;
    let response;
    let text;
    try {
        response = await fetch(path, {
            method,
            headers,
            body: body === undefined ? undefined : JSON.stringify(body),
            signal,
            credentials: 'same-origin',
            cache: 'no-store',
            redirect: 'error',
        });
        text = await response.text();
    } catch (error) {
        if (signal?.aborted) throw error;
        throw new Unreachable(error);
    }
    const answer = read(text);
    const retryAfter = Number(response.headers.get('Retry-After')) || null;
    if (response.status === 401 && path !== '/console/session') ended();
    if (!response.ok) throw new Problem(response.status, answer ?? {}, retryAfter);
    if (answer === null && response.status !== 204) throw new Unreachable(new Error('not JSON'));
    return { status: response.status, body: answer, retryAfter };
}

function read(text) {
    try {
        return JSON.parse(text);
    } catch {
        return null;
    }
}

export const get = async (path, signal) => (await call('GET', path, undefined, signal)).body;

/** A path of the API with a query; absent values are left out. */
export function url(path, query) {
    const pairs = Object.entries(query).filter(
        ([, value]) => value !== null && value !== undefined && value !== '',
    );
    return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs)}`;
}

/** The path of a hold, or of something that can be done to it. */
export const holdPath = (reference, deed) =>
    `/v1/holds/${encodeURIComponent(reference)}${deed ? `/${deed}` : ''}`;
