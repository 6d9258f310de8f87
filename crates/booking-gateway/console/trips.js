// From where to where, when, how many: and the trips that there are.

import { get, url } from './api.js';
import { combobox } from './combobox.js';
import { el, refill } from './dom.js';
import { number, rupiah, t } from './i18n.js';
import { problemBox } from './problem.js';
import { day, shortClock, today } from './time.js';

const PRODUCT = 'BUS';
const MOST_SEATS = 40;

const places = (role) => async (keyword, signal) =>
    (await get(url('/v1/places', { keyword, role, product: PRODUCT }), signal)).places;

/** The search form. `wanted` is changed as one types; `then` is called when it is complete. */
export function searchForm(wanted, then, signal) {
    const from = combobox({
        id: 'from',
        label: t('search.from'),
        chosen: wanted.from,
        find: places('source'),
        signal,
        change: (place) => {
            wanted.from = place;
        },
    });
    const to = combobox({
        id: 'to',
        label: t('search.to'),
        chosen: wanted.to,
        find: places('destination'),
        signal,
        change: (place) => {
            wanted.to = place;
        },
    });
    const date = dateField('date', t('search.date'), wanted.date, today(), (value) => {
        wanted.date = value;
    });
    const back = dateField('back', t('search.back'), wanted.back, today(), (value) => {
        wanted.back = value;
    });
    const seats = el('input', {
        id: 'seats',
        type: 'number',
        min: 1,
        max: MOST_SEATS,
        value: wanted.seats,
        inputmode: 'numeric',
        'aria-describedby': 'seats-fault',
        oninput: () => {
            wanted.seats = Number(seats.value);
        },
    });
    const round = (value, label) =>
        el(
            'label',
            { class: 'inline' },
            el('input', {
                type: 'radio',
                name: 'round',
                value: String(value),
                checked: wanted.round === value,
                onchange: () => {
                    wanted.round = value;
                    back.node.hidden = !value;
                },
            }),
            label,
        );
    back.node.hidden = !wanted.round;

    const rules = [
        [from.input, () => wanted.from, 'search.from.fault'],
        [to.input, () => wanted.to, 'search.to.fault'],
        [date.input, () => wanted.date, 'search.date.fault'],
        [back.input, () => !wanted.round || wanted.back >= wanted.date, 'search.back.fault'],
        [
            seats,
            () => Number.isInteger(wanted.seats) && wanted.seats >= 1 && wanted.seats <= MOST_SEATS,
            'search.seats.fault',
        ],
    ];
    return el(
        'form',
        {
            class: 'card search-trips',
            novalidate: true,
            onsubmit: (event) => {
                event.preventDefault();
                const wrong = rules.filter(
                    ([input, good, words]) => !mark(input, good() ? '' : t(words, { most: MOST_SEATS })),
                );
                if (wrong.length > 0) wrong[0][0].focus();
                else then();
            },
        },
        el(
            'fieldset',
            { class: 'ways' },
            el('legend', { class: 'unseen' }, t('search.ways')),
            round(false, t('search.one_way')),
            round(true, t('search.round')),
        ),
        el(
            'div',
            { class: 'fields' },
            from.nodes,
            to.nodes,
            date.node,
            back.node,
            el(
                'div',
                { class: 'field short' },
                el('label', { for: 'seats' }, t('search.seats')),
                seats,
                el('p', { class: 'fault', id: 'seats-fault' }),
            ),
        ),
        el('button', { type: 'submit', class: 'primary' }, t('search.do')),
    );
}

function mark(input, fault) {
    document.getElementById(`${input.id}-fault`).textContent = fault;
    if (fault) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
    return !fault;
}

function dateField(id, label, value, min, change) {
    const input = el('input', {
        id,
        type: 'date',
        min,
        value,
        'aria-describedby': `${id}-fault`,
        onchange: () => change(input.value),
        oninput: () => change(input.value),
    });
    return {
        input,
        node: el(
            'div',
            { class: 'field' },
            el('label', { for: id }, label),
            input,
            el('p', { class: 'fault', id: `${id}-fault` }),
        ),
    };
}

/** The trips of one way, page by page; `choose(trip)` is called with the one that was pressed. */
export function tripList({ from, to, date, seats }, choose, signal) {
    const list = el('ul', { class: 'trips' });
    const foot = el('div', {}, el('p', { class: 'small' }, t('loading')));
    const node = el('div', {}, list, foot);
    let count = 0;
    let unreadable = 0;

    async function load(page) {
        try {
            const found = await get(
                url('/v1/trips', { from: from.id, to: to.id, date, seats, product: PRODUCT, page }),
                signal,
            );
            count += found.trips.length;
            list.append(...found.trips.map((trip) => item(trip, choose)));
            unreadable += found.unreadable ?? 0;
            refill(
                foot,
                unreadable > 0 && el('p', { class: 'notice' }, t('trips.unreadable', { count: unreadable })),
                count === 0 && el('p', { class: 'notice' }, t('trips.none')),
                found.next_page &&
                    el('button', { type: 'button', onclick: () => load(found.next_page) }, t('trips.more')),
            );
        } catch (error) {
            if (!signal.aborted)
                refill(
                    foot,
                    problemBox(error),
                    el('button', { type: 'button', onclick: () => load(page) }, t('again')),
                );
        }
    }

    load(1);
    return node;
}

function item(trip, choose) {
    const name = trip.travel_name ?? t('trips.unnamed');
    const price = prices(trip);
    return el(
        'li',
        {},
        el(
            'button',
            { type: 'button', class: 'trip', onclick: () => choose(trip) },
            el(
                'span',
                { class: 'when' },
                when(trip),
                isMoment(trip.depart_time) && el('span', { class: 'small' }, day(trip.depart_time)),
            ),
            el(
                'span',
                { class: 'what' },
                el('span', { class: 'strong' }, name),
                el(
                    'span',
                    { class: 'small' },
                    [trip.bus_type, t('hold.trip', { trip: trip.trip_id })].filter(Boolean).join(' · '),
                ),
            ),
            el(
                'span',
                { class: 'where small' },
                [trip.boarding_point, trip.drop_point].filter(Boolean).join(' → '),
            ),
            el(
                'span',
                { class: 'price' },
                price,
                trip.free_seats !== null &&
                    trip.free_seats !== undefined &&
                    el(
                        'span',
                        { class: 'small' },
                        t('trips.free', { count: trip.free_seats, number: number(trip.free_seats) }),
                    ),
            ),
        ),
    );
}

const when = ({ depart_time: leaves, arrival_time: arrives }) =>
    [leaves && readable(leaves), arrives && readable(arrives)].filter(Boolean).join(' – ') ||
    t('trips.no_time');

// The provider's times are its own words; what is no moment is shown as it came.
const isMoment = (text) => /^\d{4}-\d\d-\d\dT/.test(text ?? '');
const readable = (text) => (isMoment(text) ? shortClock(text) : text);

function prices({ lowest_price: low, highest_price: high }) {
    if (low === null || low === undefined) return t('trips.no_price');
    return high && high !== low ? `${rupiah(low)} – ${rupiah(high)}` : rupiah(low);
}

/** One line that tells a trip. */
export const tripLine = (trip) =>
    [
        trip.travel_name ?? t('trips.unnamed'),
        isMoment(trip.depart_time)
            ? `${day(trip.depart_time)} ${shortClock(trip.depart_time)}`
            : trip.depart_time,
        t('hold.trip', { trip: trip.trip_id }),
    ]
        .filter(Boolean)
        .join(' · ');
