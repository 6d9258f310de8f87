// A table of very many holds. Rows stand in groups that the browser lays out only when they come
// into view (`content-visibility`), an event draws one row anew, and only visible rows count down.
// Elements of a real table cannot be skipped so, hence the roles.

import { el } from './dom.js';
import { headRow, row } from './holdrow.js';
import { isOlder } from './latest.js';
import { isSoon, isUncertain, stateOf } from './states.js';
import { countdown, left } from './time.js';

const GROUP = 50;

const begun = (hold) => Date.parse(hold.begun_at);
const end = (hold) => (hold.expires_at ? Date.parse(hold.expires_at) : Infinity);

/** Orders of a list, as the gateway has them. */
export const NEWEST = (one, other) => begun(other) - begun(one);
export const NEAREST = (one, other) => end(one) - end(other);

/** An empty list, in which holds stand by `order`, which compares two. */
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

    const node = el(
        'div',
        { class: 'holds', role: 'table', 'aria-label': label },
        el('div', { role: 'rowgroup', class: 'heads' }, headRow()),
    );
    // The first of those that were put away: what is older comes only where it is asked for.
    let edge = null;

    const groupAfter = (other) => {
        const made = el('div', { role: 'rowgroup', class: 'group' });
        other.after(made);
        watch.observe(made);
        return made;
    };

    /** A group changed: how tall it is that was never laid out, and no more in it than is drawn at once. */
    function changed(group) {
        if (group.childElementCount === 0) {
            watch.unobserve(group);
            visible.delete(group);
            return group.remove();
        }
        if (group.childElementCount > 2 * GROUP) {
            const focused = document.activeElement;
            const made = groupAfter(group);
            made.append(...[...group.children].slice(GROUP));
            if (made.contains(focused)) focused.focus({ preventScroll: true });
            changed(made);
        }
        group.style.setProperty('--rows', group.childElementCount);
    }

    const entryOf = (hold) => ({
        hold,
        end: end(hold),
        state: stateOf(hold),
        soon: isSoon(hold),
        ...row(hold),
    });

    /** Takes in what was loaded. */
    function append(holds) {
        edge = null;
        for (const hold of holds) {
            const known = byReference.get(hold.partner_reference_no);
            if (known) redraw(known, hold);
            else put(hold, placeOf(hold));
        }
    }

    /** How many stand before a hold. */
    function placeOf(hold) {
        let low = 0;
        let high = entries.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (order(entries[middle].hold, hold) <= 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    function put(hold, place) {
        const entry = entryOf(hold);
        if (place < entries.length) {
            entries[place].node.before(entry.node);
        } else {
            const last = node.lastElementChild;
            const full = !last.classList.contains('group') || last.childElementCount >= GROUP;
            (full ? groupAfter(last) : last).append(entry.node);
        }
        entries.splice(place, 0, entry);
        byReference.set(hold.partner_reference_no, entry);
        changed(entry.node.parentElement);
    }

    /** Puts a new hold where it belongs, unless that is beyond what is loaded, or among what was put away. */
    function insert(hold, complete) {
        if (edge && !stays(hold) && order(edge, hold) <= 0) return;
        const place = placeOf(hold);
        if (place < entries.length || complete || (edge && stays(hold))) put(hold, place);
    }

    function redraw(entry, hold) {
        const held = entry.node.contains(document.activeElement);
        const next = entryOf(hold);
        entry.node.replaceWith(next.node);
        Object.assign(entry, next);
        if (held) entry.node.querySelector('a')?.focus({ preventScroll: true });
    }

    function remove(entry) {
        const group = entry.node.parentElement;
        entry.node.remove();
        changed(group);
        entries.splice(entries.indexOf(entry), 1);
        byReference.delete(entry.hold.partner_reference_no);
    }

    /** Puts away those that come last, down to `most`, but none that stays. Answers how many went. */
    function trim(most) {
        const before = entries.length;
        for (let place = entries.length - 1; place >= 0 && entries.length > most; place--) {
            const entry = entries[place];
            if (stays(entry.hold) || entry.node.contains(document.activeElement)) continue;
            if (!edge || order(entry.hold, edge) < 0) edge = entry.hold;
            remove(entry);
        }
        return before - entries.length;
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

    return { node, append, take, trim, tick, size: () => entries.length, close: () => watch.disconnect() };
}

/** Whether a hold is kept however many come: somebody has to look at it, or soon may have to. */
const stays = (hold) => isUncertain(hold) || hold.state === 'sending';
