// Drawings in SVG. Colours and patterns come from the style sheet, by series; a screen reader hears
// the title and is told that a table follows.

import { svg } from './dom.js';
import { number, t } from './i18n.js';

const HEIGHT = 240;
const LEFT = 34;
const BOTTOM = 26;
const TOP = 8;

/** A round number at or above `value`, and the steps to it. */
export function scale(value) {
    const rough = Math.max(value, 1) / 4;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = Math.max(
        1,
        [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough),
    );
    const top = Math.ceil(Math.max(value, 1) / step) * step;
    return { top, ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step) };
}

function frame(title, width) {
    return svg('svg', {
        class: 'chart',
        viewBox: `0 0 ${width} ${HEIGHT}`,
        role: 'img',
        'aria-label': t('chart.label', { title }),
    });
}

function axis(drawing, ticks, top, width) {
    const y = (value) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP);
    for (const tick of ticks) {
        drawing.append(
            svg('line', { class: 'rule', x1: LEFT, x2: width, y1: y(tick), y2: y(tick) }),
            svg('text', { class: 'tick', x: LEFT - 6, y: y(tick) + 4, 'text-anchor': 'end' }, number(tick)),
        );
    }
    return y;
}

/** Bars of several series, one upon the other, for a place so many pixels wide. */
export function stackedBars({ title, buckets, series, label, word, room }) {
    const drawing = frame(title, room);
    const sums = buckets.map((bucket) => series.reduce((sum, name) => sum + bucket[name], 0));
    const { top, ticks } = scale(Math.max(0, ...sums));
    const y = axis(drawing, ticks, top, room);
    const slot = (room - LEFT) / Math.max(1, buckets.length);
    const width = Math.max(1, slot * 0.72);
    // No label runs into the next one.
    const longest = Math.max(1, ...buckets.map((bucket) => label(bucket).length));
    const every = Math.ceil((longest * 7 + 14) / slot);
    buckets.forEach((bucket, index) => {
        const x = LEFT + index * slot + (slot - width) / 2;
        const said = series
            .filter((name) => bucket[name] > 0)
            .map((name) => `${word(name)}: ${number(bucket[name])}`);
        const bar = svg('g', {}, svg('title', {}, [label(bucket), ...said].join('\n')));
        let base = 0;
        for (const name of series) {
            if (bucket[name] === 0) continue;
            const low = y(base);
            base += bucket[name];
            bar.append(
                svg('rect', {
                    class: 'bar',
                    'data-series': name,
                    x,
                    width,
                    y: y(base),
                    height: Math.max(0.5, low - y(base)),
                }),
            );
        }
        // The whole slot shows what is written about it, not only the bar.
        bar.append(
            svg('rect', {
                class: 'hit',
                x: LEFT + index * slot,
                width: slot,
                y: TOP,
                height: HEIGHT - BOTTOM - TOP,
            }),
        );
        drawing.append(bar);
        if (index % every === 0)
            drawing.append(
                svg(
                    'text',
                    { class: 'tick', x: x + width / 2, y: HEIGHT - 8, 'text-anchor': 'middle' },
                    label(bucket),
                ),
            );
    });
    return drawing;
}

/** Bars of one series, each with its name and count. */
export function histogram({ title, bars, room }) {
    const drawing = frame(title, room);
    const { top, ticks } = scale(Math.max(0, ...bars.map(([, count]) => count)));
    const y = axis(drawing, ticks, top, room);
    const slot = (room - LEFT) / Math.max(1, bars.length);
    bars.forEach(([name, count], index) => {
        const x = LEFT + index * slot + slot * 0.1;
        drawing.append(
            svg(
                'g',
                {},
                svg('title', {}, `${name}: ${number(count)}`),
                svg('rect', {
                    class: 'bar',
                    'data-series': 'latency',
                    x,
                    width: slot * 0.8,
                    y: y(count),
                    height: HEIGHT - BOTTOM - y(count),
                }),
                svg(
                    'text',
                    { class: 'tick', x: x + slot * 0.4, y: HEIGHT - 8, 'text-anchor': 'middle' },
                    name,
                ),
                count > 0 &&
                    svg(
                        'text',
                        {
                            class: 'tick',
                            x: x + slot * 0.4,
                            y: Math.max(y(count) - 4, 10),
                            'text-anchor': 'middle',
                        },
                        number(count),
                    ),
            ),
        );
    });
    return drawing;
}

/** One bar of parts: `[[word, value, series]]`. */
export function share(parts) {
    const sum = parts.reduce((all, [, value]) => all + value, 0);
    const said = parts.map(([word, value]) => `${word}: ${number(value)}`).join(', ');
    const drawing = svg('svg', {
        class: 'chart share',
        viewBox: '0 0 400 18',
        preserveAspectRatio: 'none',
        role: 'img',
        'aria-label': said,
    });
    let x = 0;
    for (const [word, value, series] of parts) {
        const width = sum > 0 ? (value / sum) * 400 : 0;
        if (width === 0) continue;
        drawing.append(
            svg(
                'g',
                {},
                svg('title', {}, `${word}: ${number(value)}`),
                svg('rect', {
                    class: 'bar',
                    'data-series': series,
                    x,
                    y: 0,
                    width: Math.max(1, width - 2),
                    height: 18,
                }),
            ),
        );
        x += width;
    }
    return drawing;
}
