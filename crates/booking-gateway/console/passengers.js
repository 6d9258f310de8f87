// Who travels, who is to be told, at what price and under which reference. The gateway checks the
// order; each fault it finds is shown at its field.

import { el, refill } from './dom.js';
import { t } from './i18n.js';
import { showFaults } from './orderfaults.js';
import { today } from './time.js';

const FIRST_DAY = '1900-01-01';

const PERSON = [
    { name: 'name', maxlength: 100 },
    { name: 'dob', type: 'date', min: FIRST_DAY },
    { name: 'gender', options: ['male', 'female'] },
    { name: 'id_card_number', maxlength: 32 },
];
const CONTACT = [
    { name: 'name', maxlength: 100 },
    { name: 'email', type: 'email', maxlength: 254 },
    { name: 'phone_number', type: 'tel', maxlength: 20 },
];

/**
 * The form of an order. `model` holds what was entered; `send` is called to send it. The result has
 * `node` and `fault(problems)`, which shows the gateway's faults and moves the focus to the first.
 */
export function orderForm(model, { send, renew, total }) {
    const fields = new Map();
    const summary = el('div', { class: 'notice bad', role: 'alert', tabindex: '-1', hidden: true });
    const button = el('button', { type: 'submit', class: 'primary' }, t('order.send'));

    const field = (path, spec, store) => {
        const made = input(path, spec, store);
        fields.set(path, made);
        return made.node;
    };

    const people = (leg) =>
        model.legs[leg].picked.map((seat, index) => {
            const person = (model.people[leg][index] ??= {});
            return el(
                'fieldset',
                { class: 'person' },
                el('legend', {}, t('order.passenger', { number: index + 1, seat })),
                el(
                    'div',
                    { class: 'fields' },
                    PERSON.map((spec) =>
                        field(
                            `${leg === 0 ? 'departure' : 'return'}.passengers[${index}].${spec.name}`,
                            spec,
                            person,
                        ),
                    ),
                ),
            );
        });

    const returning = el('div');
    const drawReturn = () => {
        for (const path of [...fields.keys()]) if (path.startsWith('return.')) fields.delete(path);
        if (!model.search.round) return;
        refill(
            returning,
            el(
                'label',
                { class: 'inline' },
                el('input', {
                    type: 'checkbox',
                    checked: model.samePeople,
                    onchange: (event) => {
                        model.samePeople = event.target.checked;
                        drawReturn();
                        returning.querySelector('input').focus();
                    },
                }),
                t('order.same'),
            ),
            model.samePeople
                ? el(
                      'p',
                      { class: 'small' },
                      t('order.same.seats', { seats: model.legs[1].picked.join(', ') }),
                  )
                : people(1),
        );
    };
    drawReturn();

    const price = field(
        'selling_price',
        {
            name: 'selling_price',
            inputmode: 'numeric',
            label: t('order.price'),
            hint: total === null ? t('order.price.unknown') : t('order.price.hint'),
        },
        model,
    );
    const reference = field(
        'partner_reference_no',
        {
            name: 'reference',
            label: t('order.reference'),
            hint: t('order.reference.hint'),
            maxlength: 64,
            key: 'reference',
        },
        model,
    );

    const node = el(
        'form',
        {
            class: 'order',
            novalidate: true,
            onsubmit: (event) => {
                event.preventDefault();
                send();
            },
        },
        summary,
        el(
            'fieldset',
            { class: 'card' },
            el('legend', {}, t('order.contact')),
            el(
                'div',
                { class: 'fields' },
                CONTACT.map((spec) => field(`order_detail.${spec.name}`, spec, model.contact)),
            ),
        ),
        el('div', { class: 'card' }, el('h3', {}, t('order.passengers')), people(0), returning),
        el(
            'fieldset',
            { class: 'card' },
            el('legend', {}, t('order.terms')),
            el(
                'div',
                { class: 'fields' },
                price,
                el(
                    'div',
                    {},
                    reference,
                    el(
                        'button',
                        {
                            type: 'button',
                            class: 'plain',
                            onclick: () => {
                                renew();
                                fields.get('partner_reference_no').control.value = model.reference;
                            },
                        },
                        t('order.renew'),
                    ),
                ),
            ),
        ),
        el('div', { class: 'buttons' }, button),
    );

    return {
        node,
        busy: (is) => {
            button.disabled = is;
        },
        fault: (problems) => showFaults(problems, fields, summary, model),
    };
}

function input(path, { name, type = 'text', options, label, hint, key = name, ...rest }, store) {
    const id = `f-${path}`;
    const describedBy = [hint && `${id}-hint`, `${id}-fault`].filter(Boolean).join(' ');
    const common = {
        id,
        'aria-describedby': describedBy,
        'aria-required': 'true',
        autocomplete: 'off',
        data: { path },
    };
    const control = options
        ? el(
              'select',
              common,
              el('option', { value: '' }, t('order.choose')),
              options.map((value) =>
                  el('option', { value, selected: store[key] === value }, t(`gender.${value}`)),
              ),
          )
        : el('input', {
              ...common,
              type,
              ...rest,
              max: type === 'date' ? today() : null,
              value: store[key] ?? '',
          });
    const keep = () => {
        store[key] = control.value;
    };
    control.addEventListener('input', keep);
    control.addEventListener('change', keep);
    const fault = el('p', { class: 'fault', id: `${id}-fault` });
    const node = el(
        'div',
        { class: 'field' },
        el('label', { for: id }, label ?? t(`people.${name}`)),
        control,
        hint && el('p', { class: 'hint', id: `${id}-hint` }, hint),
        fault,
    );
    return { node, control, fault, label: label ?? t(`people.${name}`) };
}
