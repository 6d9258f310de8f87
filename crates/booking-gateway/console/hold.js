// One hold: its facts, what can be done about it, its people behind a closed door, and its story.

import { Problem, get, holdPath } from './api.js';
import { el, focusOn, focusPlace, refill } from './dom.js';
import { onHold, onMissed } from './events.js';
import { rupiah, t } from './i18n.js';
import { latest } from './latest.js';
import { peopleSection } from './people.js';
import { problemBox } from './problem.js';
import { forgetUnanswered } from './sending.js';
import { actions } from './settle.js';
import { badge, isOpen, isSoon, isUncertain, legs, shape, stateOf, why } from './states.js';
import { timeLine } from './story.js';
import { age, countdown, everySecond, left, stamp } from './time.js';

/** Draws the page into `root`; it lives until `signal` is aborted. */
export function holdPage(root, { argument: reference }, signal) {
    const head = el('div', { class: 'hold-head' });
    const facts = el('dl', { class: 'facts-list' });
    const doubt = el('div');
    const buttons = el('div', { class: 'buttons' });
    const load = latest(ask);
    const people = peopleSection(reference, signal, load);
    const story = el('div');
    const trouble = el('div');
    const body = el(
        'div',
        { class: 'hold', hidden: true },
        head,
        doubt,
        buttons,
        el(
            'div',
            { class: 'columns' },
            el('div', {}, section('facts', t('hold.facts'), facts), people.node),
            section('story', t('hold.story'), story),
        ),
    );
    let hold = null;
    let shown = null;

    refill(
        root,
        el('p', { class: 'back' }, el('a', { href: '#/holds' }, t('hold.back'))),
        el('h1', { class: 'reference' }, reference),
        trouble,
        body,
    );

    async function ask() {
        try {
            hold = await get(holdPath(reference), signal);
            refill(trouble);
            body.hidden = false;
            draw();
            if (!isOpen(hold) && !isUncertain(hold)) forgetUnanswered(reference);
        } catch (error) {
            if (signal.aborted) return;
            const gone = error instanceof Problem && error.status === 404;
            refill(
                trouble,
                gone ? el('p', { class: 'notice' }, t('hold.absent')) : problemBox(error),
                !gone && el('button', { type: 'button', onclick: load }, t('again')),
            );
        }
    }

    function draw() {
        const state = stateOf(hold);
        shown = `${state} ${isSoon(hold)} ${isUncertain(hold)}`;
        refill(head, badge(state), timeLeft(hold, state));
        refill(doubt, doubtBox(hold));
        const focused = focusPlace(buttons);
        refill(buttons, actions(hold, load));
        if (focused >= 0) focusOn(buttons.querySelectorAll('button')[focused] ?? root.querySelector('h1'));
        refill(facts, factsOf(hold));
        refill(story, timeLine(hold.story ?? []));
        people.update(hold);
    }

    function tick() {
        if (!hold) return;
        if (shown !== `${stateOf(hold)} ${isSoon(hold)} ${isUncertain(hold)}`) return draw();
        const place = head.querySelector('.left');
        if (place) place.textContent = countdown(left(hold));
    }

    root.querySelector('h1').tabIndex = -1;
    onHold(signal, (changed) => changed.partner_reference_no === reference && load());
    onMissed(signal, load);
    everySecond(signal, tick);
    load();
}

const section = (name, title, ...inside) =>
    el(
        'section',
        { class: 'part', 'aria-labelledby': `${name}-title` },
        el('h2', { id: `${name}-title` }, title),
        inside,
    );

/** How long a live hold lasts yet. */
export function timeLeft(hold, state) {
    if (state !== 'held') return null;
    const rest = left(hold);
    if (rest === null) return el('span', { class: 'quiet' }, t('hold.no_end_long'));
    return el(
        'span',
        { class: isSoon(hold) ? 'hurry big' : 'big' },
        isSoon(hold) && shape('expired'),
        el('span', { class: 'left' }, countdown(rest)),
        ' ',
        t('hold.left'),
    );
}

/** Why it is not a plain hold, and what must not be done. */
export function doubtBox(hold) {
    const reason = why(hold);
    const told = hold.message || (reason && hold.kind);
    const underWay = hold.state === 'sending' && !isUncertain(hold);
    const doubtful = !underWay && (isUncertain(hold) || isOpen(hold));
    if (!underWay && !doubtful && !told) return null;
    return el(
        'div',
        { class: doubtful ? 'notice doubt' : 'notice' },
        doubtful && el('p', { class: 'strong' }, t('hold.doubt')),
        reason && el('p', {}, reason),
        hold.message &&
            el(
                'p',
                { class: 'said' },
                t('hold.said'),
                ' ',
                el('q', {}, hold.message),
                hold.code && ` (${hold.code})`,
            ),
        !doubtful && hold.advice && el('p', { lang: 'en' }, hold.advice),
        (doubtful || underWay) && el('p', {}, t('hold.no_other')),
    );
}

function factsOf(hold) {
    const codes = hold.booking?.codes;
    const pairs = [
        ['hold.seats', legs(hold).map((leg) => el('span', { class: 'leg' }, leg))],
        ['hold.price', rupiah(hold.selling_price)],
        [
            'hold.codes',
            codes &&
                [codes.departure, codes.return]
                    .filter(Boolean)
                    .map((code) => el('code', { class: 'ticket' }, code)),
        ],
        [
            'hold.ends',
            hold.expires_at && [
                stamp(hold.expires_at),
                hold.brought_forward && el('span', { class: 'small' }, ` ${t('hold.brought_forward')}`),
            ],
        ],
        ['hold.transaction', hold.transaction_id],
        ['hold.status', hold.status],
        ['hold.tenant', hold.tenant],
        ['hold.product', hold.product_code],
        ['hold.attempts', hold.attempts],
        ['hold.begun', `${stamp(hold.begun_at)} (${t('time.ago', { age: age(hold.begun_at) })})`],
        ['hold.changed', stamp(hold.changed_at)],
    ];
    return pairs
        .filter(([, value]) => value)
        .map(([key, value]) => el('div', {}, el('dt', {}, t(key)), el('dd', {}, value)));
}
