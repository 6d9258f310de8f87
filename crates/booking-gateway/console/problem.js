// Shows what went wrong: what it was, what to do next, and whether seats may be held.

import { Problem, Unreachable } from './api.js';
import { el } from './dom.js';
import { t } from './i18n.js';
import { clock, now, stamp, wait } from './time.js';

const MINUTE = 60_000;
const HALF_A_DAY = 12 * 60 * MINUTE;

/** A box that a screen reader speaks at once. `doubtful`: what failed may have been done all the same. */
export function problemBox(error, { doubtful = false } = {}) {
    return el('div', { class: 'notice bad', role: 'alert' }, lines(error, doubtful));
}

function lines(error, doubtful) {
    if (error instanceof Problem) return ofGateway(error);
    if (error instanceof Unreachable) {
        return [
            el('p', { class: 'strong' }, t('problem.unreachable')),
            el('p', {}, t(doubtful ? 'problem.doubtful' : 'problem.nothing_lost')),
        ];
    }
    return [
        el('p', { class: 'strong' }, t('problem.own')),
        el('p', { lang: 'en' }, String(error?.message ?? error)),
    ];
}

function ofGateway({ status, body, retryAt }) {
    const title = status === 403 && !body.title ? t('problem.forbidden') : body.title;
    return [
        el('p', { class: 'strong', lang: 'en' }, title ?? t('problem.status', { status })),
        body.detail && el('p', { lang: 'en' }, body.detail),
        body.advice && el('p', { lang: 'en' }, body.advice),
        faults(body.problems),
        body.may_be_held === true && el('p', { class: 'strong' }, t('problem.may_be_held')),
        retryAt && retry(retryAt),
        (body.kind || body.code) &&
            el('p', { class: 'small' }, [body.kind, body.code].filter(Boolean).join(' · ')),
    ];
}

// Nobody counts minutes, so a longer wait is told with its end; the day where that is not plain.
function retry(end) {
    const rest = end - now();
    if (rest <= 0) return null;
    const time = t('clock', { time: rest < HALF_A_DAY ? clock(end) : stamp(end) });
    const words = rest > MINUTE ? 'problem.retry_at' : 'problem.retry_after';
    return el('p', {}, t(words, { wait: wait(rest), time }));
}

function faults(problems) {
    if (!Array.isArray(problems) || problems.length === 0) return null;
    return el(
        'ul',
        { lang: 'en' },
        problems.map((fault) =>
            el('li', {}, el('code', {}, fault.path ?? ''), ` ${fault.message ?? fault.code ?? ''}`),
        ),
    );
}
