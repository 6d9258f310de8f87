// Where an operator shows a key.

import { Problem } from './api.js';
import { announce, el, refill } from './dom.js';
import { t } from './i18n.js';
import { problemBox } from './problem.js';
import { isStillIn, signIn, signOut } from './session.js';

/** The form. `ended` tells that a session was there before. */
export function signInPage(root, { ended = false } = {}) {
    const input = el('input', {
        type: 'password',
        id: 'key',
        name: 'key',
        autocomplete: 'off',
        autocapitalize: 'off',
        spellcheck: 'false',
        'aria-describedby': 'key-hint key-fault',
        'aria-required': 'true',
    });
    const fault = el('p', { class: 'fault', id: 'key-fault', role: 'alert' });
    const trouble = el('div');
    const button = el('button', { type: 'submit', class: 'primary' }, t('signin.do'));

    const wrong = (text) => {
        fault.textContent = text;
        input.setAttribute('aria-invalid', 'true');
        input.focus();
    };

    const form = el(
        'form',
        { class: 'card signin', novalidate: true },
        el('h1', {}, t('signin.title')),
        isStillIn() ? stillIn(input, button) : ended && signedOut(),
        el(
            'div',
            { class: 'field' },
            el('label', { for: 'key' }, t('signin.key')),
            input,
            el('p', { class: 'hint', id: 'key-hint' }, t('signin.hint')),
            fault,
        ),
        trouble,
        button,
    );

    form.addEventListener('submit', async (event) => {
        event.preventDefault();
        if (button.disabled) return;
        fault.textContent = '';
        input.removeAttribute('aria-invalid');
        refill(trouble);
        const key = input.value.trim();
        if (key === '') return wrong(t('signin.empty'));
        if (!key.startsWith('sbk_')) return wrong(t('signin.form'));
        button.disabled = true;
        try {
            await signIn(key);
            return;
        } catch (error) {
            button.disabled = false;
            if (error instanceof Problem && error.status === 401) wrong(t('signin.wrong'));
            else if (error instanceof Problem && error.status === 429)
                wrong(t('signin.too_many', { count: error.retryAfter ?? 60 }));
            else refill(trouble, problemBox(error));
        }
    });
    refill(root, form);
}

const signedOut = () => el('p', { class: 'notice' }, t('signin.ended'));

/** Says that the gateway did not hear of the sign-out, and lets it be repeated. */
function stillIn(input, submit) {
    const words = el('div', { role: 'alert' });
    const again = el('button', { type: 'button', onclick: repeat }, t('signin.out_again'));
    const box = el('div', { class: 'notice bad' }, words, again);
    const say = () =>
        refill(
            words,
            el('p', { class: 'strong' }, t('signin.still_in')),
            el('p', {}, t('signin.still_in.how')),
        );

    async function repeat() {
        // The answers to signing in and out each set the cookie, so neither may overtake the other.
        if (submit.disabled) return;
        submit.disabled = true;
        again.setAttribute('aria-busy', 'true');
        refill(words);
        await signOut();
        submit.disabled = false;
        again.removeAttribute('aria-busy');
        if (isStillIn()) return say();
        box.replaceWith(signedOut());
        input.focus();
        announce(t('signin.ended'));
    }

    say();
    return box;
}
