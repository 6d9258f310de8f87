// The seats as they stand in the bus. The provider names free seats only, so what is blank may be
// taken, or no seat at all. Arrow keys go from seat to seat, Space takes one.

import { el, refill } from './dom.js';
import { rupiah, shortPrice, t } from './i18n.js';
import { ending } from './magic.js';
import { shape, stateWord } from './states.js';

const LONGEST_BUS = 40;

/**
 * Draws `map` (of `GET /v1/trips/{id}/seats`). `picked` is the list of names to be changed, at most
 * `most`; `changed` is called after each change. In a `sandbox` the magic seats stand apart.
 */
export function seatMap(map, { picked, most, sandbox, changed }) {
    const magic = (seat) => sandbox && ending(seat.name) !== null;
    const prices = new Set(map.seats.map((seat) => seat.price));
    const priced = prices.size > 1;
    const told = el('p', { class: 'picked', role: 'status' });
    const seats = new Map();

    const ordinary = map.seats.filter((seat) => !magic(seat));
    const special = map.seats.filter(magic);

    function toggle(seat) {
        const place = picked.indexOf(seat.name);
        if (place >= 0) picked.splice(place, 1);
        else if (picked.length < most) picked.push(seat.name);
        else if (most === 1) picked.splice(0, 1, seat.name);
        else return void (told.textContent = t('seats.full', { count: most }));
        draw();
        changed();
    }

    function draw() {
        for (const [name, button] of seats)
            button.setAttribute('aria-pressed', String(picked.includes(name)));
        told.textContent = t('seats.picked', {
            picked: picked.length,
            most,
            seats: picked.join(', ') || '–',
        });
    }

    const button = (seat, place) => {
        const spoken = [
            t('seats.seat', { name: seat.name }),
            place,
            seat.price === null ? null : rupiah(seat.price),
            magic(seat) && t('seats.ends', { state: stateWord(ending(seat.name)) }),
        ]
            .filter(Boolean)
            .join(', ');
        const node = el(
            'button',
            {
                type: 'button',
                class: 'seat',
                'aria-pressed': 'false',
                data: { seat: seat.name },
                onclick: () => toggle(seat),
            },
            el('span', { class: 'unseen' }, spoken),
            el('span', { class: 'seat-name', 'aria-hidden': 'true' }, seat.name),
            magic(seat)
                ? el(
                      'span',
                      { class: 'seat-note', 'aria-hidden': 'true', data: { state: ending(seat.name) } },
                      shape(ending(seat.name)),
                      stateWord(ending(seat.name)),
                  )
                : priced &&
                      seat.price !== null &&
                      el('span', { class: 'seat-note', 'aria-hidden': 'true' }, shortPrice(seat.price)),
        );
        seats.set(seat.name, node);
        return node;
    };

    const bus = drawnBus(ordinary, button);
    const apart = el(
        'div',
        { class: 'magic-seats', role: 'group', 'aria-label': t('seats.magic') },
        special.map((seat) => button(seat, null)),
    );
    for (const [field, list] of [
        [bus, ordinary],
        [apart, special],
    ])
        rove(field, list, seats);
    draw();

    return el(
        'div',
        { class: 'seatmap' },
        el(
            'div',
            { class: 'bus', role: 'group', 'aria-label': t('seats.label') },
            el('div', { class: 'front', 'aria-hidden': 'true' }, t('seats.front')),
            ordinary.length === 0 ? el('p', {}, t('seats.none')) : bus,
        ),
        el(
            'div',
            { class: 'beside' },
            told,
            el(
                'p',
                { class: 'small' },
                !priced && map.seats[0]?.price
                    ? t('seats.one_price', { price: rupiah(map.seats[0].price) })
                    : null,
                ' ',
                t('seats.blank'),
            ),
            map.unreadable_seats > 0 &&
                el('p', { class: 'notice' }, t('seats.unreadable', { count: map.unreadable_seats })),
            special.length > 0 && [
                el('h3', {}, t('seats.magic')),
                el('p', { class: 'small' }, t('seats.magic.how')),
                apart,
            ],
        ),
    );
}

