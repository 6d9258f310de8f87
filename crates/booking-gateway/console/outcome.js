// What became of a block, and what may be done next. While seats may be held, nothing here leads to
// another reference: that could hold a second set of seats.

import { Problem, Unreachable } from './api.js';
import { el, refill } from './dom.js';
import { doubtBox, timeLeft } from './hold.js';
import { rupiah, t } from './i18n.js';
import { problemBox } from './problem.js';
import { can } from './session.js';
import { askAgain, book } from './settle.js';
import { badge, isOpen, isUncertain, legs, linkTo, stateOf } from './states.js';

/** The outcome of a hold as the gateway tells it. */
export function ofHold(told) {
    const hold = told.state ? told : whole(told);
    const state = stateOf(hold);
    if (state === 'sending' && !isUncertain(hold)) return { kind: 'busy', hold };
    if (isUncertain(hold) || isOpen(hold)) return { kind: 'unknown', hold };
    return { kind: state, hold };
}

// The answer to a block has no state, only its outcome.
const whole = (answer) => ({
    ...answer,
    state: answer.outcome === 'in_progress' ? 'sending' : answer.outcome,
    order_kept: true,
});

/** What is seen of a result: two that look alike need no drawing anew. */
export function looks({ kind, hold }) {
    if (!hold) return kind;
    const { may_be_held, order_kept, expires_at, message, code, advice, booking } = hold;
    const ticket = [booking?.uncertain === true, booking?.codes ?? null];
    return JSON.stringify([
        kind,
        stateOf(hold),
        [may_be_held, order_kept, expires_at, hold.kind, message, code, advice],
        ticket,
    ]);
}

/**
 * The outcome of a block that failed. `doubt`: an earlier sending of it was never answered, so that
 * only the gateway's record of it can tell that nothing is held.
 */
export function ofError(error, doubt) {
    if (error instanceof Unreachable) return { kind: 'lost', error };
    if (!(error instanceof Problem)) return { kind: 'lost', error };
    const { status, body } = error;
    if (body.may_be_held === true || body.outcome === 'unknown') return { kind: 'lost', error };
    if (body.outcome === 'in_progress') return { kind: 'busy', error };
    if (body.outcome === 'refused') return { kind: 'refused', error };
    if (status === 410 || body.outcome === 'expired') return { kind: 'expired', error };
    if (status === 422) return { kind: 'conflict', error };
    if (doubt) return { kind: 'lost', error };
    if (status === 400 && Array.isArray(body.problems)) return { kind: 'invalid', error };
    if (status === 409) return { kind: error.retryAfter ? 'busy' : 'refused', error };
    if (body.outcome === 'not_sent' || status === 429 || status === 503) return { kind: 'not_sent', error };
    // A failure without a word on the seats proves nothing about them.
    return { kind: status >= 500 ? 'lost' : 'rejected', error };
}

/** Whether seats may be held without anybody knowing. */
export const isDoubtful = (result) => ['lost', 'unknown', 'busy', 'sending'].includes(result?.kind);

/** Draws `result` into `root`. `deeds`: `resend`, `look`, `update(hold)`, `reseat`, `reorder`, `restart`. */
export function drawOutcome(root, result, reference, deeds) {
    const { kind, hold, error } = result;
    const heading = el('h2', { tabindex: '-1' }, t(`outcome.${kind}.title`));
    const body = el(
        'div',
        { class: `card outcome ${kind}`, data: { kind } },
        heading,
        el(
            'p',
            { class: 'ref-line' },
            t('order.reference'),
            ' ',
            el('a', { href: linkTo(reference) }, reference),
        ),
        hold && el('div', { class: 'hold-head' }, badge(stateOf(hold)), timeLeft(hold, stateOf(hold))),
        hold && el('p', {}, [...legs(hold), rupiah(hold.selling_price)].join(' · ')),
        hold && doubtBox(hold),
        kind === 'booked' && codes(hold),
        hasText(kind) && el('p', {}, t(`outcome.${kind}.text`)),
        error instanceof Problem && kind !== 'sending' && problemBox(error),
        el('div', { class: 'buttons' }, buttons(kind, hold, deeds)),
    );
    refill(root, body);
    return heading;
}

const hasText = (kind) =>
    ['sending', 'lost', 'busy', 'refused', 'not_sent', 'expired', 'conflict', 'rejected'].includes(kind);

function codes(hold) {
    const { departure, return: back } = hold.booking?.codes ?? {};
    return el(
        'dl',
        { class: 'facts-list' },
        departure &&
            el(
                'div',
                {},
                el('dt', {}, t('people.departure')),
                el('dd', {}, el('code', { class: 'ticket' }, departure)),
            ),
        back &&
            el(
                'div',
                {},
                el('dt', {}, t('people.return')),
                el('dd', {}, el('code', { class: 'ticket' }, back)),
            ),
    );
}

function buttons(kind, hold, deeds) {
    const press = (words, act, primary = false) =>
        el('button', { type: 'button', class: primary ? 'primary' : '', onclick: act }, t(words));
    const through = (act) => async () => {
        const done = await act(hold);
        if (done) deeds.update(done.value);
    };
    switch (kind) {
        case 'held':
            return [
                can('block') && press('settle.book', through(book), true),
                press('outcome.another', deeds.restart),
            ];
        case 'booked':
            return [press('outcome.another', deeds.restart, true)];
        case 'unknown':
            return [
                can('operate')
                    ? press('settle.ask_again', through(askAgain), true)
                    : press('outcome.resend', deeds.resend, true),
                press('outcome.look', deeds.look),
            ];
        case 'lost':
        case 'busy':
            return [press('outcome.look', deeds.look, true), press('outcome.resend', deeds.resend)];
        case 'refused':
        case 'expired':
            return [press('outcome.reseat', deeds.reseat, true), press('outcome.reorder', deeds.reorder)];
        case 'not_sent':
            return [press('outcome.resend', deeds.resend, true), press('outcome.reorder', deeds.reorder)];
        case 'conflict':
        case 'rejected':
            return [press('outcome.reorder', deeds.reorder, true)];
        default:
            return [];
    }
}
