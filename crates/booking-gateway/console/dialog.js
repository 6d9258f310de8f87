// Asks before something is done: what it means, perhaps a few fields, and one button that does it.
// What goes wrong is told in the dialog, which stays open then.

import { el, freshId, refill } from './dom.js';
import { t } from './i18n.js';
import { problemBox } from './problem.js';

const LONGEST = 300;

/**
 * Opens a dialog. `fields` are `{ name, label, hint, required, kind: 'text' | 'area' | 'choice',
 * options }`; `run(values)` does what was asked for, and its result is handed on. The promise gives
 * `null` where the dialog was closed without doing anything.
 */
export function ask({ title, text = [], fields = [], button, danger = false, doubtful = false, run }) {
    return new Promise((resolve) => {
        const heading = freshId('dialog');
        const lines = text.map((line) => el('p', { id: freshId('dialog') }, line));
        const trouble = el('div');
        const inputs = fields.map(field);
        const submit = el('button', { type: 'submit', class: danger ? 'danger' : 'primary' }, button);
        const cancel = el('button', { type: 'button', onclick: () => dialog.close() }, t('dialog.cancel'));
        const form = el(
            'form',
            { method: 'dialog', novalidate: true },
            el('h2', { id: heading }, title),
            lines,
            inputs.map((input) => input.node),
            trouble,
            el('div', { class: 'buttons' }, submit, cancel),
        );
        // What it means is read out with its title: the focus goes past it, to a field or the button.
        const described = lines.map((line) => line.id).join(' ') || null;
        const dialog = el('dialog', { 'aria-labelledby': heading, 'aria-describedby': described }, form);
        let result = null;
        let busy = false;

        form.addEventListener('submit', async (event) => {
            event.preventDefault();
            if (busy) return;
            const wrong = inputs.filter((input) => !input.check());
            if (wrong.length > 0) return wrong[0].focus();
            busy = true;
            cancel.disabled = true;
            submit.setAttribute('aria-busy', 'true');
            refill(trouble);
            try {
                result = { value: await run(valuesOf(inputs)) };
                dialog.close();
            } catch (error) {
                refill(trouble, problemBox(error, { doubtful }));
            }
            busy = false;
            cancel.disabled = false;
            submit.removeAttribute('aria-busy');
        });
        // A key that is held down opens the dialog, and must not confirm it as well.
        dialog.addEventListener('keydown', (event) => {
            if (event.repeat && event.key === 'Enter') event.preventDefault();
        });
        // What is under way cannot be called back by closing the window over it.
        dialog.addEventListener('cancel', (event) => busy && event.preventDefault());
        dialog.addEventListener('close', () => {
            dialog.remove();
            resolve(result);
        });
        document.body.append(dialog);
        dialog.showModal();
        (inputs[0]?.focus ?? (() => submit.focus()))();
    });
}

const valuesOf = (inputs) => Object.fromEntries(inputs.map((input) => [input.name, input.value()]));

function field({ name, label, hint, required = false, kind = 'text', options = [] }) {
    const id = freshId('field');
    const fault = el('p', { class: 'fault', id: `${id}-fault`, hidden: true }, t('field.required'));
    const described = [hint && `${id}-hint`, `${id}-fault`].filter(Boolean).join(' ');
    const hintLine = hint && el('p', { class: 'hint', id: `${id}-hint` }, hint);
    const parts = kind === 'choice' ? choice(id, label, options) : line(id, label, kind, described, required);
    const node = el('div', { class: 'field' }, parts.nodes, hintLine, fault);
    return {
        name,
        node,
        value: parts.value,
        focus: parts.focus,
        check() {
            const good = !required || parts.value().trim() !== '';
            fault.hidden = good;
            parts.mark(!good);
            return good;
        },
    };
}

function line(id, label, kind, described, required) {
    const input = el(kind === 'area' ? 'textarea' : 'input', {
        id,
        autocomplete: 'off',
        'aria-describedby': described,
        'aria-required': required ? 'true' : null,
        rows: kind === 'area' ? 3 : null,
        maxlength: LONGEST,
    });
    return {
        nodes: [el('label', { for: id }, label), input],
        // The gateway takes one line.
        value: () => input.value.trim().replace(/\s+/g, ' '),
        focus: () => input.focus(),
        mark: (wrong) =>
            wrong ? input.setAttribute('aria-invalid', 'true') : input.removeAttribute('aria-invalid'),
    };
}

function choice(id, label, options) {
    const radios = options.map(({ value }, index) =>
        el('input', { type: 'radio', name: id, value, checked: index === 0 }),
    );
    return {
        nodes: [
            el(
                'fieldset',
                {},
                el('legend', {}, label),
                options.map((option, index) => el('label', { class: 'inline' }, radios[index], option.label)),
            ),
        ],
        value: () => radios.find((radio) => radio.checked)?.value ?? '',
        focus: () => radios.find((radio) => radio.checked)?.focus(),
        mark: () => {},
    };
}