// Rows and columns as the provider counts them, from 0 or from 1; columns without any free seat are
// the aisle, rows without one are full.
function drawnBus(seats, button) {
    const node = el('div', { class: 'grid' });
    if (seats.length === 0) return node;
    const lines = numbered(seats.map((seat) => seat.row));
    const ways = numbered(seats.map((seat) => seat.column));
    const used = new Set(seats.map((seat) => ways.at(seat.column)));
    const tracks = Array.from({ length: ways.count }, (_, index) =>
        used.has(index + 1) ? 'minmax(0, 1fr)' : 'minmax(0.8rem, 0.6fr)',
    );
    node.style.gridTemplateColumns = `1.6rem ${tracks.join(' ')}`;
    for (let line = 1; line <= lines.count; line++) {
        const label = el('span', { class: 'row-number', 'aria-hidden': 'true' }, String(line));
        place(label, line, 1);
        node.append(label);
        const taken = new Set();
        for (const seat of seats
            .filter((one) => lines.at(one.row) === line)
            .sort((one, other) => one.column - other.column)) {
            const made = button(seat, t('seats.row', { row: line }));
            // Two seats that claim one place are both shown: the second has another line.
            place(made, taken.has(seat.column) ? null : line, ways.at(seat.column) + 1);
            taken.add(seat.column);
            node.append(made);
        }
    }
    return node;
}

/** Where each number stands, from 1. Numbers too far apart for any bus are closed up. */
function numbered(values) {
    const base = Math.min(1, ...values);
    const last = Math.max(...values);
    if (last - base < LONGEST_BUS) return { count: last - base + 1, at: (value) => value - base + 1 };
    const ranks = [...new Set(values)].sort((one, other) => one - other);
    return { count: ranks.length, at: (value) => ranks.indexOf(value) + 1 };
}

function place(node, row, column) {
    if (row !== null) node.style.gridRow = String(row);
    node.style.gridColumn = String(column);
}

/** One stop for Tab; arrow keys go to the nearest seat in that direction. */
function rove(field, list, seats) {
    const nodes = list.map((seat) => seats.get(seat.name)).filter(Boolean);
    nodes.forEach((node, index) => {
        node.tabIndex = index === 0 ? 0 : -1;
    });
    const enter = (node) => {
        for (const other of nodes) other.tabIndex = other === node ? 0 : -1;
        node.focus();
    };
    field.addEventListener('focusin', (event) => {
        if (nodes.includes(event.target))
            for (const other of nodes) other.tabIndex = other === event.target ? 0 : -1;
    });
    field.addEventListener('keydown', (event) => {
        const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[
            event.key
        ];
        const at = document.activeElement;
        if (!way || !nodes.includes(at)) return;
        event.preventDefault();
        const next = nearest(at, nodes, way);
        if (next) enter(next);
    });
}

function nearest(from, nodes, [x, y]) {
    const middle = (node) => {
        const box = node.getBoundingClientRect();
        return [box.left + box.width / 2, box.top + box.height / 2];
    };
    const [left, top] = middle(from);
    let best = null;
    let least = Infinity;
    for (const node of nodes) {
        const [otherLeft, otherTop] = middle(node);
        const along = (otherLeft - left) * x + (otherTop - top) * y;
        const aside = Math.abs((otherLeft - left) * y) + Math.abs((otherTop - top) * x);
        // Never round a corner: what lies more aside than ahead is in another direction.
        if (along < 4 || aside > along * 2) continue;
        const distance = along + aside * 3;
        if (distance < least) [best, least] = [node, distance];
    }
    return best;
}

/** Loads the map into `node` when asked; here, so that nobody draws one that was not looked at anew. */
export const loadingMap = (node) => refill(node, el('p', { class: 'small' }, t('loading')));
