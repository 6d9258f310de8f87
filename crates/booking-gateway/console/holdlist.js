// A table of very many holds. Rows stand in groups that the browser lays out only when they come
// into view (`content-visibility`), an event draws one row anew, and only visible rows count down.
// Elements of a real table cannot be skipped so, hence the roles.

import { el } from './dom.js';
import { t } from './i18n.js';
import { isOlder } from './latest.js';
import { badge, isSoon, legs, linkTo, shape, stateOf } from './states.js';
import { clock, countdown, day, left, spoken, stamp } from './time.js';

const GROUP = 50;
const COLUMNS = ['reference', 'state', 'left', 'seats', 'tenant', 'begun'];

const begun = (hold) => Date.parse(hold.begun_at);
const end = (hold) => (hold.expires_at ? Date.parse(hold.expires_at) : Infinity);

/** Orders of a list, as the gateway has them. */
export const NEWEST = (one, other) => begun(other) - begun(one);
export const NEAREST = (one, other) => end(one) - end(other);

/** An empty list. `order` compares two holds; what was loaded last comes last in it. */
export function holdList(label, order = NEWEST) {
    const entries = [];
    const byReference = new Map();
    const visible = new Set();
    const watch = new IntersectionObserver(
        (changes) => {
            for (const { target, isIntersecting } of changes) {
                if (isIntersecting) visible.add(target);
                else visible.delete(target);
            }
            tick();
        },
        { rootMargin: '200px' },
    );

    const head = el(
        'div',
        { class: 'row head', role: 'row' },
        COLUMNS.map((name) => el('div', { role: 'columnheader', class: `c-${name}` }, t(`list.${name}`))),
    );
    const node = el(
        'div',
        { class: 'holds', role: 'table', 'aria-label': label },
        el('div', { role: 'rowgroup', class: 'heads' }, head),
    );

    const group = () => {
        const made = el('div', { role: 'rowgroup', class: 'group' });
        node.append(made);
        watch.observe(made);
        return made;
    };

    const entryOf = (hold) => ({
        hold,
        end: end(hold),
        state: stateOf(hold),
        soon: isSoon(hold),
        ...row(hold),
    });

    function append(holds) {
        let last = node.lastElementChild;
        for (const hold of holds) {
            const known = byReference.get(hold.partner_reference_no);
            if (known) {
                redraw(known, hold);
                continue;
            }
            if (!last.classList.contains('group') || last.childElementCount >= GROUP) last = group();
            const entry = entryOf(hold);
            entries.push(entry);
            byReference.set(hold.partner_reference_no, entry);
            last.append(entry.node);
            // How tall a group is that was never laid out.
            last.style.setProperty('--rows', last.childElementCount);
        }
    }

    /** Puts a new hold where it belongs. `false`: that is beyond what is loaded. */
    function insert(hold, complete) {
        let low = 0;
        let high = entries.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (order(entries[middle].hold, hold) <= 0) low = middle + 1;
            else high = middle;
        }
        if (low === entries.length) {
            if (complete) append([hold]);
            return complete;
        }
        const entry = entryOf(hold);
        entries[low].node.before(entry.node);
        entries.splice(low, 0, entry);
        byReference.set(hold.partner_reference_no, entry);
        return true;
    }

    function redraw(entry, hold) {
        const held = entry.node.contains(document.activeElement);
        const next = entryOf(hold);
        entry.node.replaceWith(next.node);
        Object.assign(entry, next);
        if (held) entry.node.querySelector('a')?.focus({ preventScroll: true });
    }

    function remove(entry) {
        entry.node.remove();
        entries.splice(entries.indexOf(entry), 1);
        byReference.delete(entry.hold.partner_reference_no);
    }

    /** Takes one changed hold into the list, or out of it where it does not belong any more. */
    function take(hold, belongs, complete) {
        const known = byReference.get(hold.partner_reference_no);
        if (known && (isOlder(hold, known.hold) || JSON.stringify(hold) === JSON.stringify(known.hold))) return;
        if (known && belongs) redraw(known, hold);
        else if (known) remove(known);
        else if (belongs) insert(hold, complete);
    }

    /** One second has passed. */
    function tick() {
        for (const entry of entries) {
            if (entry.state !== 'held' || entry.end === Infinity) continue;
            if (stateOf(entry.hold) !== entry.state || isSoon(entry.hold) !== entry.soon)
                redraw(entry, entry.hold);
            else if (visible.has(entry.node.parentElement))
                entry.left.textContent = countdown(left(entry.hold));
        }
    }

    return { node, append, take, tick, size: () => entries.length, close: () => watch.disconnect() };
}

function row(hold) {
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
        { class: 'hurry', title: spoken(rest) },
        shape('expired'),
        time,
        el('span', { class: 'tag' }, t('list.soon')),
    );
}
