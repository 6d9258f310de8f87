// A field that looks things up while one types (the combobox pattern of the ARIA practices: the
// focus stays in the field, arrow keys choose, Enter takes, Escape closes).

import { el, freshId, refill } from './dom.js';
import { t } from './i18n.js';

const PAUSE = 180;

/**
 * `find(text, signal)` gives `[{ id, name, address }]`; `chosen` is one of these, or `null`, and
 * `change` hears each choice. The result has `nodes` and `input`.
 */
export function combobox({ id, label, chosen, find, change, signal }) {
    const listId = freshId('options');
    const input = el('input', {
        id,
        role: 'combobox',
        autocomplete: 'off',
        spellcheck: 'false',
        'aria-expanded': 'false',
        'aria-controls': listId,
        'aria-autocomplete': 'list',
        'aria-describedby': `${id}-fault`,
        value: chosen?.name ?? '',
        maxlength: 80,
    });
    const list = el('ul', {
        id: listId,
        role: 'listbox',
        'aria-label': label,
        class: 'options',
        hidden: true,
    });
    const note = el('p', { class: 'options note', role: 'status', hidden: true });
    const fault = el('p', { class: 'fault', id: `${id}-fault` });
    let found = [];
    let active = -1;
    let timer = null;
    let running = null;

    function close() {
        list.hidden = true;
        note.hidden = true;
        active = -1;
        input.setAttribute('aria-expanded', 'false');
        input.removeAttribute('aria-activedescendant');
    }

    function tell(text) {
        close();
        note.textContent = text;
        note.hidden = false;
    }

    function open() {
        if (found.length === 0) return tell(t('places.none'));
        refill(
            list,
            found.map((place, index) =>
                el(
                    'li',
                    {
                        id: `${listId}-${index}`,
                        role: 'option',
                        'aria-selected': 'false',
                        onmousedown: (event) => event.preventDefault(),
                        onclick: () => take(place),
                    },
                    el('span', { class: 'strong' }, place.name),
                    ' ',
                    el(
                        'span',
                        { class: 'small' },
                        [t(`places.${place.kind === 'city' ? 'city' : 'location'}`), place.address]
                            .filter(Boolean)
                            .join(' · '),
                    ),
                ),
            ),
        );
        note.hidden = true;
        list.hidden = false;
        input.setAttribute('aria-expanded', 'true');
    }

    function mark(index) {
        active = (index + found.length) % found.length;
        [...list.children].forEach((option, place) =>
            option.setAttribute('aria-selected', String(place === active)),
        );
        input.setAttribute('aria-activedescendant', `${listId}-${active}`);
        list.children[active].scrollIntoView({ block: 'nearest' });
    }

    function take(place) {
        input.value = place.name;
        close();
        change(place);
    }

    async function look() {
        running?.abort();
        running = new AbortController();
        const mine = running;
        try {
            const places = await find(input.value.trim(), AbortSignal.any([mine.signal, signal]));
            if (mine !== running) return;
            found = places;
            if (document.activeElement === input) open();
        } catch {
            if (!mine.signal.aborted && !signal.aborted) tell(t('places.trouble'));
        }
    }

    const lookSoon = (pause) => {
        clearTimeout(timer);
        timer = setTimeout(look, pause);
    };

    input.addEventListener('input', () => {
        change(null);
        // What was found for other letters must not be taken for these.
        running?.abort();
        running = null;
        found = [];
        close();
        lookSoon(PAUSE);
    });
    input.addEventListener('focus', () => input.value === '' && lookSoon(0));
    // Closed by Escape, it opens again.
    input.addEventListener('click', () => input.value === '' && list.hidden && lookSoon(0));
    input.addEventListener('blur', () => {
        clearTimeout(timer);
        running?.abort();
        close();
    });
    input.addEventListener('keydown', (event) => {
        const isOpen = !list.hidden;
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            if (!isOpen) return lookSoon(0);
            mark(event.key === 'ArrowDown' ? active + 1 : Math.max(active, 0) - 1);
        } else if (event.key === 'Enter' && isOpen) {
            event.preventDefault();
            take(found[Math.max(active, 0)]);
        } else if (event.key === 'Escape' && (isOpen || !note.hidden)) {
            event.preventDefault();
            close();
        }
    });

    const nodes = el(
        'div',
        { class: 'field combo' },
        el('label', { for: id }, label),
        input,
        list,
        note,
        fault,
    );
    return { nodes, input };
}
