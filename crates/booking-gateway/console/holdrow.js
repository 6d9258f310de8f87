// One row of the list of holds.

import { el } from './dom.js';
import { t } from './i18n.js';
import { badge, isSoon, legs, linkTo, shape, stateOf } from './states.js';
import { clock, countdown, day, left, stamp } from './time.js';

const COLUMNS = ['reference', 'state', 'left', 'seats', 'tenant', 'begun'];

/** The row above all others. */
export const headRow = () =>
    el(
        'div',
        { class: 'row head', role: 'row' },
        COLUMNS.map((name) => el('div', { role: 'columnheader', class: `c-${name}` }, t(`list.${name}`))),
    );

/** The row of `hold`: its `node`, and `left`, where its time runs down. */
export function row(hold) {
    const state = stateOf(hold);
    const rest = state === 'held' ? left(hold) : null;
    const time = el('span', { class: 'left' }, rest === null ? '' : countdown(rest));
    const soon = isSoon(hold);
    const reference = hold.partner_reference_no;
    const cell = (name, ...inside) => el('div', { role: 'cell', class: `c-${name}` }, inside);
    const node = el(
        'div',
        { class: soon ? 'row soon' : 'row', role: 'row', data: { reference, state } },
        cell('reference', el('a', { href: linkTo(reference) }, reference)),
        cell('state', badge(state)),
        cell('left', leftCell(hold, state, rest, time, soon)),
        cell(
            'seats',
            legs(hold).map((leg) => el('span', { class: 'leg' }, leg)),
        ),
        cell('tenant', hold.tenant ?? el('span', { class: 'quiet' }, '–')),
        cell(
            'begun',
            el(
                'time',
                { datetime: hold.begun_at, title: stamp(hold.begun_at) },
                `${day(hold.begun_at)} ${clock(hold.begun_at)}`,
            ),
        ),
    );
    return { node, left: time };
}

function leftCell(hold, state, rest, time, soon) {
    if (state !== 'held') return el('span', { class: 'quiet' }, '–');
    if (rest === null) return el('span', { class: 'quiet' }, t('hold.no_end'));
    if (!soon) return time;
    return el(
        'span',
        { class: 'hurry' },
        shape('expired'),
        time,
        el('span', { class: 'tag' }, t('list.soon')),
    );
}
