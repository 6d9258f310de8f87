// The figures of the overview. Each drawing has a table that says the same.

import { histogram, share, stackedBars } from './charts.js';
import { el } from './dom.js';
import { number, percent, t } from './i18n.js';
import { shape } from './states.js';
import { day, shortClock, stamp } from './time.js';

const OUTCOMES = ['booked', 'held', 'expired', 'refused', 'not_sent', 'unknown'];

/** The figures of an overview, drawn `room` wide. */
export function figures(data, room) {
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
