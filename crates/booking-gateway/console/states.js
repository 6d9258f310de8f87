// The states of a hold: which one is shown, and how. Each has a word and a shape beside its colour.

import { el, svg } from './dom.js';
import { has, t } from './i18n.js';
import { left, now } from './time.js';

/** A hold with less time left than this is about to be lost. */
export const SOON = 5 * 60_000;

/** A sending that takes longer than this has most likely lost its sender. */
export const SENDING_LONG = 60_000;

export const STATES = [
    'sending',
    'held',
    'held_without_receipt',
    'unknown',
    'perhaps_booked',
    'booked',
    'refused',
    'not_sent',
    'expired',
];

/** The state to be shown now: what was held is over from its deadline on, whoever says so. */
export function stateOf(hold) {
    const rest = hold.state === 'held' ? left(hold) : null;
    return rest !== null && rest <= 0 ? 'expired' : hold.state;
}

/** Whether a person may have to decide: seats may be held, or a ticket made, and nobody knows. */
export function isUncertain(hold) {
    if (hold.state === 'sending') return now() - Date.parse(hold.begun_at) > SENDING_LONG;
    return (
        ['unknown', 'held_without_receipt', 'perhaps_booked'].includes(hold.state) ||
        hold.booking?.uncertain === true
    );
}

/** Whether nobody knows yet how it ends. `may_be_held` is true of what is held, too. */
export const isOpen = (hold) => ['unknown', 'in_progress'].includes(hold.outcome);

/** Whether it is live and ends in a few minutes. */
export function isSoon(hold) {
    const rest = stateOf(hold) === 'held' ? left(hold) : null;
    return rest !== null && rest < SOON;
}

// Outlines on a field of 16 by 16. A state that needs a person has corners, one that is well is round.
const SHAPES = {
    sending: 'M8 2a6 6 0 1 1-6 6',
    held: 'M8 2a6 6 0 1 0 .01 0zM8 6a2 2 0 1 1-.01 0z',
    held_without_receipt: 'M8 1.5 15 14H1zM8 6v4M8 12v.2',
    unknown: 'M8 1.5 15 14H1zM8 6v4M8 12v.2',
    perhaps_booked: 'M8 1 15 8 8 15 1 8zM8 5v4M8 11v.2',
    booked: 'M2 8.5 6.5 13 14 4',
    refused: 'M3 3l10 10M13 3 3 13',
    not_sent: 'M2 8h8M7 4.5 10.5 8 7 11.5M14 3v10',
    expired: 'M4 2h8L4 14h8z',
};

/** The shape of a state, which is nothing to a screen reader: the word stands beside it. */
export const shape = (state) =>
    svg(
        'svg',
        { class: 'shape', viewBox: '0 0 16 16', 'aria-hidden': 'true', focusable: 'false' },
        svg('path', { d: SHAPES[STATES.includes(state) ? state : 'unknown'] }),
    );

/** The word of a state; one that is new is shown as it came. */
export const stateWord = (state) => (has(`state.${state}`) ? t(`state.${state}`) : state);

/** Shape and word. */
export const badge = (state) =>
    el(
        'span',
        { class: 'badge', data: { state: STATES.includes(state) ? state : 'unknown' } },
        shape(state),
        stateWord(state),
    );

/** Why a hold is what it is, in plain words; `null` where no kind is given. */
export function why(hold) {
    const kind =
        hold.kind ?? (hold.state === 'sending' ? (isUncertain(hold) ? 'sending_long' : 'sending') : null);
    if (!kind) return null;
    // `unrecorded` is the intent of what was never sent, and the answer to what was.
    const key = [`kind.${hold.outcome}.${kind}`, `kind.${kind}`].find(has);
    return key ? t(key) : kind;
}

/** `Trip 188336: 8, 9A`, leg by leg. */
export const legs = (hold) =>
    (hold.legs ?? []).map((leg) => t('hold.leg', { trip: leg.trip_id, seats: (leg.seats ?? []).join(', ') }));

/** The address of a hold's page. */
export const linkTo = (reference) => `#/hold/${encodeURIComponent(reference)}`;
