// The list of all holds: the first page at once, the next ones as they come into view, and every change
// as it is heard. However long the page stays open, it keeps so many; those that nobody knows about stay.

import { get, url } from './api.js';
import { el, refill } from './dom.js';
import { NEAREST, NEWEST, holdList } from './holdlist.js';
import { number, t } from './i18n.js';
import { problemBox } from './problem.js';
import { stateOf } from './states.js';

// The first view is wanted fast, all that follows in few requests.
const FIRST = 100;
const PAGE = 500;

// What a page that nobody scrolls keeps.
const KEPT = 1000;

/** Whether a changed hold belongs into a list with this filter. */
function belongs(hold, { state, trip }) {
    if (trip && !(hold.legs ?? []).some((leg) => String(leg.trip_id) === trip)) return false;
    if (!state) return true;
    if (state === 'expiring') return stateOf(hold) === 'held' && Boolean(hold.expires_at);
    if (state === 'unsettled')
        return ['unknown', 'held_without_receipt', 'perhaps_booked', 'sending'].includes(hold.state);
    return stateOf(hold) === state;
}

/**
 * A list of the holds that `filter` lets through, in `place`: loaded page by page, and live. `first` is
 * called once its first page is drawn.
 */
export function liveList(place, filter, signal, first) {
    const list = holdList(t('holds.all'), filter.state === 'expiring' ? NEAREST : NEWEST);
    const used = { ...filter };
    const foot = el('div', { class: 'list-foot' });
    const damaged = el('div');
    let cursor = null;
    let complete = false;
    let busy = false;
    let open = true;
    // So many are kept: what was asked for, and no more for all that comes in a night.
    let most = KEPT;
    let away = 0;
    // What is heard while an answer is on its way may be newer than the answer.
    const heard = [];

    // Comes into view: the next page is loaded. It can be pressed as well.
    const watch = new IntersectionObserver(
        (changes) => changes.some((change) => change.isIntersecting) && more(),
        { rootMargin: '600px' },
    );

    async function more() {
        if (busy || complete || !open) return;
        busy = true;
        try {
            const before = list.size();
            do {
                const limit = cursor || away ? PAGE : FIRST;
                const page = await get(url('/v1/holds', { ...used, limit, cursor }), signal);
                list.append(page.holds);
                tellDamaged(page.damaged);
                cursor = page.next;
                complete = !cursor;
                // Below what was kept begins what was put away.
            } while (away && !complete && list.size() === before);
            away = 0;
            most = Math.max(KEPT, list.size());
            busy = false;
            told();
            for (const hold of heard.splice(0)) take(hold);
        } catch (error) {
            busy = false;
            if (!signal.aborted)
                refill(foot, problemBox(error), el('button', { type: 'button', onclick: more }, t('again')));
        }
        first?.();
        first = null;
    }

    /** What cannot be read is told once, however often its page is loaded. */
    function tellDamaged(records = []) {
        for (const { partner_reference_no: reference, message } of records) {
            const text = t('holds.damaged', { reference, message });
            const known = [...damaged.children].some((line) => line.textContent === text);
            if (!known) damaged.append(el('p', { class: 'notice bad', role: 'alert' }, text));
        }
    }

    function told() {
        watch.disconnect();
        if (complete) {
            refill(
                foot,
                el(
                    'p',
                    { class: 'small' },
                    list.size() === 0
                        ? t('holds.none')
                        : t('holds.complete', { count: list.size(), number: number(list.size()) }),
                ),
            );
            return;
        }
        const next = el('button', { type: 'button', onclick: more }, t('holds.more'));
        refill(foot, el('p', { class: 'small' }, t('holds.loaded', { number: number(list.size()) })), next);
        watch.observe(next);
    }

    function take(hold) {
        if (busy) return heard.push(hold);
        list.take(hold, belongs(hold, used), complete);
        const went = list.trim(most);
        if (went === 0) return;
        // A cursor tells no place in the middle, so the next load walks down from the top.
        complete = false;
        cursor = null;
        away += went;
        toldAway();
    }

    /** Only pressing loads them: else what makes room would be asked for again at once. */
    function toldAway() {
        const text = t('holds.put_away', { count: away, number: number(away), kept: number(list.size()) });
        const line = foot.querySelector('.put-away');
        if (line) {
            line.textContent = text;
            return;
        }
        watch.disconnect();
        refill(
            foot,
            el('p', { class: 'small put-away' }, text),
            el('button', { type: 'button', onclick: more }, t('holds.more')),
        );
    }

    /** Takes the first page in once more. */
    async function refresh() {
        try {
            const page = await get(url('/v1/holds', { ...used, limit: FIRST }), signal);
            if (open) for (const hold of page.holds) take(hold);
        } catch {
            // Where the gateway cannot be asked, the list's own load tells it.
        }
    }

    refill(foot, el('p', { class: 'small' }, t('loading')));
    refill(place, damaged, list.node, foot);
    more();
    return {
        take,
        refresh,
        tick: list.tick,
        close() {
            open = false;
            watch.disconnect();
            list.close();
        },
    };
}
