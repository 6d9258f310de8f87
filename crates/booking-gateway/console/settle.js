// What an operator can do about a hold: ask again, enter a transaction, declare it not held, book it.
// Each says beforehand what it means; a word of the operator's is recorded with its reason.

import { call, holdPath } from './api.js';
import { ask } from './dialog.js';
import { announce, el, focusOn } from './dom.js';
import { t } from './i18n.js';
import { can } from './session.js';
import { isUncertain, stateOf, stateWord } from './states.js';

/**
 * The buttons that `hold` and this key's scopes allow, or words that say which scope is missing.
 * `done(hold)` is called with the hold as it is afterwards.
 */
export function actions(hold, done) {
    const list = [];
    const state = stateOf(hold);
    if (isUncertain(hold)) {
        if (!can('operate')) return [el('p', { class: 'small' }, t('settle.no_scope'))];
        list.push(button(t('settle.ask_again'), 'primary', () => askAgain(hold), done));
        if (state !== 'sending') {
            list.push(button(t('settle.enter'), '', () => enterTransaction(hold), done));
            list.push(button(t('settle.not_held'), '', () => declareNotHeld(hold), done));
        }
    } else if (state === 'held') {
        if (can('block')) list.push(button(t('settle.book'), 'primary', () => book(hold), done));
        if (can('operate')) list.push(button(t('settle.ask_again'), '', () => askAgain(hold), done));
    }
    return list;
}

function button(label, kind, act, done) {
    const node = el('button', { type: 'button', class: kind }, label);
    node.addEventListener('click', async () => {
        const region = node.closest('section, main');
        const result = await act();
        // An event may have taken the button away while the dialog stood over it.
        if (document.activeElement === document.body)
            focusOn((region?.isConnected ? region : document).querySelector('h2, h1'));
        if (result) {
            announce(
                t('settle.now', {
                    reference: result.value.partner_reference_no,
                    state: stateWord(stateOf(result.value)),
                }),
            );
            done(result.value);
        }
    });
    return node;
}

const about = (hold) => t('settle.about', { reference: hold.partner_reference_no });

/** Asks the provider once more. */
export function askAgain(hold) {
    const uncertain = isUncertain(hold);
    return ask({
        title: t('settle.ask_again.title'),
        text: [
            about(hold),
            t('settle.ask_again.how'),
            uncertain && t(hold.order_kept ? 'settle.ask_again.repeat' : 'settle.ask_again.no_repeat'),
        ].filter(Boolean),
        button: t('settle.ask_again'),
        run: async () => (await call('POST', holdPath(hold.partner_reference_no, 'inquiry'))).body,
    });
}

function enterTransaction(hold) {
    return ask({
        title: t('settle.enter.title'),
        text: [about(hold), t('settle.enter.how')],
        fields: [
            {
                name: 'finding',
                label: t('settle.finding'),
                kind: 'choice',
                options: [
                    { value: 'held', label: t('settle.finding.held') },
                    { value: 'booked', label: t('settle.finding.booked') },
                ],
            },
            { name: 'transaction_id', label: t('hold.transaction'), required: true },
            because(),
        ],
        button: t('settle.enter.do'),
        run: (values) => settle(hold, values),
    });
}

function declareNotHeld(hold) {
    return ask({
        title: t('settle.not_held.title'),
        text: [about(hold), t('settle.not_held.how'), t('settle.not_held.danger')],
        fields: [because()],
        button: t('settle.not_held.do'),
        danger: true,
        run: (values) => settle(hold, { finding: 'not_held', ...values }),
    });
}

const because = () => ({
    name: 'because',
    label: t('settle.because'),
    hint: t('settle.because.hint'),
    kind: 'area',
    required: true,
});

const settle = async (hold, values) =>
    (await call('POST', holdPath(hold.partner_reference_no, 'settlement'), values)).body;

/** Makes a ticket of a hold. */
export function book(hold) {
    return ask({
        title: t('settle.book.title'),
        text: [about(hold), t('settle.book.how')],
        button: t('settle.book'),
        doubtful: true,
        run: async () => (await call('POST', holdPath(hold.partner_reference_no, 'ticket'))).body,
    });
}
