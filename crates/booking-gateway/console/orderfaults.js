// What the gateway finds wrong with an order, shown where it was entered.

import { el, refill } from './dom.js';
import { has, lang, t } from './i18n.js';

// The return's passengers may be the departure's, entered once.
const home = (path, model) => (model.samePeople ? path.replace(/^return\./, 'departure.') : path);

/** Shows the gateway's faults at their fields and in `summary`, and moves the focus to the first. */
export function showFaults(problems, fields, summary, model) {
    for (const { control, fault } of fields.values()) {
        control.removeAttribute('aria-invalid');
        fault.replaceChildren();
    }
    const items = problems.map((problem) => {
        const found = fields.get(home(problem.path ?? '', model));
        if (!found) return el('li', {}, el('code', {}, problem.path ?? ''), ' ', words(problem));
        found.control.setAttribute('aria-invalid', 'true');
        if (!found.fault.hasChildNodes()) refill(found.fault, words(problem));
        const jump = (event) => {
            event.preventDefault();
            found.control.focus();
        };
        return el(
            'li',
            {},
            el('a', { href: '#', onclick: jump }, `${found.label}${passenger(problem.path)}`),
            ': ',
            words(problem),
        );
    });
    summary.hidden = items.length === 0;
    refill(
        summary,
        el('p', { class: 'strong' }, t('order.faults', { count: items.length })),
        el('ul', {}, items),
    );
    const first = [...fields.values()].find(({ control }) => control.getAttribute('aria-invalid') === 'true');
    (first?.control ?? summary).focus();
}

function passenger(path) {
    const index = /passengers\[(\d+)\]/.exec(path ?? '');
    return index ? ` (${t('order.person', { number: Number(index[1]) + 1 })})` : '';
}

// The gateway writes English. In another language its rule is told first, then its own words.
function words({ code, message }) {
    const own = el('span', { lang: 'en' }, message ?? code ?? '');
    if (lang() === 'en' || !has(`fault.${code}`)) return own;
    return [t(`fault.${code}`), ' ', el('span', { class: 'small' }, own)];
}
