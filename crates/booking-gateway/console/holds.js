// The page of all holds: the uncertain ones first, then those that end soon, then the list.

import { el, refill } from './dom.js';
import { onHold, onMissed } from './events.js';
import { number, t } from './i18n.js';
import { liveList } from './livelist.js';
import { soonSection } from './soon.js';
import { STATES, linkTo, stateWord } from './states.js';
import { everySecond } from './time.js';
import { uncertainSection } from './uncertain.js';

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
        list = liveList(place, filter, signal);
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

    list = liveList(place, filter, signal, () => measure('holds: first view', begun));
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
