// How it goes: outcomes over time, holds that became tickets, seats held for nothing, and how fast
// the provider answers.

import { get, url } from './api.js';
import { el, refill } from './dom.js';
import { figures } from './figures.js';
import { t } from './i18n.js';
import { problemBox } from './problem.js';

const HOURS = [6, 24, 168];
const EDGES = 36;
let hours = 24;

/** Draws the page into `root`; it lives until `signal` is aborted. */
export function overviewPage(root, _where, signal) {
    const place = el('div', { class: 'figures' });
    const select = el(
        'select',
        {
            id: 'hours',
            onchange: () => {
                hours = Number(select.value);
                load();
            },
        },
        HOURS.map((value) =>
            el(
                'option',
                { value, selected: value === hours },
                t('overview.hours', {
                    count: value < 48 ? value : value / 24,
                    unit: t(value < 48 ? 'unit.hours' : 'unit.days'),
                }),
            ),
        ),
    );
    refill(
        root,
        el(
            'div',
            { class: 'page-head' },
            el('h1', {}, t('nav.overview')),
            el(
                'div',
                { class: 'filters' },
                el('label', { for: 'hours' }, t('overview.window')),
                select,
                el('button', { type: 'button', onclick: () => load() }, t('overview.reload')),
            ),
        ),
        place,
    );

    // Drawn to the width there is, so that letters stay letters on a phone.
    let data = null;
    const redraw = () =>
        data && refill(place, figures(data, Math.max(260, Math.min(1300, place.clientWidth) - EDGES)));
    let width = 0;
    const watch = new ResizeObserver(() => {
        if (width !== place.clientWidth) redraw();
        width = place.clientWidth;
    });
    watch.observe(place);
    signal.addEventListener('abort', () => watch.disconnect());

    async function load() {
        place.setAttribute('aria-busy', 'true');
        try {
            data = await get(url('/v1/overview', { hours }), signal);
            redraw();
        } catch (error) {
            if (!signal.aborted)
                refill(place, problemBox(error), el('button', { type: 'button', onclick: load }, t('again')));
        }
        place.removeAttribute('aria-busy');
    }
    load();
}
