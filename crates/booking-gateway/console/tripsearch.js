// From where to where, when, and how many.

import { get, url } from './api.js';
import { combobox } from './combobox.js';
import { el } from './dom.js';
import { t } from './i18n.js';
import { today } from './time.js';
import { PRODUCT } from './trips.js';

const MOST_SEATS = 40;

const places = (role) => async (keyword, signal) =>
    (await get(url('/v1/places', { keyword, role, product: PRODUCT }), signal)).places;

/** The search form. `wanted` is changed as one types; `then` is called when it is complete. */
export function searchForm(wanted, then, signal) {
    const from = combobox({
        id: 'from',
        label: t('search.from'),
        chosen: wanted.from,
        find: places('source'),
        signal,
        change: (place) => {
            wanted.from = place;
        },
    });
    const to = combobox({
        id: 'to',
        label: t('search.to'),
        chosen: wanted.to,
        find: places('destination'),
        signal,
        change: (place) => {
            wanted.to = place;
        },
    });
    const date = dateField('date', t('search.date'), wanted.date, today(), (value) => {
        wanted.date = value;
    });
    const back = dateField('back', t('search.back'), wanted.back, today(), (value) => {
        wanted.back = value;
    });
    const seats = el('input', {
        id: 'seats',
        type: 'number',
        min: 1,
        max: MOST_SEATS,
        value: wanted.seats,
        inputmode: 'numeric',
        'aria-describedby': 'seats-fault',
        oninput: () => {
            wanted.seats = Number(seats.value);
        },
    });
    const round = (value, label) =>
        el(
            'label',
            { class: 'inline' },
            el('input', {
                type: 'radio',
                name: 'round',
                value: String(value),
                checked: wanted.round === value,
                onchange: () => {
                    wanted.round = value;
                    back.node.hidden = !value;
                },
            }),
            label,
        );
    back.node.hidden = !wanted.round;

    const rules = [
        [from.input, () => wanted.from, 'search.from.fault'],
        [to.input, () => wanted.to, 'search.to.fault'],
        [date.input, () => wanted.date, 'search.date.fault'],
        [back.input, () => !wanted.round || wanted.back >= wanted.date, 'search.back.fault'],
        [
            seats,
            () => Number.isInteger(wanted.seats) && wanted.seats >= 1 && wanted.seats <= MOST_SEATS,
            'search.seats.fault',
        ],
    ];
    return el(
        'form',
        {
            class: 'card search-trips',
            novalidate: true,
            onsubmit: (event) => {
                event.preventDefault();
                const wrong = rules.filter(
                    ([input, good, words]) => !mark(input, good() ? '' : t(words, { most: MOST_SEATS })),
                );
                if (wrong.length > 0) wrong[0][0].focus();
                else then();
            },
        },
        el(
            'fieldset',
            { class: 'ways' },
            el('legend', { class: 'unseen' }, t('search.ways')),
            round(false, t('search.one_way')),
            round(true, t('search.round')),
        ),
        el(
            'div',
            { class: 'fields' },
            from.nodes,
            to.nodes,
            date.node,
            back.node,
            el(
                'div',
                { class: 'field short' },
                el('label', { for: 'seats' }, t('search.seats')),
                seats,
                el('p', { class: 'fault', id: 'seats-fault' }),
            ),
        ),
        el('button', { type: 'submit', class: 'primary' }, t('search.do')),
    );
}

function mark(input, fault) {
    document.getElementById(`${input.id}-fault`).textContent = fault;
    if (fault) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
    return !fault;
}

function dateField(id, label, value, min, change) {
    const input = el('input', {
        id,
        type: 'date',
        min,
        value,
        'aria-describedby': `${id}-fault`,
        onchange: () => change(input.value),
        oninput: () => change(input.value),
    });
    return {
        input,
        node: el(
            'div',
            { class: 'field' },
            el('label', { for: id }, label),
            input,
            el('p', { class: 'fault', id: `${id}-fault` }),
        ),
    };
}
