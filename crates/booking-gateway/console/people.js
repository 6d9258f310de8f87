// The people of an order. Nothing of them is in the page, nor loaded, until somebody who may see it
// has said why; that is recorded in the hold's story. It is hidden again after a while, since
// screens are left alone.

import { call, holdPath } from './api.js';
import { ask } from './dialog.js';
import { announce, el, refill } from './dom.js';
import { t } from './i18n.js';
import { can } from './session.js';

const SHOWN_FOR = 5 * 60_000;
const MASK = '••••••';

/** The section; `changed` is called when a disclosure was added to the story. */
export function peopleSection(reference, signal, changed) {
    const place = el('div');
    const node = el(
        'section',
        { class: 'part people', 'aria-labelledby': 'people-title' },
        el('h2', { id: 'people-title' }, t('people.title')),
        place,
    );
    let hold = null;
    let open = false;
    let timer = null;

    function hide() {
        clearTimeout(timer);
        open = false;
        masked();
    }

    function masked() {
        const row = (label) =>
            el(
                'div',
                {},
                el('dt', {}, label),
                el(
                    'dd',
                    {},
                    el('span', { 'aria-hidden': 'true' }, MASK),
                    el('span', { class: 'unseen' }, t('people.masked')),
                ),
            );
        refill(
            place,
            hold.order_kept &&
                el(
                    'dl',
                    { class: 'facts-list' },
                    ['name', 'email', 'phone_number', 'passengers'].map((name) => row(t(`people.${name}`))),
                ),
            !hold.order_kept && el('p', { class: 'quiet' }, t('people.shredded')),
            hold.order_kept && !can('admin') && el('p', { class: 'small' }, t('people.no_scope')),
            hold.order_kept &&
                can('admin') &&
                el('button', { type: 'button', onclick: disclose }, t('people.show')),
        );
    }

    async function disclose() {
        const result = await ask({
            title: t('people.show.title'),
            text: [t('people.show.how')],
            fields: [
                {
                    name: 'because',
                    label: t('settle.because'),
                    hint: t('people.because.hint'),
                    kind: 'area',
                    required: true,
                },
            ],
            button: t('people.show.do'),
            run: async (values) => (await call('POST', holdPath(reference, 'disclosure'), values)).body,
        });
        if (!result || signal.aborted) return;
        open = true;
        timer = setTimeout(hide, SHOWN_FOR);
        const close = el(
            'button',
            {
                type: 'button',
                onclick: () => {
                    hide();
                    place.querySelector('button')?.focus();
                },
            },
            t('people.hide'),
        );
        refill(place, shown(result.value), el('p', { class: 'small' }, t('people.shown_for')), close);
        close.focus();
        announce(t('people.shown'));
        changed();
    }

    signal.addEventListener('abort', () => {
        clearTimeout(timer);
        place.replaceChildren();
    });

    return {
        node,
        update(next) {
            const before = hold;
            hold = next;
            if (!open && before?.order_kept !== next.order_kept) masked();
        },
    };
}

function shown(order) {
    const contact = order.order_detail ?? {};
    return [
        el(
            'dl',
            { class: 'facts-list' },
            ['name', 'email', 'phone_number'].map((name) =>
                el('div', {}, el('dt', {}, t(`people.${name}`)), el('dd', {}, contact[name] ?? '')),
            ),
        ),
        leg(t('people.departure'), order.departure),
        order.return && leg(t('people.return'), order.return),
    ];
}

function leg(title, { trip_id, passengers }) {
    const columns = ['seat_name', 'name', 'dob', 'gender', 'id_card_number'];
    return el(
        'div',
        { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': title },
        el(
            'table',
            {},
            el('caption', {}, `${title} · ${t('hold.trip', { trip: trip_id })}`),
            el(
                'thead',
                {},
                el(
                    'tr',
                    {},
                    columns.map((name) => el('th', { scope: 'col' }, t(`people.${name}`))),
                ),
            ),
            el(
                'tbody',
                {},
                (passengers ?? []).map((one) =>
                    el(
                        'tr',
                        {},
                        columns.map((name) =>
                            el(
                                'td',
                                {},
                                name === 'gender' && ['male', 'female'].includes(one.gender)
                                    ? t(`gender.${one.gender}`)
                                    : (one[name] ?? ''),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    );
}
