// The trips that there are.

import { get, url } from './api.js';
import { el, refill } from './dom.js';
import { number, rupiah, t } from './i18n.js';
import { problemBox } from './problem.js';
import { day, shortClock } from './time.js';

/** What is searched for and held: seats of buses. */
export const PRODUCT = 'BUS';

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
