// The server's clock, and what is shown of it. The operator's own clock may be wrong by minutes,
// which is the difference between a hold and a lost seat: only its difference to the server counts.

import { lang, locale, t } from './i18n.js';

const ZONE = 'Asia/Jakarta';
const ticking = new Set();
let offset = 0;
let timer = null;

/** Takes the server's time into account, which was asked for and answered at these local times. */
export function heedServer(serverTime, asked, answered) {
    const told = Date.parse(serverTime);
    if (Number.isFinite(told)) offset = told - (asked + answered) / 2;
}

/** The server's time now, in milliseconds. */
export const now = () => Date.now() + offset;

/** Calls `then` each second until `signal` is aborted. */
export function everySecond(signal, then) {
    ticking.add(then);
    signal.addEventListener('abort', () => {
        ticking.delete(then);
        if (ticking.size === 0) stop();
    });
    timer ??= setInterval(tick, 1000);
}

function stop() {
    clearInterval(timer);
    timer = null;
}

function tick() {
    for (const then of [...ticking]) then();
}

// A laptop that slept shows the truth at once, not a second later.
document.addEventListener('visibilitychange', () => {
    if (!document.hidden) tick();
});

/** How long a hold lasts yet, in milliseconds; `null` where no end was stated. */
export function left(hold) {
    if (!hold.expires_at) return null;
    const end = Date.parse(hold.expires_at);
    return Number.isFinite(end) ? end - now() : null;
}

/** `4:59`, or `1:04:59`; never below zero. */
export function countdown(milliseconds) {
    const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
    const two = (value) => String(value).padStart(2, '0');
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
    return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** How long ago, in one unit: `47 min`. */
export const age = (since) => inOneUnit(Math.max(0, now() - Date.parse(since)), Math.floor);

/** How long to wait, in one unit, and never no time at all: `24 h`. */
export const wait = (milliseconds) => inOneUnit(Math.max(1000, milliseconds), Math.round);

function inOneUnit(milliseconds, whole) {
    const seconds = whole(milliseconds / 1000);
    if (seconds < 60) return t('time.seconds', { count: seconds });
    const minutes = whole(seconds / 60);
    if (minutes < 120) return t('time.minutes', { count: minutes });
    const hours = whole(minutes / 60);
    return hours < 48 ? t('time.hours', { count: hours }) : t('time.days', { count: whole(hours / 24) });
}

// Making a format costs far more than using one, and a table of holds uses thousands.
const formats = new Map();

function format(text, options) {
    const moment = new Date(text);
    if (Number.isNaN(moment.getTime())) return String(text);
    const key = lang() + JSON.stringify(options);
    if (!formats.has(key))
        formats.set(key, new Intl.DateTimeFormat(locale(), { timeZone: ZONE, ...options }));
    return formats.get(key).format(moment);
}

/** `10:30:00`, in Jakarta. */
export const clock = (text) =>
    format(text, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

/** `10:30`. */
export const shortClock = (text) => format(text, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** `24 Nov, 10:30:00`. */
export const stamp = (text) =>
    format(text, {
        day: 'numeric',
        month: 'short',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        hourCycle: 'h23',
    });

/** `Tue 24 Nov`. */
export const day = (text) => format(text, { weekday: 'short', day: 'numeric', month: 'short' });

/** Today in Jakarta, `2026-11-24`, and so many days later. */
export function today(later = 0) {
    const moment = new Date(now() + later * 86_400_000);
    return new Intl.DateTimeFormat('en-CA', { timeZone: ZONE }).format(moment);
}
