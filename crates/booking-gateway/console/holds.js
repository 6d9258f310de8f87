// The page of all holds: the uncertain ones first, then those that end soon, then the list.

import { get, url } from './api.js';
import { el, refill } from './dom.js';
import { onHold, onMissed } from './events.js';
import { NEAREST, NEWEST, holdList } from './holdlist.js';
import { number, t } from './i18n.js';
import { problemBox } from './problem.js';
import { soonSection } from './soon.js';
import { STATES, linkTo, stateOf, stateWord } from './states.js';
import { everySecond } from './time.js';
import { uncertainSection } from './uncertain.js';

// The first view is wanted fast, all that follows in few requests.
const FIRST = 100;
const PAGE = 500;

/** Draws the page into `root`; it lives until `signal` is aborted. */
export function holdsPage(root, { query }, signal) {
    const begun = performance.now();
    const filter = { state: query.get('state') ?? '', trip: query.get('trip') ?? '' };
    const summary = el('p', { class: 'summary' });
    const uncertain = uncertainSection(signal, (count) => {
        summary.textContent = t('holds.summary', { count, number: number(count) });
        summary.dataset.count = count;
        document.title = `${count > 0 ? `(${count}) ` : ''}${t('title', { page: t('nav.holds') })}`;
    });
    const soon = soonSection(signal);
    const place = el('div');
    let list = null;

    const restart = () => {
        const next = new URLSearchParams(Object.entries(filter).filter(([, value]) => value));
        history.replaceState(null, '', next.size > 0 ? `#/holds?${next}` : '#/holds');
        list?.close();
        list = loadedList(place, filter, signal);
    };

    refill(
        root,
        el('div', { class: 'page-head' }, el('h1', {}, t('nav.holds')), summary, search()),
        uncertain.node,
        soon.node,
        el(
            'section',
            { 'aria-labelledby': 'all-title' },
            el(
                'div',
                { class: 'section-head' },
                el('h2', { id: 'all-title' }, t('holds.all')),
                filters(filter, restart),
            ),
            place,
        ),
    );

    list = loadedList(place, filter, signal, () => measure('holds: first view', begun));
    uncertain.load();
    soon.load();

    onHold(signal, (hold, kind) => {
        const heard = performance.now();
        list.take(hold);
        uncertain.take(hold, kind);
        soon.take(hold);
        measure('holds: one update', heard);
    });
    onMissed(signal, (justBegun) => {
        if (justBegun) list.refresh();
        else restart();
        uncertain.load();
        soon.load();
    });
    everySecond(signal, () => {
        list.tick();
        uncertain.tick();
        soon.tick();
    });
    signal.addEventListener('abort', () => list.close());
}

/** Measures until what was drawn is on the screen. Only the last of each name is kept. */
function measure(name, start) {
    if (document.hidden) return;
    requestAnimationFrame(() =>
        setTimeout(() => {
            performance.clearMeasures(name);
            performance.measure(name, { start });
        }),
    );
}

function search() {
    const input = el('input', {
        type: 'search',
        id: 'reference',
        autocomplete: 'off',
        spellcheck: 'false',
        maxlength: 64,
    });
    const open = (event) => {
        event.preventDefault();
        const reference = input.value.trim();
        if (reference) location.hash = linkTo(reference);
    };
    return el(
        'form',
        { class: 'search', role: 'search', onsubmit: open },
        el('label', { for: 'reference' }, t('holds.search')),
        input,
        el('button', { type: 'submit' }, t('holds.open')),
    );
}

function filters(filter, changed) {
    const option = (value, text) => el('option', { value, selected: filter.state === value }, text);
    const state = el(
        'select',
        {
            id: 'filter-state',
            onchange: () => {
                filter.state = state.value;
                changed();
            },
        },
        option('', t('holds.every_state')),
        option('unsettled', t('holds.unsettled')),
        option('expiring', t('holds.expiring')),
        STATES.map((name) => option(name, stateWord(name))),
    );
    const trip = el('input', {
        id: 'filter-trip',
        inputmode: 'numeric',
        size: 8,
        autocomplete: 'off',
        value: filter.trip,
        maxlength: 19,
    });
    const apply = (event) => {
        event.preventDefault();
        filter.trip = trip.value.replace(/\D/g, '');
        trip.value = filter.trip;
        changed();
    };
    return el(
        'form',
        { class: 'filters', onsubmit: apply },
        el('label', { for: 'filter-state' }, t('holds.state')),
        state,
        el('label', { for: 'filter-trip' }, t('holds.trip')),
        trip,
        el('button', { type: 'submit' }, t('holds.apply')),
    );
}

/** Whether a changed hold belongs into a list with this filter. */
function belongs(hold, { state, trip }) {
    if (trip && !(hold.legs ?? []).some((leg) => String(leg.trip_id) === trip)) return false;
    if (!state) return true;
    if (state === 'expiring') return stateOf(hold) === 'held' && Boolean(hold.expires_at);
    if (state === 'unsettled')
        return ['unknown', 'held_without_receipt', 'perhaps_booked', 'sending'].includes(hold.state);
    return stateOf(hold) === state;
}

function loadedList(place, filter, signal, first) {
    const list = holdList(t('holds.all'), filter.state === 'expiring' ? NEAREST : NEWEST);
    const used = { ...filter };
    const foot = el('div', { class: 'list-foot' });
    const damaged = el('div');
    let cursor = null;
    let complete = false;
    let busy = false;
    let open = true;
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
            const page = await get(
                url('/v1/holds', { ...used, limit: cursor ? PAGE : FIRST, cursor }),
                signal,
            );
            list.append(page.holds);
            for (const { partner_reference_no: reference, message } of page.damaged ?? []) {
                const text = t('holds.damaged', { reference, message });
                damaged.append(el('p', { class: 'notice bad', role: 'alert' }, text));
            }
            cursor = page.next;
            complete = !cursor;
            busy = false;
            for (const hold of heard.splice(0)) take(hold);
            told();
        } catch (error) {
            busy = false;
            if (!signal.aborted)
                refill(foot, problemBox(error), el('button', { type: 'button', onclick: more }, t('again')));
        }
        first?.();
        first = null;
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
        if (busy) heard.push(hold);
        else list.take(hold, belongs(hold, used), complete);
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
