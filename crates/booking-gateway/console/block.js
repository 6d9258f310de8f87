// Holds seats, step by step: search, trip, seats, people, outcome. What was chosen stays until the
// session ends, also while another page is looked at.

import { get, holdPath } from './api.js';
import { el, focusOn, focusPlace, refill } from './dom.js';
import { onHold, onMissed } from './events.js';
import { t } from './i18n.js';
import { isOlder, latest } from './latest.js';
import { freshLeg, freshOrder, newReference, orderDocument, suggestPrice, total } from './order.js';
import { drawOutcome, isDoubtful, looks, ofHold } from './outcome.js';
import { orderForm } from './passengers.js';
import { seatStep } from './seatstep.js';
import { attempt, forgetUnanswered, look, unansweredNote } from './sending.js';
import { can } from './session.js';
import { isSoon, stateOf } from './states.js';
import { stepList } from './steps.js';
import { countdown, everySecond, left } from './time.js';
import { tripList } from './trips.js';
import { searchForm } from './tripsearch.js';

let order = freshOrder();
let redraw = () => {};

/** Forgets the order with its people, as when a session ends. */
export function forgetOrder() {
    order = freshOrder();
}

/** Draws the page into `root`; it lives until `signal` is aborted. */
export function blockPage(root, _where, signal) {
    const steps = el('div');
    const place = el('div');
    refill(root, el('h1', {}, t('nav.block')), order.result ? null : unansweredNote(), steps, place);
    if (!can('block')) return refill(place, el('p', { class: 'notice' }, t('block.no_scope')));

    let drawing = null;
    redraw = (focus = true) => {
        if (signal.aborted) return;
        drawing?.abort();
        drawing = new AbortController();
        const focused = place.contains(document.activeElement) ? focusPlace(place) : null;
        refill(steps, order.step === 'result' ? null : stepList(order, go));
        const heading = STEPS[order.step](place, AbortSignal.any([drawing.signal, signal]));
        if (focus) {
            focusOn(heading ?? place.querySelector('h2'));
            scrollTo(0, 0);
        } else if (focused !== null) {
            // An event drew it anew under the operator's hands.
            focusOn(place.querySelectorAll('a, button')[focused] ?? place.querySelector('h2'));
        }
    };
    redraw(false);
    // It may have changed while another page was looked at.
    refresh();
    onMissed(signal, refresh);
    // An event and an answer may overtake each other, so an event only says that there is news.
    onHold(signal, (hold) => hold.partner_reference_no === order.sent?.partner_reference_no && refresh());
    everySecond(signal, () => {
        const hold = order.step === 'result' ? order.result?.hold : null;
        if (!hold) return;
        const seen = `${stateOf(hold)} ${isSoon(hold)}`;
        if (order.seen && order.seen !== seen) take(order, ofHold(hold), false);
        order.seen = seen;
        const time = place.querySelector('.left');
        if (time && left(hold) !== null) time.textContent = countdown(left(hold));
    });
}

function go(step) {
    order.step = step;
    redraw();
}

const legOf = (step) => Number(step.slice(-1));

const STEPS = {
    search: (place, signal) => {
        refill(
            place,
            el('h2', { class: 'unseen' }, t('block.search')),
            searchForm(
                order.search,
                () => {
                    order.legs = [freshLeg(), freshLeg()];
                    order.people = [[], []];
                    go('trip0');
                },
                signal,
            ),
        );
    },
    trip0: trips,
    trip1: trips,
    seats0: seats,
    seats1: seats,
    people: (place) => {
        suggestPrice(order);
        const form = orderForm(order, {
            send: () => send(form),
            renew: () => {
                order.reference = newReference();
            },
            total: total(order),
        });
        const heading = el('h2', { tabindex: '-1' }, t('block.people'));
        refill(place, heading, form.node);
        if (order.faults) {
            form.fault(order.faults);
            order.faults = null;
            return document.activeElement;
        }
        return heading;
    },
    result: (place) => drawOutcome(place, order.result, order.sent.partner_reference_no, deeds),
};

function trips(place, signal) {
    const leg = legOf(order.step);
    const { from, to, date, back, seats: count } = order.search;
    const way = leg === 0 ? { from, to, date } : { from: to, to: from, date: back };
    const choose = (trip) => {
        order.legs[leg] = { ...freshLeg(), trip };
        go(`seats${leg}`);
    };
    refill(
        place,
        el(
            'h2',
            { tabindex: '-1' },
            t(leg === 0 ? 'block.trip' : 'block.trip_back', { from: way.from.name, to: way.to.name }),
        ),
        tripList({ ...way, seats: count }, choose, signal),
    );
}

function seats(place, signal) {
    const leg = legOf(order.step);
    const next = () => go(leg === 0 && order.search.round ? 'trip1' : 'people');
    seatStep(place, order.legs[leg], order.search.seats, next, signal);
}

async function send(form) {
    form.busy(true);
    order.sent = orderDocument(order);
    order.doubt = false;
    await attempt(order, take);
}

/** Takes what became of `sent` into the page, unless it is another order's by now. */
function take(sent, result, focus = true) {
    if (sent !== order) return;
    order.result = result;
    order.seen = null;
    if (result.kind === 'lost') order.doubt = true;
    else if (result.hold) order.doubt = false;
    if (!isDoubtful(result)) forgetUnanswered(order.sent.partner_reference_no);
    if (result.kind === 'invalid') {
        order.faults = result.error.body.problems;
        order.result = null;
        order.step = 'people';
    } else {
        order.step = 'result';
    }
    redraw(focus);
    // The answer to a block is the same for ever, and leaves out what changes.
    if (result.hold && !result.hold.changed_at) refresh();
}

// While it is being sent, its own answer decides.
const isOpen = (result) => result && result.kind !== 'sending' && (result.hold || isDoubtful(result));

/** Takes what the gateway knows by now into the outcome that is shown; without an answer that stays. */
const refresh = latest(async () => {
    const asked = order;
    if (!isOpen(asked.result)) return;
    let hold;
    try {
        hold = await get(holdPath(asked.sent.partner_reference_no));
    } catch {
        return;
    }
    const { result } = asked;
    if (asked !== order || !isOpen(result) || isOlder(hold, result.hold)) return;
    const next = ofHold(hold);
    if (looks(next) === looks(result)) order.result = next;
    else take(order, next, false);
});

// A reference has its answer: whatever is changed now needs one of its own.
function renewed(step) {
    order.reference = newReference();
    order.result = null;
    go(step);
}

const deeds = {
    resend: () => attempt(order, take),
    look: () => look(order, take),
    update: (hold) => take(order, ofHold(hold)),
    reseat: () => renewed('seats0'),
    reorder: () => renewed('people'),
    restart: () => {
        const { search } = order;
        order = freshOrder();
        order.search = search;
        go('search');
    },
};
