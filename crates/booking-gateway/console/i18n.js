// Every text of the console in the operator's language.

import en from './words.en.js';
import id from './words.id.js';

const LANGUAGES = { en, id };
const changes = new EventTarget();
let language = chosen();

function chosen() {
    const kept = read();
    if (Object.hasOwn(LANGUAGES, kept)) return kept;
    return (navigator.language ?? '').toLowerCase().startsWith('id') ? 'id' : 'en';
}

function read() {
    try {
        return localStorage.getItem('lang') ?? '';
    } catch {
        return '';
    }
}

/** `en` or `id`. */
export const lang = () => language;

/** Formats numbers and dates as this language does. */
export const locale = () => (language === 'id' ? 'id-ID' : 'en-GB');

/** Changes the language of the whole page. */
export function setLang(next) {
    language = Object.hasOwn(LANGUAGES, next) ? next : 'en';
    document.documentElement.lang = language;
    try {
        localStorage.setItem('lang', language);
    } catch {
        // It then lasts as long as the page.
    }
    changes.dispatchEvent(new Event('lang'));
}

export const onLang = (then) => changes.addEventListener('lang', then);

/** Whether there are words for `key`. */
export const has = (key) => Object.hasOwn(LANGUAGES[language], key);

/**
 * The words of `key`, with `{name}` replaced. Words may be `{ one, other }`, chosen by `count`.
 * A key without words shows itself, which is ugly and seen at once.
 */
export function t(key, values = {}) {
    let words = LANGUAGES[language][key] ?? en[key] ?? key;
    if (typeof words === 'object') {
        const form = new Intl.PluralRules(locale()).select(Number(values.count ?? 0));
        words = words[form] ?? words.other;
    }
    return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Whole rupiah, such as `Rp 20.000`. */
export function rupiah(amount) {
    const number = Number(amount);
    if (!Number.isFinite(number)) return String(amount);
    return `Rp ${number.toLocaleString('id-ID')}`;
}

/** A short price for a small place, such as `20K` or `20 rb`. */
export const shortPrice = (amount) =>
    new Intl.NumberFormat(locale(), { notation: 'compact', maximumFractionDigits: 1 }).format(amount);

export const number = (value, digits = 0) =>
    Number(value).toLocaleString(locale(), { maximumFractionDigits: digits });

export const percent = (part) =>
    part.toLocaleString(locale(), { style: 'percent', maximumFractionDigits: 1 });

document.documentElement.lang = language;
