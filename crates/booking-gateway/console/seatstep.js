// The step of a block in which seats of one trip are picked.

import { get, url } from './api.js';
import { el, refill } from './dom.js';
import { t } from './i18n.js';
import { problemBox } from './problem.js';
import { loadingMap, seatMap } from './seatmap.js';
import { session } from './session.js';
import { PRODUCT, tripLine } from './trips.js';

/** Draws it into `place`: `most` seats of `leg` are picked, then `go` is called. */
export function seatStep(place, leg, most, go, signal) {
    const field = el('div');
    const next = el('button', { type: 'button', class: 'primary', onclick: go }, t('block.next'));
    const enough = () => {
        next.disabled = leg.picked.length !== most;
    };
    refill(
        place,
        el('h2', { tabindex: '-1' }, t('block.seats', { trip: tripLine(leg.trip) })),
        field,
        el('div', { class: 'buttons' }, next),
    );
    enough();

    // Free seats are a matter of moments: each visit looks anew.
    async function load() {
        loadingMap(field);
        try {
            leg.map = await get(url(`/v1/trips/${leg.trip.trip_id}/seats`, { product: PRODUCT }), signal);
            const free = new Set(leg.map.seats.map((seat) => seat.name));
            leg.picked = leg.picked.filter((name) => free.has(name)).slice(0, most);
            refill(
                field,
                seatMap(leg.map, {
                    picked: leg.picked,
                    most,
                    sandbox: session()?.sandbox === true,
                    changed: enough,
                }),
            );
            enough();
        } catch (error) {
            if (!signal.aborted)
                refill(field, problemBox(error), el('button', { type: 'button', onclick: load }, t('again')));
        }
    }
    load();
}
