// How it goes: outcomes over time, holds that became tickets, seats held for nothing, and how fast
// the provider answers. Each drawing has a table that says the same.

import { get, url } from './api.js';
import { histogram, share, stackedBars } from './charts.js';
import { el, refill } from './dom.js';
import { number, percent, t } from './i18n.js';
import { problemBox } from './problem.js';
import { shape } from './states.js';
import { day, shortClock, stamp } from './time.js';

const HOURS = [6, 24, 168];
const EDGES = 36;
const OUTCOMES = ['booked', 'held', 'expired', 'refused', 'not_sent', 'unknown'];
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
        data && refill(place, draw(data, Math.max(260, Math.min(1300, place.clientWidth) - EDGES)));
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

function draw(data, room) {
    return [
        data.truncated && el('p', { class: 'notice' }, t('overview.truncated')),
        el('div', { class: 'tiles' }, tickets(data), seatTime(data)),
        outcomes(data, room),
        data.provider && latency(data.provider, room),
    ];
}

function figure(title, note, drawing, table, legend) {
    return el(
        'figure',
        { class: 'card' },
        el('figcaption', {}, el('h2', {}, title), note && el('p', { class: 'small' }, note)),
        legend,
        drawing,
        table &&
            el(
                'details',
                {},
                el('summary', {}, t('overview.table')),
                el('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': title }, table),
            ),
    );
}

function table(caption, head, rows) {
    return el(
        'table',
        {},
        el('caption', { class: 'unseen' }, caption),
        el(
            'thead',
            {},
            el(
                'tr',
                {},
                head.map((text) => el('th', { scope: 'col' }, text)),
            ),
        ),
        el(
            'tbody',
            {},
            rows.map(([first, ...rest]) =>
                el(
                    'tr',
                    {},
                    el('th', { scope: 'row' }, first),
                    rest.map((text) => el('td', {}, text)),
                ),
            ),
        ),
    );
}

const parts = (list) =>
    el(
        'div',
        {},
        share(list),
        el(
            'ul',
            { class: 'legend share-legend' },
            list.map(([word, value, series]) =>
                el('li', {}, el('span', { class: 'swatch', data: { series } }), `${word} ${number(value)}`),
            ),
        ),
    );

function tickets({ blocks, held, booked }) {
    const part = blocks > 0 ? booked / blocks : null;
    const rows = [
        [t('overview.blocks'), number(blocks)],
        [t('overview.ever_held'), number(held)],
        [t('overview.booked'), number(booked)],
    ];
    return figure(
        t('overview.tickets'),
        t('overview.tickets.how'),
        el(
            'div',
            {},
            el('p', { class: 'figure' }, part === null ? '–' : percent(part)),
            parts([
                [t('overview.booked'), booked, 'booked'],
                [t('overview.held_only'), Math.max(0, held - booked), 'held'],
                [t('overview.never_held'), Math.max(0, blocks - held), 'none'],
            ]),
        ),
        table(t('overview.tickets'), [t('overview.what'), t('overview.count')], rows),
    );
}

function seatTime({ seat_minutes_held: all, seat_minutes_unsold: unsold }) {
    const rows = [
        [t('overview.seat_held'), number(all, 1)],
        [t('overview.seat_unsold'), number(unsold, 1)],
    ];
    return figure(
        t('overview.seat_time'),
        t('overview.seat_time.how'),
        el(
            'div',
            {},
            el(
                'p',
                { class: 'figure' },
                number(unsold),
                ' ',
                el('span', { class: 'small' }, t('overview.of', { all: number(all) })),
            ),
            parts([
                [t('overview.seat_sold'), Math.max(0, all - unsold), 'booked'],
                [t('overview.seat_unsold'), unsold, 'expired'],
            ]),
        ),
        table(t('overview.seat_time'), [t('overview.what'), t('overview.minutes')], rows),
    );
}

function outcomes(data, room) {
    const long = data.bucket_minutes >= 24 * 60 || data.buckets.length * data.bucket_minutes > 48 * 60;
    const label = (bucket) => (long ? `${day(bucket.at)} ${shortClock(bucket.at)}` : shortClock(bucket.at));
    const title = t('overview.outcomes');
    const word = (name) => t(`state.${name}`);
    const legend = el(
        'ul',
        { class: 'legend' },
        OUTCOMES.map((name) =>
            el('li', {}, el('span', { class: 'swatch', data: { series: name } }), shape(name), word(name)),
        ),
    );
    const rows = data.buckets.map((bucket) => [
        stamp(bucket.at),
        ...OUTCOMES.map((name) => number(bucket[name])),
    ]);
    return figure(
        title,
        t('overview.outcomes.how', {
            from: stamp(data.from),
            to: stamp(data.to),
            minutes: number(data.bucket_minutes),
        }),
        stackedBars({ title, buckets: data.buckets, series: OUTCOMES, label, word, room }),
        table(title, [t('overview.from'), ...OUTCOMES.map(word)], rows),
        legend,
    );
}

function latency(provider, room) {
    const title = t('overview.latency');
    const bars = provider.histogram ?? [];
    const name = (bar) => (bar.up_to_ms === null ? t('overview.beyond') : `≤ ${number(bar.up_to_ms)}`);
    const quantiles = el(
        'dl',
        { class: 'quantiles' },
        [
            ['p50', provider.p50_ms],
            ['p95', provider.p95_ms],
            ['p99', provider.p99_ms],
        ].map(([key, value]) =>
            el(
                'div',
                {},
                el('dt', {}, key),
                el('dd', {}, value === null || value === undefined ? '–' : `${number(value)} ms`),
            ),
        ),
    );
    return figure(
        title,
        provider.since
            ? t('overview.latency.how', {
                  since: stamp(provider.since),
                  count: provider.blocks,
                  number: number(provider.blocks),
              })
            : t('overview.latency.none'),
        histogram({ title, bars: bars.map((bar) => [name(bar), bar.count]), room }),
        table(
            title,
            [t('overview.up_to'), t('overview.count')],
            bars.map((bar) => [name(bar), number(bar.count)]),
        ),
        quantiles,
    );
}
